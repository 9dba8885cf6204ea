"""How many lots on offer there are in classes, from the index."""

import time
from collections.abc import Sequence

from marketplace.listings.rules import LotStatus
from search.engines import Engine, Request, Term, TooSlow, Unavailable

ON_OFFER = frozenset({str(LotStatus.PUBLISHED), str(LotStatus.RESERVED)})
SECONDS = 0.4
"""The longest that all counts of one page may take."""


def lots_on_offer(engine: Engine, keys: Sequence[str], above: str = "") -> dict[str, int]:
    """The number of lots for each of these class keys; those not counted in time are left out.

    `above` is the key under which they all stand: where it has no lot, none of them is asked for. A lot may
    be in several classes, so each is asked for by itself. Without an index nothing is counted.
    """
    end, counted = time.monotonic() + SECONDS, dict[str, int]()
    try:
        if above and not _count(engine, above, end):
            return dict.fromkeys(keys, 0)
        for key in keys:
            counted[key] = _count(engine, key, end)
    except (TooSlow, Unavailable):
        return counted
    return counted


def _count(engine: Engine, key: str, end: float) -> int:
    left = end - time.monotonic()
    if left <= 0:
        raise TooSlow
    wanted = Request(node=Term("classes", key), filters={"status": ON_OFFER}, limit=1, seconds=left)
    return engine.search(wanted).total
