"""The counters of the rate limits in one process."""

import threading

import pytest
from limits import parse
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter

from marketplace import limits


@pytest.fixture
def storage() -> limits.ProcessStorage:
    found = storage_from_string(f"{limits.SCHEME}://")
    assert isinstance(found, limits.ProcessStorage)
    return found


def test_a_limit_is_reached_and_stands_beside_others(storage: limits.ProcessStorage) -> None:
    limiter, item = FixedWindowRateLimiter(storage), parse("3/minute")
    assert [limiter.hit(item, "carol") for _ in range(4)] == [True, True, True, False]
    assert limiter.hit(item, "dave")
    assert limiter.get_window_stats(item, "carol").remaining == 0


def test_a_window_that_is_over_begins_anew_and_is_forgotten(storage: limits.ProcessStorage) -> None:
    assert storage.incr("over", -1) == 1
    assert storage.incr("over", -1) == 1
    storage._sweep_at = 0.0
    assert storage.incr("another", 60) == 1
    assert set(storage.expirations) == {"another"}


def test_threads_lose_no_hit(storage: limits.ProcessStorage) -> None:
    def hit() -> None:
        for _ in range(500):
            storage.incr("key", 60)

    threads = [threading.Thread(target=hit) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert storage.incr("key", 60) == 2001
