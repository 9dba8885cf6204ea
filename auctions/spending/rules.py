"""How much of one deposit stands for the bids on several lots. Pure; amounts are minor units of one currency.

A deposit that covers `percent` of what is bid buys a spending limit: with 25 percent, four times itself. What
a bidder leads with, or has left as its maximum, is bound until somebody tops it.
"""

from auctions.formats.record import effective_maximum
from auctions.rules import State


def commitment(state: State, bidder: str) -> int:
    """What the bidder may have to pay as things stand: its price or its maximum while it leads, else 0."""
    return effective_maximum(state, bidder) if state.leader == bidder else 0


def bound(committed: int, percent: int, announced: int) -> int:
    """How much of the deposit stands for a commitment: its share, rounded up; 0 where nothing is committed.

    It is never less than what was announced as the lot's own deposit.
    """
    return max(-(-committed * percent // 100), announced) if committed else 0


def headroom(free: int, percent: int, announced: int) -> int:
    """The most that may be bid on a lot with so much of the deposit free for it."""
    return free * 100 // percent if free >= announced else 0
