"""The pages of auctions through the test client."""

import re
import uuid

import pytest
from builders import a_lot, a_mandate
from flask import Flask
from flask.testing import FlaskClient
from live_cast import Stage, a_stage, somebody

from auctions import receipts, service
from auctions.models import Registration
from auctions.rules import Action
from marketplace.access import InstitutionKind
from marketplace.audit import AuditEntry
from marketplace.clock import FixedClock
from marketplace.db import atomic, db
from marketplace.web import limiter

ENGLISH = {"Accept-Language": "en"}


def text_of(answer: object) -> str:
    return re.sub(r"\s+", " ", answer.get_data(as_text=True))  # type: ignore[attr-defined]


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found, name
    return found[1]


def send_bid(stage: Stage, client: FlaskClient, amount: str, **more: str) -> object:
    key = more.pop("key", uuid.uuid4().hex)
    return client.post(f"{stage.url}/bids", data={"amount": amount, "idempotency_key": key, **more})


def test_a_stranger_watches(app: Flask, client: FlaskClient, clock: FixedClock) -> None:
    stage = a_stage(app, clock)
    page = text_of(client.get(stage.url, headers=ENGLISH))
    assert "Sign in for a verified buyer or agency" in page
    assert "100,000.00 CNY" in page
    assert "at least 1,000.00 CNY above" in page
    assert "A bid in the last 5 minutes moves the end to 5 minutes after that bid." in page
    assert "noscript" in page
    assert '<form method="post" action="/auctions' not in page


def test_a_bid_is_confirmed_and_gets_a_receipt(app: Flask, clock: FixedClock) -> None:
    stage = a_stage(app, clock)
    page = text_of(stage.carol.client.get(stage.url))
    assert 'value="100000.00"' in page
    key = hidden(page, "idempotency_key")
    asked = send_bid(stage, stage.carol.client, "100,000.00", key=key)
    assert asked.status_code == 200  # type: ignore[attr-defined]
    confirm = text_of(asked)
    assert "Confirm your bid of 100,000.00 CNY" in confirm
    assert "90,000.00 CNY" in confirm
    assert hidden(confirm, "amount") == "100000.00"
    assert hidden(confirm, "idempotency_key") == key
    sure = {"key": key, "confirmed": "yes", "seen_price": hidden(confirm, "seen_price")}
    sent = send_bid(stage, stage.carol.client, "100000.00", **sure)
    assert sent.status_code == 303  # type: ignore[attr-defined]
    again = send_bid(stage, stage.carol.client, "100000.00", **sure)
    assert again.headers["Location"] == sent.headers["Location"]  # type: ignore[attr-defined]
    room = text_of(stage.carol.client.get(sent.headers["Location"]))  # type: ignore[attr-defined]
    assert "You are leading" in room
    assert "Your signed receipt" in room
    receipt = text_of(stage.carol.client.get(f"{stage.url}/receipts/1"))
    assert stage.alias("carol") in receipt
    assert stage.dave.client.get(f"{stage.url}/receipts/1").status_code == 404


def test_a_receipt_as_json_can_be_verified_by_its_text(app: Flask, clock: FixedClock) -> None:
    stage = a_stage(app, clock)
    stage.bid(stage.carol, "100000.00")
    receipt = stage.carol.client.get(f"/api{stage.url}/receipts/1").get_json()
    key = stage.carol.client.get("/api/receipt-key").get_json()["public_key"]
    assert receipts.verify(key, receipt["hash"], receipt["receipt"])


def test_a_refused_bid_keeps_its_amount_and_gets_a_new_key(app: Flask, clock: FixedClock) -> None:
    stage = a_stage(app, clock)
    stage.bid(stage.dave, "150000.00")
    key = uuid.uuid4().hex
    for confirmed in ("", "yes"):
        asked = {"key": key, "confirmed": confirmed, "seen_price": "150000.00"}
        answer = send_bid(stage, stage.carol.client, "150500.00", **asked)
        assert answer.status_code == 422  # type: ignore[attr-defined]
        page = text_of(answer)
        assert "The next bid must be at least 151,000.00 CNY" in page
        assert 'value="150500.00"' in page
        assert hidden(page, "idempotency_key") != key
    malformed = send_bid(stage, stage.carol.client, "a lot", confirmed="")
    assert "This is not an amount" in text_of(malformed)


