"""The page that plays an auction again, the record it offers, and the keys that prove it."""

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient
from live_cast import Stage, a_stage

from auctions import keys, queries
from auctions.commands import group
from auctions.record.form import parse
from auctions.record.frames import frames
from auctions.record.rerun import rerun
from auctions.record.verify import verify
from auctions.rules import Action
from marketplace.clock import FixedClock
from marketplace.db import atomic, db

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@pytest.fixture
def stage(app: Flask, clock: FixedClock) -> Stage:
    """Carol leads through a maximum, Dave is refused once, answered once, and wins in the last minutes."""
    played = a_stage(app, clock)
    played.bid(played.carol, "120000.00", Action.PROXY)
    played.bid(played.dave, "100500.00")
    played.bid(played.dave, "110000.00")
    clock.advance(hours=23, minutes=58)
    played.bid(played.dave, "130000.00")
    return played


def page(client: FlaskClient, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def test_before_the_end_there_is_nothing_to_replay(client: FlaskClient, stage: Stage) -> None:
    assert client.get(f"{stage.url}/replay").status_code == 303
    assert "has not ended" in page(client, f"{stage.url}/record.json", 422)
    assert client.get(f"/api{stage.url}/record").get_json()["error"].startswith("The auction has not ended")


def test_every_entry_is_shown_with_what_stood_after_it(
    client: FlaskClient, stage: Stage, clock: FixedClock
) -> None:
    stage.closes(clock)
    shown = page(client, f"{stage.url}/replay")
    for text in (
        "Refused: it was below the least next bid.",
        "By the system, within the bidder's maximum.",
        "111,000.00 CNY",
        "120,000.00 CNY",  # the maximum, revealed with the end
        "130,000.00 CNY",
        "+3 minutes",
        stage.alias("carol"),
        stage.alias("dave"),
        "all checks hold",
        "<svg",
    ):
        assert text in shown, text
    for who in (stage.carol, stage.dave):
        assert who.institution.name not in shown
    assert '<span class="you">' not in shown
    assert '<span class="you">you</span>' in page(stage.carol.client, f"{stage.url}/replay")


def test_steps_are_links_that_need_no_script(client: FlaskClient, stage: Stage, clock: FixedClock) -> None:
    stage.closes(clock)
    count = len(queries.journal_of(db.session(), stage.auction.id))
    first, last = page(client, f"{stage.url}/replay?step=1"), page(client, f"{stage.url}/replay?step={count}")
    assert f"Entry 1 of {count}" in first
    assert 'rel="next"' in first
    assert 'rel="prev"' not in first
    assert 'rel="next"' not in last
    for outside in (f"step={count + 1}", "step=0", "page=2", "page=x"):
        assert client.get(f"{stage.url}/replay?{outside}").status_code in {200, 404}
    assert client.get(f"{stage.url}/replay?step={count + 1}").status_code == 404


def test_the_frames_follow_price_leader_and_end(client: FlaskClient, stage: Stage, clock: FixedClock) -> None:
    stage.closes(clock)
    record = parse(client.get(f"{stage.url}/record.json").data)
    shown = frames(record, rerun(record))
    carol, dave = stage.alias("carol"), stage.alias("dave")
    assert [(frame.price, frame.leader) for frame in shown] == [
        (None, None),
        (10_000_000, carol),
        (10_000_000, carol),
        (11_000_000, dave),
        (11_100_000, carol),
        (13_000_000, dave),
    ]
    assert [frame.extended_by.total_seconds() for frame in shown] == [0, 0, 0, 0, 0, 180]


def test_everybody_gets_the_same_file_and_it_holds(
    client: FlaskClient, stage: Stage, clock: FixedClock
) -> None:
    stage.closes(clock)
    answer = client.get(f"{stage.url}/record.json")
    assert answer.mimetype == "application/json"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert verify(parse(answer.data))["ok"]
    assert client.get(f"/api{stage.url}/record").data == answer.data
    assert stage.carol.client.get(f"{stage.url}/record.json").data == answer.data
    again = client.get(f"{stage.url}/record.json", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_the_command_exports_the_same_file(
    app: Flask, client: FlaskClient, stage: Stage, clock: FixedClock
) -> None:
    runner = app.test_cli_runner()
    refused = runner.invoke(group, ["export-record", str(stage.auction.id)])
    assert (refused.exit_code, "has not ended" in refused.stderr) == (2, True)
    stage.closes(clock)
    exported = runner.invoke(group, ["export-record", str(stage.auction.id)])
    assert exported.stdout_bytes == client.get(f"{stage.url}/record.json").data


def test_keys_are_published_with_their_history(app: Flask, client: FlaskClient, stage: Stage) -> None:
    assert (keys.note_key(), keys.note_key()) == (1, 0)
    [own] = client.get("/api/receipt-key").get_json()["keys"]
    assert own["in_use"]
    assert own["fingerprint"] in page(client, "/keys")
    printed = json.loads(app.test_cli_runner().invoke(group, ["keys"]).stdout)
    assert printed["fingerprint"] == own["fingerprint"]
    with atomic() as session:
        assert [key.fingerprint for key in keys.known_keys(session)] == [own["fingerprint"]]
