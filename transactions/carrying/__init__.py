"""From what happened on this marketplace to the facts that stand in the shared record."""

from transactions.carrying.attempts import facts_of_auction, facts_of_window
from transactions.carrying.lots import channel_of, facts_of_lot
from transactions.carrying.reversals import facts_of_decision
from transactions.carrying.sales import facts_of_deal

__all__ = [
    "channel_of",
    "facts_of_auction",
    "facts_of_deal",
    "facts_of_decision",
    "facts_of_lot",
    "facts_of_window",
]
