"""The order in which requests came to this process, kept on their way to where they are decided.

Each draws a number when it comes. Those that crowd towards one line (`marketplace.together`) pass a turnstile
one after the other, lowest number first, on the way there and again on the way out; and whoever is about to
decide for those who stand in it waits a moment for all who came before.
"""

import itertools
import threading
import time
from typing import Any

from marketplace.turnstile import Passage, Turnstile

# More than the way takes in a crowd; whoever sends its request slowly holds nobody up for longer.
LONGEST_SECONDS = 0.05
# Whoever was on its way for longer has not sent all of its request yet: it came when that was there.
DAWDLING_SECONDS = 0.5

# What an address names: those who name the same crowd towards the same line.
Place = tuple[Any, ...]

_numbers = itertools.count(1)
_here = threading.local()
_turnstile = Turnstile()


class _OnTheWay:
    """Those who have come and of whom nobody knows yet where they go."""

    def __init__(self) -> None:
        self._since: dict[Arrival, float] = {}
        self._settled = threading.Condition()

    def add(self, arrival: "Arrival") -> None:
        with self._settled:
            self._since[arrival] = time.monotonic()

    def discard(self, arrival: "Arrival") -> None:
        with self._settled:
            if self._since.pop(arrival, None) is not None:
                self._settled.notify_all()

    def wait(self, where: Place) -> None:
        """Until all who are on the way there now have settled, but never long."""
        with self._settled:
            oldest = time.monotonic() - LONGEST_SECONDS
            came = [arrival for arrival, since in self._since.items() if since > oldest]
            awaited = {arrival for arrival in came if arrival.where in {None, where}}
            self._settled.wait_for(lambda: awaited.isdisjoint(self._since), LONGEST_SECONDS)


_on_the_way = _OnTheWay()


class Arrival:
    """One request on its way through this process.

    Attributes:
        number: higher than that of all who came before.
        by_server: whether the server's worker has numbered it, and says when it is over.
        where: where it goes; None as long as nobody knows.
    """

    def __init__(self, *, by_server: bool) -> None:
        self.number = next_number()
        self.by_server = by_server
        self.where: Place | None = None
        self._came = time.monotonic()
        self._passage: Passage | None = None
        _on_the_way.add(self)

    def settle(self) -> None:
        """It goes where nobody waits for it."""
        _on_the_way.discard(self)

    def crowd(self, where: Place) -> None:
        """It goes where many go, and has been read as a whole: let it pass when it is its turn."""
        self.where = where
        if time.monotonic() - self._came > DAWDLING_SECONDS:
            self.number = next_number()
        self._passage = Passage(_turnstile, self.number)
        self._passage.enter()

    def stand(self) -> None:
        """It stands in the line now, and makes way."""
        self.settle()
        if self._passage is not None:
            self._passage.leave()

    def come_out(self) -> None:
        """It has its answer and goes back by the way it came."""
        if self._passage is not None:
            self._passage.enter()

    def go(self) -> None:
        """It is over."""
        self.stand()


def next_number() -> int:
    """The number of whoever comes now."""
    return next(_numbers)


def come() -> Arrival:
    """A request that the server's worker takes up in this thread."""
    _here.arrival = arrival = Arrival(by_server=True)
    return arrival


def gone() -> None:
    """This thread has answered the request that it took up."""
    _here.arrival.go()
    _here.arrival = None


def current() -> Arrival:
    """The request of this thread: as the worker took it up, or, under another server, new."""
    found: Arrival | None = getattr(_here, "arrival", None)
    return Arrival(by_server=False) if found is None else found


def wait_for_those_who_came(where: Place) -> None:
    """Come back when all who have come before and go there have settled, or after `LONGEST_SECONDS`."""
    _on_the_way.wait(where)