def test_a_maximum_is_for_its_owner_only(app: Flask, client: FlaskClient, clock: FixedClock) -> None:
    stage = a_stage(app, clock)
    answer = stage.carol.client.post(
        f"{stage.url}/maximum",
        data={
            "maximum": "177777.00",
            "idempotency_key": uuid.uuid4().hex,
            "confirmed": "yes",
            "seen_price": "none",
        },
    )
    assert answer.status_code == 303
    own = text_of(stage.carol.client.get(stage.url))
    assert "177,777.00 CNY" in own
    assert "by the system, within your maximum" in own
    lower = stage.carol.client.post(
        f"{stage.url}/maximum", data={"maximum": "170000.00", "idempotency_key": uuid.uuid4().hex}
    )
    assert lower.status_code == 422
    assert "A maximum can be raised, not lowered" in text_of(lower)


def test_registering_from_nothing_to_the_form(app: Flask, clock: FixedClock) -> None:
    stage = a_stage(app, clock)
    erin = somebody(app, InstitutionKind.BUYER, "Erin", "Erin Engines")
    assert "You are not registered" in text_of(erin.client.get(stage.url))
    assert "rules above" in text_of(erin.client.get(f"{stage.url}/register"))
    assert erin.client.post(f"{stage.url}/register", data={}).status_code == 422
    assert erin.client.post(f"{stage.url}/register", data={"rules_read": "y"}).status_code == 303
    assert "Waiting for your deposit" in text_of(erin.client.get(stage.url))
    refused = send_bid(stage, erin.client, "100000.00", confirmed="")
    assert "Your deposit has not arrived" in text_of(refused)


def test_an_agency_registers_its_client_and_sees_its_commission(app: Flask, clock: FixedClock) -> None:
    stage = a_stage(app, clock)
    bob = somebody(app, InstitutionKind.AGENCY, "Bob", "Bob Brokers")
    erin = somebody(app, InstitutionKind.BUYER, "Erin", "Erin Engines")
    assert "No mandate covers this lot" in text_of(bob.client.get(f"{stage.url}/register"))
    with atomic() as session:
        mandate = a_mandate(session, bob.institution, erin.institution)
    form = {"rules_read": "y", "mandate_id": str(mandate.id)}
    assert bob.client.post(f"{stage.url}/register", data=form).status_code == 303
    registration = db.session.query(Registration).filter_by(mandate_id=mandate.id).one()
    with atomic() as session:
        service.set_deposit_held(session, registration.id, True)
    confirm = text_of(send_bid(stage, bob.client, "100000.00"))
    assert "3,000.00 CNY" in confirm
    assert "103,000.00 CNY" in confirm
    assert "Your agency bids for you" in text_of(erin.client.get(stage.url))
    assert send_bid(stage, erin.client, "100000.00").status_code == 422  # type: ignore[attr-defined]


