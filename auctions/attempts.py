"""The auctions of a lot as the ladder of its rule pack sees them."""

from auctions.models import Auction
from auctions.rules import EndReason, Outcome
from marketplace.money import parse_minor
from marketplace.rule_packs import Attempt, AttemptEnd

_ENDS = {
    Outcome.OPEN: AttemptEnd.OPEN,
    Outcome.SOLD: AttemptEnd.SOLD,
    Outcome.CANCELLED: AttemptEnd.CANCELLED,
}
# What gave way to lots sold together, or apart, was no failure of its own: its round is repeated.
_WHY_UNSOLD: dict[str, AttemptEnd] = {
    EndReason.NO_BIDS: AttemptEnd.NO_BUYER,
    EndReason.RESERVE_NOT_MET: AttemptEnd.NO_BUYER,
}


def attempt_of(auction: Auction) -> Attempt:
    """One auction as an attempt, with the start price and reserve that were announced."""
    reserve = auction.terms.get("reserve_price")
    return Attempt(
        round=int(auction.terms["options"].get("round", 1)),
        start_price=start_price_of(auction),
        reserve=None if reserve is None else parse_minor(reserve, auction.currency),
        end=_end_of(auction),
        opens_at=auction.opens_at,
        ended_at=auction.closed_at,
    )


def found_no_buyer(auction: Auction) -> bool:
    """Whether the attempt ends its round: nobody bought, rather than in a sale that did not stand."""
    return _end_of(auction) is AttemptEnd.NO_BUYER


def _end_of(auction: Auction) -> AttemptEnd:
    if auction.outcome is not Outcome.UNSOLD:
        return _ENDS[auction.outcome]
    return _WHY_UNSOLD.get(auction.state.get("reason") or "", AttemptEnd.DID_NOT_STAND)


def start_price_of(auction: Auction) -> int:
    """In minor units of the auction's currency."""
    return parse_minor(auction.terms["start_price"], auction.currency)


def announced_deposit(auction: Auction) -> int:
    """What a winner who does not pay loses, in minor units; 0 where no deposit was announced."""
    return parse_minor(auction.terms["deposit"] or "0", auction.currency)
