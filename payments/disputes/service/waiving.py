"""Paying out before the hold-back period ends, because two persons take the risk."""

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.deals.models import Deal
from marketplace.errors import Conflict
from payments import queries as payment_queries
from payments.disputes import queries
from payments.disputes.rules import DisputeReason
from payments.models import Payout
from payments.rules import PayoutKind


def check(session: Session, deal: Deal) -> None:
    """Raise Conflict where nothing of the sale is held back."""
    if not _held_back(session, deal):
        raise Conflict(DisputeReason.NOTHING_HELD_BACK)


def waive(session: Session, deal: Deal) -> None:
    """What is held back may leave from now on."""
    for payout in _held_back(session, deal):
        payout.not_before = clock.now()


def _held_back(session: Session, deal: Deal) -> list[Payout]:
    settlement = payment_queries.settlement_of(session, deal.id, PayoutKind.SETTLEMENT)
    payouts = queries.lock_payouts_of(session, settlement.id) if settlement else []
    now = clock.now()
    return [payout for payout in payouts if payout.not_before is not None and payout.not_before > now]
