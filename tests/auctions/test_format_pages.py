"""The pages and the exports of every format, from the announcement to the end."""

import json
from typing import Any

import pytest
from flask import Flask
from live_cast import Stage, a_stage

from auctions import commands, service
from auctions.invariants import CHECKS
from auctions.rules import Action
from auctions.scenarios.scenario import read_scenario, replay
from marketplace.clock import FixedClock
from marketplace.db import atomic, db
from marketplace.rule_packs import load
from marketplace.rule_packs.limits import LimitReason, check_limits

CLOCK: dict[str, Any] = {"step": "1000.00", "interval_seconds": 600, "steps": 10}
FORMATS: dict[str, dict[str, Any]] = {
    "english_rounds": {"options": {}},
    "dutch": {"increment_minor": None, "reserve_minor": None, "options": CLOCK},
    "hybrid_dutch": {"increment_minor": None, "reserve_minor": None, "options": CLOCK},
    "sale_off": {"options": {"countdown_seconds": 3600}, "reserve_minor": None},
}


def staged(app: Flask, clock: FixedClock, name: str, **more: Any) -> Stage:
    return a_stage(app, clock, auction_format=name, **(FORMATS[name] | more))


def pages_are_fine(stage: Stage) -> None:
    paths = (stage.url, f"{stage.url}/live", f"{stage.url}/journal", "/auctions", f"/api{stage.url}")
    for who in (stage.alice, stage.olga, stage.carol, stage.dave):
        assert [path for path in paths if who.client.get(path).status_code != 200] == []


def tick() -> None:
    with atomic() as session:
        while service.open_due(session) or service.close_due(session):
            pass


@pytest.mark.parametrize("name", FORMATS)
def test_an_auction_of_every_format_from_end_to_end(app: Flask, clock: FixedClock, name: str) -> None:
    """Announced, opened, bid in, ended, exported, replayed; every invariant holds at every stage."""
    stage = staged(app, clock, name, opened=False)
    pages_are_fine(stage)
    if name == "english_rounds":
        stage.bid(stage.carol, "100000.00")
    clock.advance(hours=1)
    tick()
    pages_are_fine(stage)
    act = Action.TAKE if "dutch" in name else Action.BID
    clock.advance(seconds=310)
    entry = stage.bid(stage.carol, "150000.00" if name == "english_rounds" else "100000.00", act)
    assert entry.decision == "accepted"
    pages_are_fine(stage)
    assert [problem for _, check in CHECKS for problem in check(db.session())] == []
    clock.advance(hours=2)
    tick()
    stage.everybody_signs_in()
    pages_are_fine(stage)
    assert [problem for _, check in CHECKS for problem in check(db.session())] == []
    answer = app.test_cli_runner().invoke(commands.group, ["export-scenario", str(stage.auction.id)])
    again = replay(read_scenario(json.loads(answer.stdout)))
    assert (again["ok"], again["outcome"]["outcome"]) == (True, "sold")


def test_a_take_agrees_the_deal_at_once(app: Flask, clock: FixedClock) -> None:
    stage = staged(app, clock, "dutch")
    stage.bid(stage.carol, "100000.00", Action.TAKE)
    state = stage.dave.client.get(f"/api{stage.url}").get_json()
    assert (state["outcome"], state["leader"]) == ("sold", stage.alias("carol"))
    assert stage.bid(stage.dave, "100000.00", Action.TAKE).decision == "refused:taken"
    with atomic() as session:
        assert not service.close_due(session)


def test_a_sale_off_asks_for_the_full_price(app: Flask, clock: FixedClock) -> None:
    """法明传〔2017〕455号 (secondary): whoever bids has put down the whole price."""
    stage = staged(app, clock, "sale_off")
    assert stage.registrations["carol"].deposit_minor == 10_000_000


def test_a_court_sells_by_ascending_bids_only() -> None:
    found = [
        problem
        for name in (*FORMATS, "english", "sealed")
        for problem in check_limits(load("cn-court"), auction_format=name)
    ]
    assert [problem.reason for problem in found] == [LimitReason.FORMAT_NOT_ALLOWED] * 4
    assert not any(
        check_limits(load(pack), auction_format="dutch") for pack in ("cn-bank", "cn-state", "open")
    )


def test_a_bank_sees_the_schedule_before_it_announces(app: Flask, clock: FixedClock) -> None:
    stage = staged(app, clock, "hybrid_dutch", hours=None)
    with atomic() as session:
        service.control(session, stage.olga.actor, stage.auction.id, Action.CANCEL, "a fault")
    stage.alice.signs_in()
    page = f"/lots/{stage.lot.id}/auction/schedule"
    seen = stage.alice.client.get(page).text
    assert "Bidding closes" not in seen
    sent = {"opens_at": "2027-03-01T10:00", "preview": "yes"}
    shown = stage.alice.client.post(page, data=sent)
    assert shown.status_code == 200
    assert all(
        text in shown.text for text in ("Falling price", "99,000.00", "90,000.00", "10:10:00", "Best bid")
    )
    announced = stage.alice.client.post(page, data={"opens_at": "2027-03-01T10:00"})
    assert announced.status_code == 303
