"""What must always hold of lots: each question answers with the lots that break it, so with nothing."""

import uuid
from collections.abc import Callable

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from marketplace.listings.content import content_hash
from marketplace.listings.models import DefaultCase, Lot, lot_rights
from marketplace.listings.priority import invariants as priority
from marketplace.listings.rules import PUBLIC_STATUSES, LotStatus
from marketplace.rights.models import Right

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
    """Beside the lot of its own a right may be in one whole, which offers it together with others."""
    part = aliased(Lot)
    is_whole = select(part.id).where(part.part_of_id == Lot.id).exists()
    found = []
    for kind, of_kind in (("lots", ~is_whole), ("wholes", is_whole)):
        twice = (
            select(Right.number, func.count())
            .join(lot_rights, lot_rights.c.right_id == Right.id)
            .join(Lot, Lot.id == lot_rights.c.lot_id)
            .where(Lot.status != LotStatus.WITHDRAWN, of_kind)
            .group_by(Right.id, Right.number)
            .having(func.count() > 1)
        )
        found += [f"right {number} in {count} {kind}" for number, count in session.execute(twice)]
    return found


def wholes_that_differ_from_their_parts(session: Session) -> list[str]:
    """A whole offers exactly the rights of its parts, for the same case and in the same currency."""
    parts = select(Lot).where(Lot.part_of_id.is_not(None)).execution_options(yield_per=200)
    of_parts: dict[uuid.UUID, set[uuid.UUID]] = {}
    found = []
    for part in session.scalars(parts):
        whole = session.get_one(Lot, part.part_of_id)
        if whole.status is LotStatus.WITHDRAWN:
            continue
        of_parts.setdefault(whole.id, set()).update(right.id for right in part.rights)
        if (part.default_case_id, part.currency) != (whole.default_case_id, whole.currency):
            found.append(f"lot {part.id} differs from its whole {whole.id}")
    for whole_id, rights in of_parts.items():
        if rights != {right.id for right in session.get_one(Lot, whole_id).rights}:
            found.append(f"lot {whole_id} offers other rights than its parts")
    return found


def rights_of_another_bank(session: Session) -> list[str]:
    strange = Lot.rights.any(Right.institution_id != Lot.institution_id)
    return _lots(session, select(Lot).where(strange))


def amounts_in_another_currency(session: Session) -> list[str]:
    """What the seller is owed, not what others are: their claims are settled at a rate of the day."""
    return _lots(session, select(Lot).where(Lot.default_case.has(DefaultCase.currency != Lot.currency)))


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
    ("a right is in one lot that is not withdrawn, and in one whole at most", rights_in_two_lots),
    ("a whole offers the rights of its parts", wholes_that_differ_from_their_parts),
    ("a lot holds rights of its own bank", rights_of_another_bank),
    ("the seller's claim is in the lot's currency", amounts_in_another_currency),
    ("prices and dates of lots can be", prices_that_cannot_be),
    *priority.CHECKS,
)
