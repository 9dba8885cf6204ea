"""What must always hold after a default: each question answers with nothing."""

from collections.abc import Callable

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session

from marketplace.four_eyes import without_two_persons
from payments.defaults.models import ForfeitDecision, MoreTimeRequest, Shortfall, ShortfallWaiver
from payments.defaults.rules import ShortfallStatus
from payments.models import LedgerTransaction, Settlement

LIMIT = 100


def decided_alone(session: Session) -> list[str]:
    """More time, a distribution, giving up a shortfall: never decided by who asked for it."""
    models = (MoreTimeRequest, ForfeitDecision, ShortfallWaiver)
    return [problem for model in models for problem in without_two_persons(session, model)]


def pursued_otherwise(session: Session) -> list[str]:
    """What a settlement says may be pursued is a shortfall of that amount, and nothing else is."""
    statement = (
        select(Settlement.id, Settlement.pursuable_minor, Shortfall.amount_minor)
        .outerjoin(Shortfall, Shortfall.settlement_id == Settlement.id)
        .where(
            or_(
                and_(Shortfall.id.is_(None), Settlement.pursuable_minor != 0),
                Shortfall.amount_minor != Settlement.pursuable_minor,
            )
        )
    )
    return [
        f"settlement {row} says {said} may be pursued, its shortfall {found}"
        for row, said, found in session.execute(statement.limit(LIMIT))
    ]


def paid_without_money(session: Session) -> list[str]:
    """A shortfall counts as paid exactly when its money is in the ledger."""
    posted = exists().where(LedgerTransaction.subject_id == Shortfall.id)
    paid = Shortfall.status == ShortfallStatus.PAID
    statement = select(Shortfall.id, Shortfall.status).where(or_(and_(paid, ~posted), and_(~paid, posted)))
    return [
        f"shortfall {row} is {status}, and the ledger says otherwise"
        for row, status in session.execute(statement.limit(LIMIT))
    ]


CHECKS: tuple[tuple[str, Callable[[Session], list[str]]], ...] = (
    ("nobody decides alone what follows a default", decided_alone),
    ("a shortfall is what its settlement says", pursued_otherwise),
    ("a shortfall is paid when its money is here", paid_without_money),
)
