"""What an auction's schedule would be, before anybody has bid: for the bank that announces it. Pure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from auctions.formats.falling import clock_length, price_after
from auctions.rules import PhaseKind, Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One stage as planned.

    Attributes:
        starts_at: None where it follows something that bidders do.
        seconds: how long it lasts; None where nobody can know it.
        round, speaker: of a turn: which round, and the first, second … to speak in it.
        price: of the clock.
    """

    kind: PhaseKind
    starts_at: datetime | None = None
    seconds: int | None = None
    round: int | None = None
    speaker: int | None = None
    price: int | None = None

    @property
    def ends_at(self) -> datetime | None:
        if self.starts_at is None or self.seconds is None:
            return None
        return self.starts_at + timedelta(seconds=self.seconds)

    @property
    def length(self) -> timedelta | None:
        return None if self.seconds is None else timedelta(seconds=self.seconds)


def planned(terms: Terms, bidders: int) -> list[Planned]:
    """The stages in their order if so many bidders leave initial bids; only rounds depend on that."""
    return list(_PLANS[terms.auction_format](terms, bidders))


def _window(terms: Terms, kind: PhaseKind) -> Planned:
    length = None if terms.closes_at is None else (terms.closes_at - terms.opens_at) // timedelta(seconds=1)
    return Planned(kind=kind, starts_at=terms.opens_at, seconds=length)


def _english(terms: Terms, _bidders: int) -> Iterator[Planned]:
    yield _window(terms, PhaseKind.BIDDING)


def _sealed(terms: Terms, _bidders: int) -> Iterator[Planned]:
    yield _window(terms, PhaseKind.SEALED_BIDS)


def _sale_off(terms: Terms, _bidders: int) -> Iterator[Planned]:
    yield _window(terms, PhaseKind.BIDDING)
    yield Planned(kind=PhaseKind.COUNTDOWN, seconds=terms.options.countdown_seconds)


def _dutch(terms: Terms, _bidders: int) -> Iterator[Planned]:
    """One row per price: those that the reserve holds up are one."""
    times = terms.options.clock
    interval, end = timedelta(seconds=times.interval_seconds), terms.opens_at + clock_length(terms)
    prices = [price_after(terms, step) for step in range(times.steps + 1)]
    first_of = {price: step for step, price in reversed(list(enumerate(prices)))}
    starts = [
        (terms.opens_at + interval * step, price) for price, step in sorted(first_of.items(), reverse=True)
    ]
    ends = [start for start, _ in starts[1:]] + [end]
    for (start, price), stop in zip(starts, ends, strict=True):
        seconds = (stop - start) // timedelta(seconds=1)
        yield Planned(kind=PhaseKind.CLOCK, starts_at=start, seconds=seconds, price=price)


def _hybrid_dutch(terms: Terms, bidders: int) -> Iterator[Planned]:
    yield from _dutch(terms, bidders)
    yield Planned(kind=PhaseKind.SEALED_BIDS, seconds=terms.options.clock.sealed_seconds)
    yield Planned(kind=PhaseKind.BEST_BID, seconds=terms.options.clock.best_bid_seconds)


def _english_rounds(terms: Terms, bidders: int) -> Iterator[Planned]:
    times, moment = terms.options.turns, terms.opens_at
    yield Planned(kind=PhaseKind.INITIAL_BIDS)
    for number in range(1, times.rounds + 1):
        pause = times.first_pause_seconds if number == 1 else times.pause_seconds
        yield Planned(kind=PhaseKind.PAUSE, starts_at=moment, seconds=pause, round=number)
        moment += timedelta(seconds=pause)
        for speaker in range(1, bidders + 1):
            seconds = times.turn_seconds
            yield Planned(
                kind=PhaseKind.TURN, starts_at=moment, seconds=seconds, round=number, speaker=speaker
            )
            moment += timedelta(seconds=seconds)


_PLANS: dict[str, Callable[[Terms, int], Iterator[Planned]]] = {
    "english": _english,
    "english_rounds": _english_rounds,
    "dutch": _dutch,
    "hybrid_dutch": _hybrid_dutch,
    "sealed": _sealed,
    "sale_off": _sale_off,
}
