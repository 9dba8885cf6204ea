"""What must hold about transfers to payees: each check returns what breaks it, and must return nothing."""

from collections.abc import Callable

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from payments.connect.service.transfers import ASKED
from payments.models import GatewayCall, LedgerTransaction, Payout
from payments.rules import CallStatus, CallVerb, PayoutStatus

SHOWN = 100


def transfers_other_than_payouts(session: Session) -> list[str]:
    """What the gateway was asked to transfer, and did, is the payouts that it paid, to the fen."""
    answered = and_(GatewayCall.verb == CallVerb.TRANSFER, GatewayCall.status == CallStatus.ANSWERED)
    made = (
        select(func.coalesce(func.sum(GatewayCall.amount_minor), 0))
        .where(answered, GatewayCall.subject_id == Payout.id)
        .correlate(Payout)
        .scalar_subquery()
    )
    by_gateway = and_(Payout.status == PayoutStatus.PAID, Payout.transfer_object.not_in(("", ASKED)))
    wrong = or_(and_(by_gateway, made != Payout.amount_minor), and_(~by_gateway, made != 0))
    statement = select(Payout.id, Payout.amount_minor, made).where(wrong).limit(SHOWN)
    return [
        f"payout {row[0]} is {row[1]}, its transfers sum to {row[2]}" for row in session.execute(statement)
    ]


def transfers_without_ledger(session: Session) -> list[str]:
    """A transfer that was made has left the ledger."""
    booked = select(LedgerTransaction.id).where(LedgerTransaction.subject_id == Payout.id).exists()
    statement = select(Payout.id).where(Payout.transfer_object.not_in(("", ASKED)), ~booked).limit(SHOWN)
    return [
        f"payout {payout_id} was transferred and is not booked" for payout_id in session.scalars(statement)
    ]


CHECKS: tuple[tuple[str, Callable[[Session], list[str]]], ...] = (
    ("transfers to payees are their payouts", transfers_other_than_payouts),
    ("transfers to payees are in the ledger", transfers_without_ledger),
)
