"""What must always hold of lots: each question answers with the lots that break it, so with nothing."""

from collections.abc import Callable

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from marketplace.listings.content import content_hash
from marketplace.listings.models import Lot, lot_rights
from marketplace.listings.rules import PUBLIC_STATUSES, LotStatus
from marketplace.rights.models import Encumbrance, Right

SEALED = frozenset({LotStatus.APPROVED, LotStatus.PUBLISHED, LotStatus.RESERVED})


def _lots(session: Session, statement: Select[Lot]) -> list[str]:
    return [f"lot {lot.id} {lot.reference}" for lot in session.scalars(statement)]


def approved_by_their_maker(session: Session) -> list[str]:
    return _lots(session, select(Lot).where(Lot.checker_id.is_not(None), Lot.checker_id == Lot.maker_id))


def public_without_publication(session: Session) -> list[str]:
    return _lots(session, select(Lot).where(Lot.status.in_(PUBLIC_STATUSES), Lot.published_at.is_(None)))


def changed_after_approval(session: Session) -> list[str]:
    lots = select(Lot).where(Lot.status.in_(SEALED), Lot.checker_id.is_not(None))
    found = session.scalars(lots.execution_options(yield_per=200))
    return [f"lot {lot.id} {lot.reference}" for lot in found if lot.content_hash != content_hash(lot)]


def rights_in_two_lots(session: Session) -> list[str]:
    twice = (
        select(Right.number, func.count())
        .join(lot_rights, lot_rights.c.right_id == Right.id)
        .join(Lot, Lot.id == lot_rights.c.lot_id)
        .where(Lot.status != LotStatus.WITHDRAWN)
        .group_by(Right.id, Right.number)
        .having(func.count() > 1)
    )
    return [f"right {number} in {count} lots" for number, count in session.execute(twice)]


def rights_of_another_bank(session: Session) -> list[str]:
    strange = Lot.rights.any(Right.institution_id != Lot.institution_id)
    return _lots(session, select(Lot).where(strange))


def amounts_in_another_currency(session: Session) -> list[str]:
    claim = and_(Encumbrance.currency != Lot.currency, Encumbrance.claim_minor.is_not(None))
    return _lots(session, select(Lot).where(Lot.rights.any(Right.encumbrances.any(claim))))


def prices_that_cannot_be(session: Session) -> list[str]:
    impossible = or_(
        Lot.start_price_minor <= 0,
        Lot.reserve_minor <= 0,
        Lot.deposit_minor < 0,
        Lot.closes_at <= Lot.opens_at,
    )
    return _lots(session, select(Lot).where(impossible))


CHECKS: tuple[tuple[str, Callable[[Session], list[str]]], ...] = (
    ("no lot is approved by its maker", approved_by_their_maker),
    ("every public lot says when it was published", public_without_publication),
    ("what is on the market is what was approved", changed_after_approval),
    ("a right is in one lot that is not withdrawn", rights_in_two_lots),
    ("a lot holds rights of its own bank", rights_of_another_bank),
    ("claims on a lot's rights are in the lot's currency", amounts_in_another_currency),
    ("prices and dates of lots can be", prices_that_cannot_be),
)
