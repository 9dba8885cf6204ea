"""The falling price of a Dutch auction, by the auction's own clock.

That clock stands still while the auction is suspended: its time is the real one less `State.moved`.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from auctions.formats.record import lead, record
from auctions.formats.windows import schedule_faults
from auctions.rules import Bidder, Event, State, Taken, Terms
from marketplace.money import exponent


def clock_faults(terms: Terms) -> list[tuple[str, str]]:
    """What a falling price needs: a step, and a reserve that does not lie above the start."""
    found = schedule_faults(terms)
    if terms.options.clock.step < 1:
        found.append(("options.step", "must come to at least one minor unit of the currency"))
    if terms.reserve_price is not None and terms.reserve_price > terms.start_price:
        found.append(("reserve_price", "must not be above start_price"))
    return found


def own_time(state: State, now: datetime) -> datetime:
    """The time of the auction's own clock."""
    return now - state.moved


def clock_length(terms: Terms) -> timedelta:
    """From the opening to the end of the last price: every price, the first too, stands for one interval."""
    times = terms.options.clock
    return timedelta(seconds=times.interval_seconds * (times.steps + 1))


def steps_by(terms: Terms, state: State, now: datetime) -> int:
    """How many times the price has fallen by `now`, a moment within the clock."""
    passed = own_time(state, now) - terms.opens_at
    return passed // timedelta(seconds=terms.options.clock.interval_seconds)


def price_after(terms: Terms, steps: int) -> int:
    """The price after so many steps: never below the reserve, nor below one unit of the currency."""
    unit = min(terms.start_price, 10 ** exponent(terms.currency))
    lowest = unit if terms.reserve_price is None else terms.reserve_price
    return max(lowest, terms.start_price - steps * terms.options.clock.step)


def clock_price(terms: Terms, state: State, now: datetime) -> int:
    """The price at a moment within the clock."""
    return price_after(terms, steps_by(terms, state, now))


def next_fall(terms: Terms, state: State, now: datetime) -> datetime | None:
    """When the price falls next; None at the last price or where the reserve holds it."""
    fallen = steps_by(terms, state, now)
    if price_after(terms, min(fallen + 1, terms.options.clock.steps)) == price_after(terms, fallen):
        return None
    interval = timedelta(seconds=terms.options.clock.interval_seconds)
    return terms.opens_at + state.moved + interval * (fallen + 1)


def take(state: State, event: Event, bidder: Bidder, price: int) -> State:
    """The take, as a bid in the record, leads at the price of the clock."""
    order = state.events + 1
    state = lead(record(replace(state, events=order), bidder, price, event.at, order), bidder.id, price)
    stopped = Taken(bidder.id, price, own_time(state, event.at), state.standing[bidder.id])
    return replace(state, taken=stopped)
