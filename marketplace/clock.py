"""The only reader of the system clock. Rules receive `now`; services read it here, after their lock."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

LOCAL_ZONE = ZoneInfo("Asia/Shanghai")

_NAIVE = "a time without a zone"


def _system_now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - the one place


_read: Callable[[], datetime] = _system_now


def now() -> datetime:
    """The present moment, aware UTC."""
    return _read()


class FixedClock:
    """A clock that stands still until moved, for tests, rehearsals and the demo."""

    def __init__(self, moment: datetime) -> None:
        self.moment = aware(moment)

    def __call__(self) -> datetime:
        return self.moment

    def move_to(self, moment: datetime) -> None:
        self.moment = aware(moment)

    def advance(self, **duration: float) -> None:
        """Move forward by a timedelta's arguments, for example `seconds=5`."""
        self.moment += timedelta(**duration)


@contextmanager
def use(clock: Callable[[], datetime]) -> Iterator[None]:
    """Read the time from `clock` within the block, in every thread of this process."""
    global _read  # noqa: PLW0603 - one clock per process is the point
    before, _read = _read, clock
    try:
        yield
    finally:
        _read = before


def aware(moment: datetime) -> datetime:
    """The same moment in UTC; raises ValueError for a time without a zone."""
    if moment.tzinfo is None:
        raise ValueError(_NAIVE)
    return moment.astimezone(UTC)


def parse_moment(text: str) -> datetime:
    """Read an RFC 3339 moment with a zone; raises ValueError."""
    return aware(datetime.fromisoformat(text))


def moment_text(moment: datetime) -> str:
    """RFC 3339 in UTC with Z, with six fraction digits where the second is not whole."""
    return aware(moment).isoformat().replace("+00:00", "Z")
