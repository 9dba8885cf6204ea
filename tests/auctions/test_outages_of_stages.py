"""What an outage does to formats with stages, and what the invariants say of time given back wrongly."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

import worker
from auctions import service
from auctions.outages.models import Interruption
from auctions.rules import Action
from auctions.scenarios.recorded import as_scenario
from auctions.scenarios.scenario import read_scenario, replay
from marketplace.clock import FixedClock
from marketplace.db import atomic, db
from marketplace.heartbeat.models import Outage

from .builders_of_auctions import Sale, a_bidder, a_sale, bid, opening
from .records import failed
from .test_outages import MINUTE, beat, lives, running, sound

__all__ = ["running"]


def test_an_outage_over_the_opening_of_rounds_moves_the_opening(app: Flask, clock: FixedClock) -> None:
    """First bids are taken before the opening: that time too is given back."""
    with atomic() as session:
        sale = a_sale(session, hours=None, auction_format="english_rounds")
        carol, _ = a_bidder(session, sale)
        opens_at = opening(sale)
        clock.move_to(opens_at - 10 * MINUTE)
    beat()
    clock.advance(minutes=15)
    beat()
    worker.tick(app)
    with atomic() as session:
        assert bid(session, carol, sale, "100000.00").decision == "accepted"
    assert sound() == []
    lives(clock, 4 * MINUTE)
    with atomic() as session:
        assert bid(session, carol, sale, "110000.00").decision == "accepted"
    lives(clock, 6 * MINUTE)
    with atomic() as session:
        late = bid(session, carol, sale, "120000.00")
        assert late.decision == "refused:not_allowed_in_stage"


def test_an_outage_stops_the_clock_of_a_falling_price(app: Flask, clock: FixedClock) -> None:
    options = {"step": "1000.00", "interval_seconds": 60, "steps": 30}
    with atomic() as session:
        sale = a_sale(session, hours=None, auction_format="dutch", increment_minor=None, options=options)
        carol, _ = a_bidder(session, sale)
        clock.move_to(opening(sale))
        service.open_due(session)
    beat()
    clock.advance(minutes=20)
    beat()
    worker.tick(app)
    with atomic() as session:
        stale = bid(session, carol, sale, "80000.00", action=Action.TAKE)
        assert stale.decision == "refused:stale_price"
        assert bid(session, carol, sale, "100000.00", action=Action.TAKE).decision == "accepted"
    assert sound() == []


def test_what_the_checks_say_of_time_that_was_given_back_twice(
    app: Flask, clock: FixedClock, running: Sale
) -> None:
    clock.advance(minutes=30)
    beat()
    with atomic() as session:
        (outage,) = session.scalars(select(Outage))
        session.add(
            Interruption(
                outage_id=outage.id,
                auction_id=running.auction.id,
                began_at=outage.began_at - MINUTE,
                ended_at=outage.ended_at,
                resumed=True,
            )
        )
    found = sound()
    assert any("interrupted longer than its outage" in problem for problem in found)
    assert any("an interruption is not in its journal" in problem for problem in found)


def test_a_record_with_an_outage_and_an_extension_can_be_checked_by_anybody(
    app: Flask, client: FlaskClient, clock: FixedClock, running: Sale
) -> None:
    clock.advance(minutes=9, seconds=50)
    lives_again = clock.moment
    beat()
    worker.tick(app)
    with atomic() as session:
        service.control(session, running.operator, running.auction.id, Action.EXTEND, "a question", "1800")
    clock.move_to(lives_again)
    lives(clock, 60 * MINUTE)
    worker.tick(app)
    address = f"/auctions/{running.auction.id}"
    record = client.get(f"{address}/record.json")
    assert record.status_code == 200
    assert failed(record.data) == set()
    actions = [entry["action"] for entry in record.get_json()["entries"]]
    assert actions == ["bid", "suspend", "resume", "extend"]
    replayed = replay(read_scenario(as_scenario(db.session(), running.auction.id)))
    assert (replayed["ok"], replayed["differences"]) == (True, [])
    page = client.get(f"{address}/replay").get_data(as_text=True)
    assert "End moved" in page
