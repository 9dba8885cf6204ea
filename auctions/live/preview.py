"""What the rules would say to an act right now, asked before it is confirmed; nothing is kept.

Only the refusal is ever told: the state after an accepted act would betray the leader's hidden maximum.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from auctions.formats.raises import least_next, step_at
from auctions.live.snapshot import Snapshot
from auctions.models import Auction, Registration
from auctions.rules import Action, Bidder, Event, Grid, Reason, State, Terms
from auctions.rules.decisions import decide, phase
from auctions.spending.service import headroom_of
from auctions.written.state_json import read_state
from auctions.written.terms import read_terms
from marketplace import clock
from marketplace.errors import Refused
from marketplace.language import money
from marketplace.money import decimal_text

# Formats in which whoever bids next has to top the price.
_RAISES_THE_PRICE = frozenset({"english", "sale_off"})


def refusal(  # noqa: PLR0917 - what is asked, in the order of the sentence
    session: Session, auction: Auction, registration: Registration, action: Action, amount: str, now: datetime
) -> Reason | None:
    """Why the act would be refused now; None when it would be accepted."""
    terms, state = read_terms(auction.terms), read_state(auction.state)
    event = Event(now, action, registration.alias, amount)
    bidder = as_bidder(registration, headroom_of(session, auction, registration))
    return decide(terms, state, event, bidder).reason


def as_bidder(registration: Registration, headroom: int | None = None) -> Bidder:
    """The bidder as the rules see it."""
    return Bidder(
        id=registration.alias,
        priority_order=registration.priority_order,
        admitted=registration.admitted,
        deposit_held=registration.deposit_held,
        barred=registration.barred,
        headroom=headroom,
    )


def price_word(state: Snapshot) -> str:
    """The public price as a confirmation carries it back: which price its reader saw."""
    return "none" if state.price is None else decimal_text(state.price, state.currency)


def explained(
    auction: Auction, reason: Reason, field: str, registration: Registration | None = None
) -> Refused:
    """The refusal with what would be taken from this bidder now, beside its field."""
    bidder = Bidder(registration.alias, registration.priority_order) if registration else None
    return explained_by(read_terms(auction.terms), read_state(auction.state), reason, field, bidder)


def explained_by(
    terms: Terms, state: State, reason: Reason, field: str, bidder: Bidder | None = None
) -> Refused:
    """The same by terms and state that are at hand."""
    least = _least(terms, state)
    if terms.auction_format not in _RAISES_THE_PRICE:
        least = phase(terms, state, clock.now(), bidder).least or terms.start_price
    return Refused(reason, field=field, least=money(least, terms.currency))


def _least(terms: Terms, state: State) -> int:
    """The least amount that would be taken next; on a grid the next one that lies on it."""
    least = least_next(terms, state)
    if terms.options.grid is Grid.MULTIPLE:
        step = step_at(terms, least)
        return terms.start_price + -(-(least - terms.start_price) // step) * step
    return least
