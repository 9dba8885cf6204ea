"""Two thousand watch one auction through one web process: how soon all know of a bid, what one costs."""

import tempfile
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.bidding import stage
from benchmarks.bidding.over_http import report_of
from benchmarks.bidding.server import Server, serving

WATCHERS, BIDS, PAUSE_SECONDS = 2000, 10, 0.5
GOAL_MILLISECONDS = 500


def run() -> list[dict[str, Any]]:
    """The 99th percentile over all watchers and bids, and the memory of a watcher in the web process."""
    with tempfile.TemporaryDirectory() as folder:
        variables = stage.environment(Path(folder), f"sqlite:///{Path(folder) / 'marketplace.sqlite'}")
        variables["LIVE_STREAMS"] = str(WATCHERS)
        with stage.application(variables) as app:
            houses = stage.buyers(2)
            bidders = stage.bidders(app, houses, 2)
            (auction_id,) = stage.open_auctions(1, houses)
        task = {
            "auctions": [str(auction_id)],
            "bidders": [asdict(bidder) for bidder in bidders],
            "start": stage.START,
            "step": stage.STEP,
            "first_number": 0,
            "watchers": WATCHERS,
            "bids": BIDS,
            "pause": PAUSE_SECONDS,
        }
        with serving(variables, 1) as server:
            return _rows(*_watched(server, task))


def _watched(server: Server, task: dict[str, Any]) -> tuple[dict[str, Any], float]:
    """What the watchers report, and by how many KB the web process grew at most."""
    report_of("watchers", task | {"port": server.port, "watchers": 1, "bids": 2})
    before, over, most = server.resident_kilobytes(), threading.Event(), [0]

    def look() -> None:
        while not over.wait(0.3):
            most.append(server.resident_kilobytes())

    looking = threading.Thread(target=look)
    looking.start()
    result = report_of("watchers", task | {"port": server.port, "first_number": 2})
    over.set()
    looking.join()
    return result, max(most) - before


def _rows(result: dict[str, Any], kilobytes: float) -> list[dict[str, Any]]:
    milliseconds = sorted(result["milliseconds"])
    assert result["lost"] == 0, f"{result['lost']} were never heard of"
    half, last = (milliseconds[int(len(milliseconds) * part)] for part in (0.5, 0.99))
    return [
        {
            "name": f"fan_out_{result['open']}_watchers_p99",
            "value": round(last),
            "unit": "ms",
            "baseline": GOAL_MILLISECONDS,
            "ratio": round(last / GOAL_MILLISECONDS, 3),
            "note": f"from the moment under the lock to receipt; p50 {half:.0f} ms; baseline: the goal",
        },
        {
            "name": "fan_out_memory_of_a_watcher",
            "value": round(kilobytes / WATCHERS, 1),
            "unit": "KB",
            "baseline": None,
            "ratio": None,
            "note": "growth of the web process, without the kernel's buffers",
        },
    ]
