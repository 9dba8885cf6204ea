"""A turnstile for requests that crowd: one after the other passes, in the order in which they came.

Threads that all want to run at once take the interpreter from each other many times for each step, and
overtake one another. Those at the turnstile sleep until it is their turn. It is passed on the way to a line
(`marketplace.together`) and again on the way out; whoever stands in the line has left it to the next. Nobody
waits at it for long: it keeps order, and is no lock.
"""

import threading
from bisect import insort

# More than passing takes a crowd; after it somebody is held up inside, and going on is worth more than order.
LONGEST_SECONDS = 0.5


class Turnstile:
    """Lets one pass at a time, the lowest number first."""

    def __init__(self, longest_seconds: float = LONGEST_SECONDS) -> None:
        self._longest_seconds = longest_seconds
        self._waiting: list[Passage] = []
        self._inside = 0
        self._gate = threading.Lock()

    def enter(self, passage: "Passage") -> None:
        """Come back when it is this one's turn, or after the longest time."""
        with self._gate:
            if not self._inside:
                self._inside = 1
                return
            insort(self._waiting, passage, key=lambda waiting: waiting.number)
        if passage.wait(self._longest_seconds):
            return
        with self._gate:
            if passage in self._waiting:
                self._waiting.remove(passage)
                self._inside += 1
            else:
                passage.wait(0)  # it was let in at this very moment

    def leave(self) -> None:
        """Let the next one pass."""
        with self._gate:
            self._inside -= 1
            if self._waiting and not self._inside:
                self._inside = 1
                self._waiting.pop(0).call()


class Passage:
    """One request's way through a turnstile; it may pass more than once."""

    def __init__(self, turnstile: Turnstile, number: int) -> None:
        self.number = number
        self._turnstile = turnstile
        self._inside = False
        self._turn = threading.Lock()
        self._turn.acquire()

    def enter(self) -> None:
        """Wait for its turn, unless it is inside."""
        if not self._inside:
            self._turnstile.enter(self)
            self._inside = True

    def leave(self) -> None:
        """Make way, if it is inside."""
        if self._inside:
            self._inside = False
            self._turnstile.leave()

    def wait(self, seconds: float) -> bool:
        """Whether it was called within this time."""
        return self._turn.acquire(timeout=seconds)

    def call(self) -> None:
        self._turn.release()
