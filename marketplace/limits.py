"""Where hits are counted for the rate limits of one process.

The library's own counters in memory start a thread for nearly every hit, only to forget what is over; under a
crowd that costs more than counting.
"""

import threading
import time
from typing import ClassVar

from limits.storage import MemoryStorage

SCHEME = "process"
_SWEEP_SECONDS = 60.0


class ProcessStorage(MemoryStorage):
    """Counters of fixed windows in this process; what is over is forgotten about once a minute."""

    STORAGE_SCHEME: ClassVar[list[str]] = [SCHEME]  # type: ignore[misc]

    def __init__(self, uri: str | None = None, *, wrap_exceptions: bool = False, **options: str) -> None:
        super().__init__(uri, wrap_exceptions, **options)
        self._gate = threading.Lock()
        self._sweep_at = 0.0

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count `amount` more under the key; its window of `expiry` seconds begins with the first."""
        now = time.time()  # noqa: TID251 - the library reads the same clock for when a window ends
        with self._gate:
            if now >= self._sweep_at:
                self._sweep(now)
            if self.expirations.get(key, 0) <= now:
                self.storage[key], self.expirations[key] = 0, now + expiry
            self.storage[key] += amount
            return self.storage[key]

    def _sweep(self, now: float) -> None:
        for key in [key for key, until in self.expirations.items() if until <= now]:
            self.storage.pop(key, None)
            self.expirations.pop(key, None)
        self._sweep_at = now + _SWEEP_SECONDS
