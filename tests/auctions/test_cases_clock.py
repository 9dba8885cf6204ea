"""Cases 14 to 19: the server's clock, zones, and an end that moves only when and as far as it should."""

import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from flask import Flask
from live_cast import Stage, a_stage
from sqlalchemy.exc import StatementError

from auctions import queries, service
from auctions.live.fanout import hub
from auctions.live.stream import Seats, Stream
from auctions.rules import Action, Outcome
from marketplace.clock import FixedClock, moment_text
from marketplace.db import atomic

from .builders_of_auctions import a_bidder, a_sale, bid, opening, tick
from .test_stream import states

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@pytest.fixture
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A server that somebody set to a zone with summer time."""
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def end_of(stage: Stage) -> datetime:
    with atomic() as session:
        end = queries.find_auction(session, stage.auction.id).closes_at
    assert end is not None
    return end


def test_case_14_the_page_counts_by_the_server_and_says_so(app: Flask, clock: FixedClock) -> None:
    """A bid was refused while the bidder's own clock, which ran late, still showed ten seconds."""
    stage = a_stage(app, clock)
    page = unescape(stage.carol.client.get(stage.url).text)
    assert "The server's time decides." in page
    assert f'data-server-now="{clock.moment.isoformat()}"' in page
    state = stage.carol.client.get(f"/api{stage.url}").get_json()
    assert state["server_now"] == moment_text(clock.moment)


def test_case_15_an_auction_over_the_change_to_summer_time_lasts_as_long_as_announced(
    berlin: None, app: Flask, clock: FixedClock
) -> None:
    """An hour that a server's zone leaves out in spring ended an auction too early."""
    clock.move_to(datetime(2026, 3, 28, 11, 0, tzinfo=UTC))
    stage = a_stage(app, clock)
    assert end_of(stage) == datetime(2026, 3, 29, 12, 0, tzinfo=UTC)
    assert "2026-03-29 20:00:00 UTC+8" in stage.carol.client.get(stage.url).text
    clock.move_to(datetime(2026, 3, 29, 11, 59, 59, tzinfo=UTC))
    with atomic() as session:
        assert not service.close_due(session)
    assert stage.bid(stage.carol, "100000.00").decision == "accepted"
    assert end_of(stage) == datetime(2026, 3, 29, 12, 4, 59, tzinfo=UTC)
    clock.move_to(end_of(stage))
    with atomic() as session:
        assert service.close_due(session)


def test_case_15_a_time_without_a_zone_is_stored_nowhere(app: Flask, clock: FixedClock) -> None:
    """Times with and without a zone were mixed, and compared as if they were alike."""
    with pytest.raises(ValueError, match="without a zone"):
        clock.move_to(datetime(2026, 3, 29, 12, 0))  # noqa: DTZ001 - the fault
    with pytest.raises(StatementError, match="without a zone"), atomic() as session:
        a_sale(session).auction.closes_at = datetime(2026, 3, 29, 12, 0)  # noqa: DTZ001 - the fault


def test_case_16_a_refused_bid_does_not_move_the_end(app: Flask, clock: FixedClock) -> None:
    """A bid that was too low was refused and extended the auction all the same."""
    stage = a_stage(app, clock)
    stage.bid(stage.carol, "110000.00")
    end = end_of(stage)
    clock.move_to(end - timedelta(seconds=30))
    for who, amount in ((stage.dave, "110000.00"), (stage.dave, "abc"), (stage.carol, "120000.00")):
        assert stage.bid(who, amount).decision.startswith("refused")
        assert end_of(stage) == end
    assert stage.bid(stage.dave, "111000.00").decision == "accepted"
    assert end_of(stage) == end + timedelta(seconds=270)


def test_case_17_a_maximum_moves_the_end_only_when_it_moves_the_price(app: Flask, clock: FixedClock) -> None:
    """Changing a maximum extended the auction, or one that took the lead did not."""
    stage = a_stage(app, clock)
    stage.bid(stage.carol, "150000.00", Action.PROXY)
    end = end_of(stage)
    clock.move_to(end - timedelta(seconds=60))
    assert stage.bid(stage.carol, "160000.00", Action.PROXY).decision == "accepted"
    assert end_of(stage) == end
    assert stage.bid(stage.dave, "155000.00", Action.PROXY).decision == "accepted"
    assert end_of(stage) == end + timedelta(seconds=240)
    clock.advance(seconds=120)
    assert stage.bid(stage.dave, "200000.00", Action.PROXY).decision == "accepted"
    assert end_of(stage) == clock.moment + timedelta(seconds=300)


def test_case_18_every_door_knows_the_extended_end(app: Flask, clock: FixedClock) -> None:
    """A tool went by the announced end and left out the minutes that a late bid had added."""
    stage = a_stage(app, clock)
    announced = end_of(stage)
    clock.move_to(announced - timedelta(minutes=1))
    stage.everybody_signs_in()
    stage.bid(stage.carol, "100000.00")
    extended = announced + timedelta(minutes=4)
    clock.move_to(announced + timedelta(minutes=1))
    with atomic() as session:
        assert not service.close_due(session)
    carol, olga = stage.carol.client, stage.olga.client
    told = [carol.get(path).text for path in (stage.url, "/auctions", f"/lots/{stage.lot.id}/auction")]
    told += [olga.get("/wall").text, stage.alice.client.get(stage.url).text]
    for page in told:
        assert "11:04" in page
        assert "11:00:00" not in page
    listed = carol.get("/api/auctions").get_json()["auctions"]
    assert [one["closes_at"] for one in listed] == [moment_text(extended)]
    assert carol.get(f"/api{stage.url}").get_json()["closes_at"] == moment_text(extended)
    assert stage.bid(stage.dave, "101000.00").decision == "accepted"


def test_case_18_the_stream_tells_the_extended_end(app: Flask, clock: FixedClock) -> None:
    """The same for whoever has the page open."""
    stage = a_stage(app, clock)
    announced = end_of(stage)
    clock.move_to(announced - timedelta(minutes=1))
    seats = Seats(5)
    assert seats.take("here")
    opened = Stream(hub(), seats, "here", stage.auction.id, 0)
    heard = states(opened)
    assert next(heard)[1]["closes_at"] == moment_text(announced)
    stage.bid(stage.carol, "100000.00")
    assert next(heard)[1]["closes_at"] == moment_text(announced + timedelta(minutes=4))
    opened.close()
    assert hub().idle(5)


def test_case_19_extensions_end_at_the_hard_stop(app: Flask, clock: FixedClock) -> None:
    """Two bidders extended an auction for ever; the last extension is as long as there is time left."""
    with atomic() as session:
        hard_stop = clock.moment + timedelta(hours=25, minutes=7)
        sale = a_sale(session, options={"hard_stop_at": moment_text(hard_stop)})
        bidders = [a_bidder(session, sale)[0] for _ in range(2)]
        ends, amount = [], 100_000
        clock.move_to(opening(sale) + timedelta(hours=24, seconds=-1))
        for turn in range(4):
            entry = bid(session, bidders[turn % 2], sale, f"{amount}.00", key=uuid.uuid4().hex)
            assert entry.decision == "accepted"
            ends.append(sale.auction.closes_at)
            amount += 1000
            clock.advance(minutes=2)
        assert ends[0] == opening(sale) + timedelta(hours=24, minutes=4, seconds=59)
        assert ends[2:] == [hard_stop, hard_stop]
        clock.move_to(hard_stop)
        assert bid(session, bidders[0], sale, "900000.00").decision == "refused:closed"
        tick(session)
        assert sale.auction.outcome is Outcome.SOLD
