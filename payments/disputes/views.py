"""What the page about a sale's refunds shows of where its money is."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.deals.models import Deal
from marketplace.deals.rules import DealStatus
from payments import queries as payment_queries
from payments.disputes.service.correcting import distributed
from payments.rules import PayoutKind
from payments.service import books


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a sale's money is. Amounts in minor units.

    Attributes:
        in_escrow: not distributed yet: only the whole of it can go back.
        distributed: to payees, less what was corrected.
        held_back_until: before which nothing is paid out; None where nothing is held back.
    """

    in_escrow: int
    distributed: int
    held_back_until: datetime | None

    @property
    def most(self) -> int:
        """What can go back to the buyer at most."""
        return self.in_escrow or self.distributed


def refundable(session: Session, deal: Deal) -> Standing:
    """Where a sale's money is; nothing where it is not paid."""
    if deal.status not in {DealStatus.PAID, DealStatus.COMPLETED}:
        return Standing(0, 0, None)
    settlement = payment_queries.settlement_of(session, deal.id, PayoutKind.SETTLEMENT)
    if settlement is None:
        escrow = books.escrow(deal.lot_id, deal.id, deal.currency)
        return Standing(books.balance(session, escrow), 0, None)
    ends = [payout.not_before for payout in payment_queries.payouts_of(session, settlement.id)]
    until = max((end for end in ends if end is not None), default=None)
    over = until is not None and until <= clock.now()
    return Standing(0, distributed(session, settlement), None if over else until)
