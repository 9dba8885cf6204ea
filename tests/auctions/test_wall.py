"""The operator's wall, intervening from it, and the public page about outages."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from live_cast import Stage, a_stage, somebody
from sqlalchemy import select

import worker
from auctions.models import JournalEntry
from auctions.rules import Action, Outcome, Reason, State
from auctions.rules.control import extend
from auctions.rules.decisions import begin
from auctions.scenarios.scenario import read_scenario, replay
from auctions.written.terms import read_terms
from marketplace.access import InstitutionKind
from marketplace.clock import FixedClock
from marketplace.db import atomic, db
from marketplace.heartbeat import service as heartbeat

from .builders_of_auctions import a_sale
from .test_pages import text_of

TERMS = {
    "format": "english",
    "rule_pack": "open",
    "currency": "CNY",
    "start_price": "100000.00",
    "increment": "1000.00",
    "opens_at": "2026-03-02T02:00:00Z",
    "closes_at": "2026-03-03T02:00:00Z",
}


def beat() -> None:
    with atomic() as session:
        heartbeat.beat(session)


def ends(stage: Stage) -> object:
    db.session.rollback()
    db.session.refresh(stage.auction)
    return stage.auction.closes_at


def test_an_end_is_moved_by_whole_seconds() -> None:
    terms = read_terms(TERMS)
    state = begin(terms)
    moved = extend(terms, state, "1800")
    assert isinstance(moved, State)
    assert moved.closes_at == state.closes_at + timedelta(minutes=30)  # type: ignore[operator]
    for wrong in (None, "", "0", "-5", "1.5", "1e3", "０5", "1" * 9):
        assert extend(terms, state, wrong) is Reason.MALFORMED_AMOUNT
    assert extend(terms, state, "86400") is not Reason.TOO_LONG
    assert extend(terms, state, "86401") is Reason.TOO_LONG
    assert extend(terms, State(closes_at=None), "60") is Reason.NOT_ALLOWED_IN_STAGE
    assert extend(terms, State(closes_at=None, outcome=Outcome.SOLD), "60") is Reason.CLOSED


def test_stages_that_follow_each_other_are_not_moved_by_hand() -> None:
    clock_terms = TERMS | {
        "format": "dutch",
        "increment": None,
        "closes_at": None,
        "options": {"step": "1000.00", "interval_seconds": 60, "steps": 10},
    }
    terms = read_terms(clock_terms)
    assert extend(terms, begin(terms), "60") is Reason.NOT_ALLOWED_IN_STAGE


def test_a_scenario_may_move_the_end() -> None:
    scenario = {
        "scenario": "moved",
        "auction": TERMS,
        "bidders": [{"id": "A"}],
        "events": [
            {"at": "2026-03-03T01:00:00Z", "action": "extend", "amount": "3600"},
            {"at": "2026-03-03T02:30:00Z", "action": "bid", "bidder": "A", "amount": "100000.00"},
        ],
        "expect": {
            "decisions": ["accepted", "accepted"],
            "closes_at": "2026-03-03T03:00:00Z",
            "winner": "A",
        },
    }
    assert replay(read_scenario(scenario))["differences"] == []


def test_the_operator_moves_the_end_with_a_reason(app: Flask, clock: FixedClock) -> None:
    stage = a_stage(app, clock)
    before = stage.auction.closes_at
    control = f"{stage.url}/control"
    assert "Minutes" in text_of(stage.olga.client.get(control))
    silent = stage.olga.client.post(control, data={"action": "extend", "reason": "a question"})
    assert (silent.status_code, "Say by how many minutes" in text_of(silent)) == (422, True)
    far = {"action": "extend", "reason": "a question", "minutes": "2000"}
    answer = stage.olga.client.post(control, data=far)
    assert (answer.status_code, "that far at once" in text_of(answer)) == (422, True)
    good = {"action": "extend", "reason": "a question", "minutes": "30"}
    assert stage.olga.client.post(control, data=good).status_code == 303
    assert ends(stage) == before + timedelta(minutes=30)  # type: ignore[operator]
    assert "End moved" in text_of(stage.carol.client.get(f"{stage.url}/journal"))
    entry = db.session.scalars(select(JournalEntry).where(JournalEntry.decision == "accepted")).one()
    assert (entry.action, entry.amount, entry.amount_minor) == (Action.EXTEND, "1800", None)


def test_the_wall_shows_what_runs(app: Flask, client: FlaskClient, clock: FixedClock) -> None:
    stage = a_stage(app, clock)
    stage.bid(stage.carol, "130000.00")
    page = text_of(stage.olga.client.get("/wall"))
    assert "130,000.00 CNY" in page
    assert "No worker has ever run" in page
    assert f"{stage.url}/control" in page
    beat()
    assert "Worker well" in text_of(stage.olga.client.get("/wall/rows"))
    clock.advance(minutes=2)
    assert "The worker is silent since" in text_of(stage.olga.client.get("/wall/rows"))
    rita = somebody(app, InstitutionKind.REGULATOR, "Rita", "The Regulator")
    watching = text_of(rita.client.get("/wall"))
    assert "130,000.00 CNY" in watching
    assert f"{stage.url}/control" not in watching
    assert "Suspend all" not in watching
    for window in (stage.carol.client, stage.alice.client):
        assert window.get("/wall").status_code == 403
    assert client.get("/wall").status_code == 303


def test_everything_is_suspended_for_one_reason(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        other = a_sale(session)
    stage = a_stage(app, clock)
    address = "/wall/suspend"
    for silent in ({}, {"reason": " "}):
        assert stage.olga.client.post(address, data=silent).status_code == 422
    assert stage.alice.client.post(address, data={"reason": "x"}).status_code == 403
    assert stage.olga.client.post(address, data={"reason": "attack on the network"}).status_code == 303
    for url in (stage.url, f"/auctions/{other.auction.id}"):
        page = text_of(stage.carol.client.get(url))
        assert "Reason given by the operator: attack on the network" in page
    assert "2 auctions stand still." in text_of(stage.olga.client.get("/wall"))


def test_an_outage_is_shown_to_everybody(app: Flask, client: FlaskClient, clock: FixedClock) -> None:
    stage = a_stage(app, clock)
    assert "Auctions are not being served" in text_of(client.get("/status"))
    beat()
    assert "All is well" in text_of(client.get("/status"))
    assert "No outage so far" in text_of(client.get("/status"))
    clock.advance(minutes=20)
    beat()
    worker.tick(app)
    stage.everybody_signs_in()
    status = text_of(client.get("/status"))
    assert "20 minutes" in status
    assert 'data-label="Auctions held up">1<' in status
    room = text_of(client.get(stage.url))
    assert "The platform was down from 2026-03-02 11:00:00 UTC+8 to 2026-03-02 11:20:00 UTC+8" in room
    assert "held up by an outage" in text_of(stage.olga.client.get("/wall"))


def test_while_the_platform_is_down_nothing_is_called_over(
    app: Flask, client: FlaskClient, clock: FixedClock
) -> None:
    stage = a_stage(app, clock)
    clock.advance(hours=23, minutes=59)
    beat()
    clock.advance(minutes=3)
    stage.everybody_signs_in()
    for window in (client, stage.carol.client):
        page = text_of(window.get(stage.url))
        assert "interrupted" in page
        assert "The result is being recorded." not in page
    assert "the auction is not over" in text_of(stage.carol.client.get(stage.url))
    beat()
    worker.tick(app)
    assert "At least 100,000.00 CNY." in text_of(stage.carol.client.get(stage.url))


def test_after_a_long_outage_the_page_says_who_decides(
    app: Flask, client: FlaskClient, clock: FixedClock
) -> None:
    stage = a_stage(app, clock)
    beat()
    clock.advance(hours=25)
    beat()
    worker.tick(app)
    room = text_of(client.get(stage.url))
    assert "The operator decides when it goes on." in room


@pytest.mark.parametrize("seconds", ["60", "x"])
def test_seconds_go_with_an_extension_only(app: Flask, clock: FixedClock, seconds: str) -> None:
    stage = a_stage(app, clock)
    data = {"action": "suspend", "reason": "fault", "minutes": seconds}
    answer = stage.olga.client.post(f"{stage.url}/control", data=data)
    assert answer.status_code == (303 if seconds == "60" else 422)
