"""The watchers: `python -m benchmarks.bidding.watchers` reads a JSON task, watches, bids, and reports.

Each opens the event stream of the auction from an address of its own; meanwhile two buyers bid by turns, so
many bids a second. Counted is, for every watcher and bid, the time from the bid's moment in its receipt,
which lies before the commit, to the arrival of the state that shows it, both by this machine's clock.
"""

import asyncio
import json
import sys
import time
from datetime import datetime
from typing import Any, cast

from benchmarks.bidding.load import Auction


class Watcher(asyncio.Protocol):
    """One browser's stream: when it heard of which sequence."""

    def __init__(self, path: str) -> None:
        self.path, self.rest, self.open = path, b"", False
        self.heard: dict[int, float] = {}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        cast("asyncio.Transport", transport).write(
            f"GET {self.path}/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        now = time.time()  # noqa: TID251 - compared with the moment in the receipt
        self.rest += data
        *lines, self.rest = self.rest.split(b"\n")
        for line in lines:
            if line.startswith(b"id: "):
                self.open = True
                self.heard[int(line[4:])] = now

    def connection_lost(self, _error: Exception | None) -> None:
        self.open = False


async def bid(auction: Auction, port: int) -> dict[str, Any]:
    """One bid over a connection of its own; returns the receipt."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(auction.next_request())
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
    receipt: dict[str, Any] = json.loads(await reader.readexactly(length))
    writer.close()
    return receipt


async def watch(task: dict[str, Any]) -> list[Watcher]:
    """Open all streams, a few at once, and wait until each has heard the state."""
    loop, path = asyncio.get_running_loop(), f"/auctions/{task['auctions'][0]}"
    watchers: list[Watcher] = []
    for number in range(task["watchers"]):
        address = f"127.0.{1 + number // 200}.{1 + number % 200}"
        _, watcher = await loop.create_connection(
            lambda: Watcher(path), "127.0.0.1", task["port"], local_addr=(address, 0)
        )
        watchers.append(watcher)
        if number % 20 == 19:
            await _until_open(watchers)
    await _until_open(watchers)
    return watchers


async def _until_open(watchers: list[Watcher]) -> None:
    for _ in range(300):
        if all(watcher.open for watcher in watchers):
            return
        await asyncio.sleep(0.1)


async def run(task: dict[str, Any]) -> dict[str, Any]:
    """Watch and bid; the milliseconds of every watcher for every bid, and how many were never heard of."""
    watchers = await watch(task)
    auction = Auction(task["auctions"][0], task["bidders"], task)
    receipts = []
    for _ in range(task["bids"]):
        receipts.append(await bid(auction, task["port"]))
        await asyncio.sleep(task["pause"])
    await asyncio.sleep(2)
    milliseconds: list[float] = []
    for receipt in receipts:
        decided = datetime.fromisoformat(receipt["at"]).timestamp()
        for watcher in watchers:
            # A later state says all that this one said: what counts is when the watcher knew.
            heard = [at for sequence, at in watcher.heard.items() if sequence >= receipt["sequence"]]
            milliseconds += [(min(heard) - decided) * 1000] if heard else []
    lost = len(receipts) * len(watchers) - len(milliseconds)
    return {"open": sum(watcher.open for watcher in watchers), "lost": lost, "milliseconds": milliseconds}


if __name__ == "__main__":
    json.dump(asyncio.run(run(json.load(sys.stdin))), sys.stdout)