def test_the_seller_bars_a_bidder_without_learning_the_alias(app: Flask, clock: FixedClock) -> None:
    stage = a_stage(app, clock)
    stage.bid(stage.carol, "100000.00")
    page = text_of(stage.alice.client.get(f"{stage.url}/bidders"))
    assert "Carol Carbon Works" not in page
    assert stage.alias("carol") not in page
    registration = stage.registrations["carol"]
    prefix, address = registration.id.hex, f"{stage.url}/bidders/{registration.id}"
    who = {f"who-{prefix}-reason": "Linked to the debtor?"}
    for reason, status, told in (({}, 422, False), (who, 200, True)):
        answer = stage.alice.client.post(f"{address}/identity", data=reason)
        assert (answer.status_code, "Carol Carbon Works" in text_of(answer)) == (status, told)
        assert "Dave Dynamics" not in text_of(answer)
        assert stage.alias("carol") not in text_of(answer)
    asked = db.session.query(AuditEntry).filter_by(act="auctions.see_identity").one()
    assert (asked.person_id, asked.reason) == (stage.alice.person.id, "Linked to the debtor?")
    silent = stage.alice.client.post(address, data={f"{prefix}-decision": "bar"})
    assert silent.status_code == 422
    assert "State the reason" in text_of(silent)
    reasoned = {f"{prefix}-decision": "bar", f"{prefix}-reason": "Linked to the debtor"}
    assert stage.alice.client.post(address, data=reasoned).status_code == 303
    assert "Linked to the debtor" in text_of(stage.carol.client.get(stage.url))
    assert "not admitted" in text_of(stage.alice.client.get(f"{stage.url}/bidders"))
    mallory = somebody(app, InstitutionKind.BANK, "Mallory", "Other Bank")
    assert mallory.client.get(f"{stage.url}/bidders").status_code == 404
    assert mallory.client.post(address, data=reasoned).status_code == 404
    assert stage.carol.client.get(f"{stage.url}/bidders").status_code == 403


def test_the_operator_suspends_resumes_and_cancels(app: Flask, clock: FixedClock) -> None:
    stage = a_stage(app, clock)
    control = f"{stage.url}/control"
    assert "Intervene" in text_of(stage.olga.client.get(stage.url))
    assert stage.olga.client.post(control, data={"action": "suspend"}).status_code == 422
    assert stage.olga.client.post(control, data={"action": "resume", "reason": "none"}).status_code == 422
    assert stage.olga.client.post(control, data={"action": "suspend", "reason": "fault"}).status_code == 303
    page = text_of(stage.carol.client.get(stage.url))
    assert "The end moves by the length of the suspension." in page
    assert "Reason given by the operator: fault" in page
    refused = send_bid(stage, stage.carol.client, "100000.00")
    assert "The auction is suspended" in text_of(refused)
    assert stage.olga.client.post(control, data={"action": "resume", "reason": "mended"}).status_code == 303
    assert stage.olga.client.post(control, data={"action": "cancel", "reason": "court"}).status_code == 303
    assert "Bidding is over." in text_of(stage.carol.client.get(stage.url))
    assert stage.carol.client.post(control, data={"action": "cancel", "reason": "x"}).status_code == 403


def test_a_bank_announces_an_auction_from_the_lot(app: Flask, clock: FixedClock) -> None:
    alice = somebody(app, InstitutionKind.BANK, "Alice", "Bank of Taishan")
    with atomic() as session:
        lot = a_lot(session, alice.institution)
    address = f"/lots/{lot.id}/auction"
    fragment = text_of(alice.client.get(address))
    assert "No auction is announced" in fragment
    assert f"{address}/schedule" in fragment
    page = text_of(alice.client.get(f"{address}/schedule"))
    assert 'value="2026-03-10T10:00"' in page
    early = {"opens_at": "2026-03-04T10:00", "closes_at": "2026-03-05T10:00"}
    refused = alice.client.post(f"{address}/schedule", data=early)
    assert refused.status_code == 422
    assert "The notice is too short" in text_of(refused)
    good = {"opens_at": "2026-03-10T10:00", "closes_at": "2026-03-11T10:00"}
    announced = alice.client.post(f"{address}/schedule", data=good)
    assert announced.status_code == 303
    assert "scheduled" in text_of(alice.client.get(announced.headers["Location"]))
    assert "2026-03-10 10:00" in text_of(alice.client.get(address))
    assert "Two-phase winding" in text_of(alice.client.get("/auctions?show=upcoming"))
    assert alice.client.post(f"{address}/schedule", data=good).status_code == 409
    mallory = somebody(app, InstitutionKind.BANK, "Mallory", "Other Bank")
    assert mallory.client.get(f"{address}/schedule").status_code == 404


