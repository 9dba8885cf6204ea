"""How long a search may take."""

import time

from search.engines import TooSlow


class Deadline:
    """The end of the time that a request has; engines look at it between steps that have a bound."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end = time.monotonic() + seconds

    def check(self) -> None:
        """Raise TooSlow, with the seconds that were allowed, once they are over."""
        if time.monotonic() >= self._end:
            raise TooSlow(self._seconds)
