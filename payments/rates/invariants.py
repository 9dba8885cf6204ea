"""What must always hold of rates of the day: each question answers with nothing."""

from collections.abc import Callable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.four_eyes import without_two_persons
from payments.rates.models import DealRate


def confirmed_alone(session: Session) -> list[str]:
    """A rate is confirmed by a second person."""
    return without_two_persons(session, DealRate)


def two_rates(session: Session) -> list[str]:
    """A deal has one confirmed rate for a currency."""
    statement = (
        select(DealRate.deal_id, DealRate.currency)
        .where(DealRate.agreed.is_(True))
        .group_by(DealRate.deal_id, DealRate.currency)
        .having(func.count() > 1)
    )
    return [f"deal {deal} has two rates for {code}" for deal, code in session.execute(statement.limit(100))]


CHECKS: tuple[tuple[str, Callable[[Session], list[str]]], ...] = (
    ("two persons confirm a rate", confirmed_alone),
    ("one rate for each currency of a deal", two_rates),
)
