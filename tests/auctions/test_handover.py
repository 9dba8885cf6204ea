"""Streams that the web server has let go of: as many as are wanted, whatever threads it has."""

import http.client
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from web_process import WebServer, send_bid, serving

from benchmarks.bidding import stage
from benchmarks.bidding.stage import Bidder

WATCHERS = 12


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[tuple[WebServer, uuid.UUID, list[Bidder]]]:
    """A server with three threads, an auction and two bidders."""
    variables = stage.environment(tmp_path, f"sqlite:///{tmp_path / 'marketplace.sqlite'}")
    with stage.application(variables) as app:
        houses = stage.buyers(2)
        bidders = stage.bidders(app, houses, 1)
        (auction_id,) = stage.open_auctions(1, houses)
    variables["LIVE_STREAMS"] = str(WATCHERS)
    with serving(variables, tmp_path, threads=3) as server:
        yield server, auction_id, bidders


class _Watching:
    """One open stream."""

    def __init__(self, port: int, auction_id: uuid.UUID) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        self.connection.request("GET", f"/auctions/{auction_id}/events")
        self.answer = self.connection.getresponse()

    def next_sequence(self) -> int:
        while not (line := self.answer.readline()).startswith(b"id: "):
            assert line
        return int(line[4:])

    def close(self) -> None:
        self.answer.close()
        self.connection.close()


def test_streams_need_no_thread_each_and_all_hear(
    hall: tuple[WebServer, uuid.UUID, list[Bidder]],
) -> None:
    server, auction_id, (carol, dave) = hall
    with ExitStack() as leaving:
        watching = [_Watching(server.port, auction_id) for _ in range(WATCHERS)]
        for one in watching:
            leaving.callback(one.close)
        assert {one.answer.status for one in watching} == {200}
        assert watching[0].answer.headers["X-Accel-Buffering"] == "no"
        assert [one.next_sequence() for one in watching] == [0] * WATCHERS
        for number, bidder in enumerate((carol, dave)):
            status, receipt = send_bid(
                server.port, auction_id, bidder, stage.amount(number), uuid.uuid4().hex
            )
            assert status == 201
            assert [one.next_sequence() for one in watching] == [receipt["sequence"]] * WATCHERS
        full = _Watching(server.port, auction_id)
        assert full.answer.status == 503
        full.close()
        watching[0].close()
        again = _until_a_seat_is_free(server.port, auction_id)
        assert again.next_sequence() == 2
        again.close()


def _until_a_seat_is_free(port: int, auction_id: uuid.UUID) -> _Watching:
    while (again := _Watching(port, auction_id)).answer.status == 503:
        again.close()
    return again
