"""The load generator: `python -m benchmarks.bidding.load` reads a JSON task, bids, and reports.

Each client keeps one connection and bids again as soon as it is answered. Bids are raises by turns: the
next bid sent is one raise above the last one sent, by another buyer, so that nearly all are accepted.
"""

import asyncio
import json
import sys
import time
import uuid
from typing import Any


class Auction:
    """One auction's next bid."""

    def __init__(self, auction_id: str, bidders: list[dict[str, str]], task: dict[str, Any]) -> None:
        self.path = f"/api/auctions/{auction_id}/bids"
        self.bidders = bidders
        self.task = task
        self.number = task["first_number"]

    def next_request(self) -> bytes:
        """The next raise, by the next person."""
        number, self.number = self.number, self.number + 1
        bidder = self.bidders[number % len(self.bidders)]
        minor = self.task["start"] + number * self.task["step"]
        body = json.dumps(
            {"action": "bid", "amount": f"{minor // 100}.00", "idempotency_key": uuid.uuid4().hex}
        )
        return (
            f"POST {self.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"Cookie: {bidder['cookie']}\r\nX-CSRFToken: {bidder['csrf']}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}"
        ).encode()


class Client(asyncio.Protocol):
    """One bidder's connection."""

    def __init__(self, auction: Auction, result: dict[str, Any], until: float) -> None:
        self.auction, self.result, self.until = auction, result, until
        self.received = b""
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport
        self.send()

    def send(self) -> None:
        """Bid, or stop when the time is over."""
        self.sent = time.perf_counter()
        if self.sent >= self.until:
            self.transport.close()
            return
        self.transport.write(self.auction.next_request())

    def data_received(self, data: bytes) -> None:
        self.received += data
        head, separator, body = self.received.partition(b"\r\n\r\n")
        if not separator:
            return
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
        if len(body) < length:
            return
        self.received = b""
        now, status = time.perf_counter(), head[9:12].decode()
        self.result["answers"][status] = self.result["answers"].get(status, 0) + 1
        if status == "201" and now <= self.until:
            self.result["milliseconds"].append((now - self.sent) * 1000)
        elif status not in {"201", "422"}:
            self.result["example"] = (head + body).decode()[:400]
        self.send()

    def connection_lost(self, _error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)


async def run(task: dict[str, Any]) -> dict[str, Any]:
    """Bid for the given seconds with the given clients, spread evenly over the auctions."""
    result: dict[str, Any] = {"answers": {}, "milliseconds": []}
    loop = asyncio.get_running_loop()
    auctions = [Auction(auction_id, task["bidders"], task) for auction_id in task["auctions"]]
    until = time.perf_counter() + task["seconds"]
    clients = []
    for number in range(task["clients"]):
        auction = auctions[number % len(auctions)]

        def make(auction: Auction = auction) -> Client:
            return Client(auction, result, until)

        _, client = await loop.create_connection(make, "127.0.0.1", task["port"])
        clients.append(client.done)
    await asyncio.gather(*clients)
    result["next_number"] = max(auction.number for auction in auctions)
    return result


if __name__ == "__main__":
    json.dump(asyncio.run(run(json.load(sys.stdin))), sys.stdout)
