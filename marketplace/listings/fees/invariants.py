"""What must always hold of the platform's commission: each question answers with nothing."""

from collections.abc import Callable

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from marketplace.four_eyes import without_two_persons
from marketplace.listings.fees.models import LotCommission, PlatformTerms
from marketplace.listings.models import Lot


def agreed_alone(session: Session) -> list[str]:
    """Terms are agreed by a second person."""
    return without_two_persons(session, PlatformTerms)


def fixed_without_terms(session: Session) -> list[str]:
    """What was fixed for a lot came from terms that were agreed and had begun."""
    statement = (
        select(LotCommission.id)
        .join(PlatformTerms, PlatformTerms.id == LotCommission.terms_id)
        .where(or_(PlatformTerms.agreed.is_not(True), PlatformTerms.effective_from > LotCommission.fixed_at))
    )
    return [f"commission {row_id} has no terms in force" for row_id in session.scalars(statement.limit(100))]


def fixed_after_publication(session: Session) -> list[str]:
    """A published lot's commissions were fixed when it was published, not later."""
    statement = (
        select(LotCommission.id)
        .join(Lot, Lot.id == LotCommission.lot_id)
        .where(LotCommission.fixed_at > Lot.published_at)
    )
    return [f"commission {row_id} came after its lot" for row_id in session.scalars(statement.limit(100))]


CHECKS: tuple[tuple[str, Callable[[Session], list[str]]], ...] = (
    ("two persons agree the platform's commission", agreed_alone),
    ("a lot's commission comes from terms in force", fixed_without_terms),
    ("a lot's commission is fixed at its publication", fixed_after_publication),
)