def test_the_lists_follow_the_auction(app: Flask, client: FlaskClient, clock: FixedClock) -> None:
    stage = a_stage(app, clock)
    stage.bid(stage.carol, "130000.00")
    for address in ("/auctions", "/auctions/now", f"/lots/{stage.lot.id}/auction"):
        assert "130,000.00 CNY" in text_of(client.get(address, headers=ENGLISH)), address
    assert "You are leading" in text_of(stage.carol.client.get("/auctions/today"))
    assert "sell" in text_of(stage.alice.client.get("/auctions/today"))
    assert "Two-phase winding" in text_of(stage.olga.client.get("/auctions/today"))
    clock.advance(hours=24)
    stage.carol.signs_in()
    assert "Nobody can bid any more" in text_of(stage.carol.client.get(stage.url))
    stage.closes(clock)
    assert "You have won" in text_of(stage.carol.client.get(stage.url))
    assert "130,000.00 CNY" in text_of(client.get("/auctions?show=ended", headers=ENGLISH))
    assert client.get("/auctions?show=nonsense").status_code == 404
    assert client.get("/auctions?page=0").status_code == 404
    assert stage.alias("carol") in text_of(stage.alice.client.get(f"{stage.url}/bidders"))


def test_too_many_bids_within_a_minute_are_told_so(
    app: Flask, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limiter, "enabled", True)
    stage = a_stage(app, clock)
    address = f"/api{stage.url}/bids"
    body = {"action": "bid", "amount": "1.00"}
    for _ in range(60):
        answer = stage.carol.client.post(address, json=body | {"idempotency_key": uuid.uuid4().hex})
        assert answer.status_code == 422
    late = stage.carol.client.post(address, json=body | {"idempotency_key": uuid.uuid4().hex})
    assert late.status_code == 429
    assert "60 bids within a minute" in late.get_json()["error"]
    other = stage.dave.client.post(address, json=body | {"idempotency_key": uuid.uuid4().hex})
    assert other.status_code == 422


def test_the_api_bids_and_explains(app: Flask, client: FlaskClient, clock: FixedClock) -> None:
    stage = a_stage(app, clock)
    address = f"/api{stage.url}/bids"
    key = uuid.uuid4().hex
    body = {"action": "bid", "amount": "100000.00", "idempotency_key": key}
    first = stage.carol.client.post(address, json=body)
    assert (first.status_code, first.get_json()["decision"]) == (201, "accepted")
    assert stage.carol.client.post(address, json=body).get_json() == first.get_json()
    low = stage.dave.client.post(address, json=body | {"idempotency_key": uuid.uuid4().hex})
    assert low.status_code == 422
    assert low.get_json()["reason"] == "below_minimum"
    assert "101,000.00 CNY" in low.get_json()["error"]
    wrongs: list[object] = [{}, [], {"action": "bid", "amount": 5}, body | {"action": "cancel"}]
    for wrong in [*wrongs, body | {"amount": 1}, body | {"idempotency_key": 12345678}]:
        assert stage.carol.client.post(address, json=wrong).status_code == 422
    assert client.get(f"/api{stage.url}").get_json()["price"] == "100000.00"
    assert client.get("/api/auctions").get_json()["auctions"][0]["leader"] == stage.alias("carol")
    assert client.get(address).get_json()["bids"][0]["bidder"] == stage.alias("carol")
    assert client.post(address, json=body).status_code == 401


def test_the_journal_shows_refusals_to_the_seller_and_maxima_to_nobody(
    app: Flask, client: FlaskClient, clock: FixedClock
) -> None:
    stage = a_stage(app, clock)
    stage.bid(stage.carol, "166666.00", Action.PROXY)
    stage.bid(stage.dave, "100500.00")
    address = f"{stage.url}/journal"
    public = text_of(client.get(address, headers=ENGLISH))
    assert "100,000.00 CNY" in public
    assert "100,500.00" not in public
    for reader in (stage.alice, stage.olga):
        whole = text_of(reader.client.get(address))
        assert "100,500.00 CNY" in whole
        assert "refused:below_minimum" in whole
        assert "166,666" not in whole
    stage.closes(clock)
    for window in (stage.alice.client, stage.olga.client, client):
        assert "166,666" not in text_of(window.get(address, headers=ENGLISH))
