"""What must always hold of risk-sharing agreements: each question answers with nothing."""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.four_eyes import without_two_persons
from payments.models import Settlement
from payments.risk_sharing.models import RiskSharing
from payments.rules import PayoutKind


def agreed_alone(session: Session) -> list[str]:
    """An agreement is entered by one person of the bank and agreed by another."""
    return without_two_persons(session, RiskSharing)


def more_than_the_whole(session: Session) -> list[str]:
    """The shares of an agreement sum to at most the whole."""
    agreed = session.scalars(select(RiskSharing).where(RiskSharing.agreed.is_(True)))
    return [
        f"agreement {row.id} shares more than the whole"
        for row in agreed
        if sum(share.fraction for share in row.shares) > 1
    ]


def agreed_too_late(session: Session) -> list[str]:
    """No agreement was agreed after its lot was settled."""
    statement = (
        select(RiskSharing.id)
        .join(Settlement, Settlement.lot_id == RiskSharing.lot_id)
        .where(RiskSharing.agreed.is_(True), RiskSharing.answered_at > Settlement.settled_at)
        .where(Settlement.kind == PayoutKind.SETTLEMENT)
    )
    return [f"agreement {row} came after the settlement" for row in session.scalars(statement.limit(100))]


CHECKS: tuple[tuple[str, Callable[[Session], list[str]]], ...] = (
    ("two persons agree a risk sharing", agreed_alone),
    ("shares of a risk sum to the whole at most", more_than_the_whole),
    ("risk is shared before the settlement", agreed_too_late),
)
