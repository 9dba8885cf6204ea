"""When a deposit is held on a card, and how long before its end a hold is renewed. Pure.

A hold lives for days, a notice period for weeks: placed at registration it would have run out before the
first bid. It is placed late instead, and how long it lives is read from the gateway, never assumed.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from marketplace.status import Moves


class CardReason(StrEnum):
    CARD_NOT_SAVED = "card_not_saved"
    CARD_IN_USE = "card_in_use"
    TOO_MANY_CARDS = "too_many_cards"
    NOT_RAISED = "not_raised"
    NOTHING_TO_RENEW = "nothing_to_renew"


class CardStatus(StrEnum):
    ASKED = "asked"
    SAVED = "saved"
    FAILED = "failed"
    REMOVED = "removed"


# asked → entered on the gateway's page → saved → removed; failed: the page was closed, or the card refused.
CARD_MOVES: Moves[CardStatus] = {
    CardStatus.ASKED: frozenset({CardStatus.SAVED, CardStatus.FAILED, CardStatus.REMOVED}),
    CardStatus.SAVED: frozenset({CardStatus.REMOVED}),
    CardStatus.FAILED: frozenset(),
    CardStatus.REMOVED: frozenset(),
}

MOST_CARDS = 10

# Platform default: time for the bidder to act before the first bid, where the bank wants to see its customer.
PLACED_BEFORE_OPENING = timedelta(hours=24)

# Platform default: time for the bidder to act before the hold runs out, where it cannot be renewed alone.
RENEWED_BEFORE_END = timedelta(hours=24)

# A hold has to outlive the auction by this much, so that the winner's is captured and not lost.
OUTLIVES_AUCTION = timedelta(hours=6)


def placed_at(opens_at: datetime) -> datetime:
    """From when on the deposit for an auction is held on a card."""
    return opens_at - PLACED_BEFORE_OPENING


def renewed_at(expires_at: datetime) -> datetime:
    """From when on a hold that runs out too early is renewed, and its bidder warned."""
    return expires_at - RENEWED_BEFORE_END


def to_capture(held_minor: int, price_minor: int) -> int:
    """How much of a winner's hold is taken, in minor units: never more than the price; the rest is let go."""
    return min(held_minor, price_minor)


def has_expired(expiry: tuple[int, int] | None, moment: datetime) -> bool:
    """Whether a card's printed month has passed; a card without one is asked for at the gateway."""
    return expiry is not None and (moment.year, moment.month) > (expiry[1], expiry[0])
