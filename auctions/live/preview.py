"""What the rules would say to an act right now, asked before it is confirmed; nothing is kept.

Only the refusal is ever told: the state after an accepted act would betray the leader's hidden maximum.
"""

from datetime import datetime

from auctions.formats.raises import least_next, step_at
from auctions.live.snapshot import Snapshot
from auctions.models import Auction, Registration
from auctions.rules import Action, Bidder, Event, Grid, Reason, State, Terms
from auctions.rules.decisions import decide, phase
from auctions.written.state_json import read_state
from auctions.written.terms import read_terms
from marketplace import clock
from marketplace.errors import Refused
from marketplace.language import money
from marketplace.money import decimal_text

# Formats in which whoever bids next has to top the price.
_RAISES_THE_PRICE = frozenset({"english", "sale_off"})


def refusal(
    auction: Auction, registration: Registration, action: Action, amount: str, now: datetime
) -> Reason | None:
    """Why the act would be refused now; None when it would be accepted."""
    terms, state = read_terms(auction.terms), read_state(auction.state)
    event = Event(now, action, registration.alias, amount)
    return decide(terms, state, event, as_bidder(registration)).reason


def as_bidder(registration: Registration) -> Bidder:
    """The bidder as the rules see it."""
    return Bidder(
        id=registration.alias,
        priority_order=registration.priority_order,
        admitted=registration.admitted,
        deposit_held=registration.deposit_held,
        barred=registration.barred,
    )


def price_word(state: Snapshot) -> str:
    """The public price as a confirmation carries it back: which price its reader saw."""
    return "none" if state.price is None else decimal_text(state.price, state.currency)


def explained(
    auction: Auction, reason: Reason, field: str, registration: Registration | None = None
) -> Refused:
    """The refusal with what would have been taken from this bidder, beside its field."""
    terms, state = read_terms(auction.terms), read_state(auction.state)
    least = _least(terms, state)
    if terms.auction_format not in _RAISES_THE_PRICE:
        bidder = Bidder(registration.alias, registration.priority_order) if registration else None
        least = phase(terms, state, clock.now(), bidder).least or terms.start_price
    return Refused(reason, field=field, least=money(least, terms.currency))


def _least(terms: Terms, state: State) -> int:
    """The least amount that would be taken next; on a grid the next one that lies on it."""
    least = least_next(terms, state)
    if terms.options.grid is Grid.MULTIPLE:
        step = step_at(terms, least)
        return terms.start_price + -(-(least - terms.start_price) // step) * step
    return least
