"""The stream of changes and the fan-out behind it."""

import json
import sqlite3
import threading
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import settings_for
from databases import Databases
from flask import Flask
from flask.testing import FlaskClient
from live_cast import Stage, a_stage

from auctions import service
from auctions.live import fanout, redis_channel, stream
from auctions.live.fanout import Hub, hub
from auctions.live.stream import Seats, Stream
from auctions.rules import Action
from marketplace.clock import FixedClock
from marketplace.db import atomic, db
from wsgi import create_app

REDIS = "redis://127.0.0.1:6379/0"
NOWHERE = "redis://127.0.0.1:1/0"


def states(texts: Iterator[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    """The state events of a stream, each with its id; heartbeats are passed over."""
    for text in texts:
        fields = dict(line.split(": ", 1) for line in text.strip().splitlines())
        if fields.get("event") == "state":
            yield int(fields["id"]), json.loads(fields["data"])


def watching(app_hub: Hub, stage: Stage, last_seen: int = 0) -> Stream:
    seats = Seats(5)
    assert seats.take("here")
    return Stream(app_hub, seats, "here", stage.auction.id, last_seen)


def test_a_watcher_hears_of_every_change(app: Flask, clock: FixedClock) -> None:
    stage = a_stage(app, clock)
    opened = watching(hub(), stage)
    heard = states(opened)
    number, first = next(heard)
    assert (number, first["price"], first["next_minimum"]) == (0, None, "100000.00")
    stage.bid(stage.carol, "100000.00")
    number, second = next(heard)
    assert (number, second["price"], second["leader"]) == (1, "100000.00", stage.alias("carol"))
    assert second["closes_at"] == "2026-03-03T03:00:00Z"
    with atomic() as session:
        service.control(session, stage.olga.actor, stage.auction.id, Action.SUSPEND, "fault")
    assert next(heard)[1]["suspended"] is True
    opened.close()
    assert hub().idle(5)


def test_a_late_bid_moves_the_end_for_everybody(app: Flask, clock: FixedClock) -> None:
    stage = a_stage(app, clock)
    clock.advance(hours=23, minutes=58)
    opened = watching(hub(), stage)
    heard = states(opened)
    assert next(heard)[1]["closes_at"] == "2026-03-03T03:00:00Z"
    stage.bid(stage.carol, "100000.00")
    assert next(heard)[1]["closes_at"] == "2026-03-03T03:03:00Z"
    clock.advance(minutes=5)
    assert next(heard)[1]["stage"] == "closing"
    with atomic() as session:
        assert service.close_due(session)
    assert next(heard)[1]["stage"] == "unsold"
    opened.close()


def test_whoever_resumes_gets_the_fresh_state(app: Flask, client: FlaskClient, clock: FixedClock) -> None:
    stage = a_stage(app, clock)
    stage.bid(stage.carol, "100000.00")
    stage.bid(stage.dave, "110000.00")
    answer = client.get(f"{stage.url}/events", headers={"Last-Event-ID": "1"}, buffered=False)
    assert answer.mimetype == "text/event-stream"
    assert answer.headers["X-Accel-Buffering"] == "no"
    assert answer.headers["Cache-Control"] == "no-store"
    number, state = next(states(part.decode() for part in answer.iter_encoded()))
    assert (number, state["price"], state["bids"]) == (2, "110000.00", 2)
    answer.close()
    assert hub().idle(5)


def test_a_hidden_maximum_does_not_move_the_stream(app: Flask, clock: FixedClock) -> None:
    stage = a_stage(app, clock)
    stage.bid(stage.carol, "150000.00", Action.PROXY)
    opened = watching(hub(), stage)
    heard = states(opened)
    number, _ = next(heard)
    stage.bid(stage.carol, "190000.00", Action.PROXY)
    stage.bid(stage.dave, "100500.00")
    stage.bid(stage.dave, "120000.00")
    later, state = next(heard)
    assert (number, state["price"], state["leader"]) == (2, "121000.00", stage.alias("carol"))
    assert later == 6
    opened.close()


def test_heartbeats_carry_the_sequence_and_the_stream_ends(
    app: Flask, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "HEARTBEAT_SECONDS", 0.05)
    monkeypatch.setattr(stream, "LIFE_SECONDS", 1.5)
    stage = a_stage(app, clock)
    texts = list(watching(hub(), stage, last_seen=7))
    assert texts[0].startswith("retry: ")
    assert sum("event: state" in text for text in texts) == 1
    assert "event: heartbeat" in texts[-1]
    assert '"sequence":0' in texts[-1]
    assert hub().idle(5)


def test_a_stream_holds_no_lock_on_the_database(
    app: Flask, client: FlaskClient, clock: FixedClock, databases: Databases
) -> None:
    stage = a_stage(app, clock)
    db.session.rollback()
    answer = client.get(f"{stage.url}/events", buffered=False)
    parts = answer.iter_encoded()
    assert next(states(part.decode() for part in parts))
    if databases.marketplace_url.startswith("sqlite"):
        path = databases.marketplace_url.removeprefix("sqlite:///")
        with sqlite3.connect(path, timeout=3, isolation_level=None) as other:
            other.execute("BEGIN EXCLUSIVE")
            other.execute("ROLLBACK")
        other.close()
    assert db.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
    answer.close()


def test_no_more_streams_than_seats(app: Flask, client: FlaskClient, clock: FixedClock) -> None:
    stage = a_stage(app, clock)
    app.extensions["auctions.seats"] = Seats(2, most_per_address=1)
    first = client.get(f"{stage.url}/events", buffered=False)
    assert client.get(f"{stage.url}/events").status_code == 503
    first.close()
    again = client.get(f"{stage.url}/events", buffered=False)
    assert again.status_code == 200
    again.close()
    assert app.extensions["auctions.seats"].taken() == 0
    assert client.get(f"/auctions/{uuid.uuid4()}/events").status_code == 404


def test_seats_are_counted_per_address_and_in_all() -> None:
    seats = Seats(3, most_per_address=2)
    assert [seats.take(address) for address in "aaabc"] == [True, True, False, True, False]
    seats.give_back("a")
    assert seats.take("c")


def test_many_watchers_of_one_auction_all_hear(app: Flask, clock: FixedClock) -> None:
    stage = a_stage(app, clock)
    streams = [watching(hub(), stage) for _ in range(8)]
    prices: list[str] = []

    def follow(opened: Stream) -> None:
        heard = states(opened)
        while (state := next(heard)[1])["price"] != "120000.00":
            assert state["price"] in {None, "100000.00"}
        prices.append(state["price"])
        opened.close()

    threads = [threading.Thread(target=follow, args=(opened,)) for opened in streams]
    for thread in threads:
        thread.start()
    stage.bid(stage.carol, "100000.00")
    stage.bid(stage.dave, "120000.00")
    for thread in threads:
        thread.join(10)
    assert prices == ["120000.00"] * 8
    assert hub().idle(5)


@pytest.fixture
def second_app(databases: Databases, tmp_path: Path) -> Iterator[Flask]:
    """Another process's application, as far as one process can have one: its own hub, the same database."""
    home = tmp_path / "second"
    home.mkdir()
    application = create_app(replace(settings_for(home, databases), redis_url=REDIS))
    yield application
    with application.app_context():
        for engine in db.engines.values():
            engine.dispose()


@pytest.mark.redis
def test_redis_carries_a_change_to_another_process(
    app: Flask, second_app: Flask, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = a_stage(app, clock)
    there = Hub(second_app)
    app.extensions["auctions.live"] = Hub(second_app)  # publishes to Redis; watches nothing itself
    monkeypatch.setattr(fanout, "LOOK_SECONDS_WITH_REDIS", 3600.0)
    opened = watching(there, stage)
    heard = states(opened)
    assert next(heard)[1]["price"] is None
    stage_listens(there)
    stage.bid(stage.carol, "100000.00")
    assert next(heard)[1]["price"] == "100000.00"
    opened.close()
    assert there.idle(5)


def stage_listens(there: Hub) -> None:
    """Wait until Redis counts the hub's subscription."""
    assert there.channel is not None
    pause = threading.Event()
    with there.channel.client() as client:
        for _ in range(100):
            if client.pubsub_numsub(there.channel.name)[0][1] > 0:
                return
            pause.wait(0.05)
    pytest.fail("nobody listens")


def test_without_redis_a_look_at_the_database_is_enough(
    app: Flask, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redis_channel, "_RETRY_SECONDS", 0.05)
    monkeypatch.setattr(fanout, "LOOK_SECONDS", 0.05)
    app.extensions["settings"] = replace(app.extensions["settings"], redis_url=NOWHERE)
    lonely = Hub(app)
    stage = a_stage(app, clock)
    app.extensions["auctions.live"] = Hub(app)  # another process's: can tell nobody
    opened = watching(lonely, stage)
    heard = states(opened)
    assert next(heard)[1]["price"] is None
    stage.bid(stage.carol, "100000.00")
    assert next(heard)[1]["price"] == "100000.00"
    opened.close()
    assert lonely.idle(5)


@pytest.mark.redis
def test_a_foreign_message_on_the_channel_wakes_nobody() -> None:
    woken: list[uuid.UUID] = []
    heard = threading.Event()

    def wake(auction_id: uuid.UUID) -> None:
        woken.append(auction_id)
        heard.set()

    channel = redis_channel.RedisChannel(REDIS, f"test-{uuid.uuid4().hex}", wake)
    listener = redis_channel.Listener(channel)
    auction_id = uuid.uuid4()
    with channel.client() as client:
        for _ in range(100):
            if client.publish(channel.name, "not an auction"):
                break
            heard.wait(0.05)
    channel.publish(auction_id)
    assert heard.wait(5)
    listener.stop()
    assert woken == [auction_id]
