"""A key that is replaced: what it signed stays provable, and the page says which key was used when."""

from dataclasses import replace
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from live_cast import a_stage
from sqlalchemy import text, update

from auctions import invariants, keys, receipts
from auctions.confirmations.issuing import issue_due
from auctions.models import Auction, Confirmation, JournalEntry
from auctions.record.form import parse
from auctions.record.verify import verify
from auctions.record.writing import write_record
from marketplace.clock import FixedClock
from marketplace.db import atomic, db

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def rotate(app: Flask, seed: bytes) -> str:
    """Give the marketplace another key; returns its fingerprint."""
    app.extensions["settings"] = replace(app.extensions["settings"], receipt_key=seed)
    return keys.own_key().fingerprint


def problems() -> set[str]:
    with atomic() as session:
        return {name for name, question in invariants.CHECKS if question(session)}


def test_receipts_and_records_survive_a_new_key(app: Flask, client: FlaskClient, clock: FixedClock) -> None:
    stage = a_stage(app, clock)
    keys.note_key()
    first = keys.own_key().fingerprint
    entry = stage.bid(stage.dave, "125000.00")
    signed_with = keys.own_key().public_key
    clock.advance(hours=1)
    second = rotate(app, b"\x07" * 32)
    assert keys.note_key() == 1
    stage.bid(stage.carol, "130000.00")
    stage.closes(clock)
    assert problems() == set()
    with atomic() as session:
        written = write_record(session, session.get_one(Auction, stage.auction.id), "luochui-test")
    answer = verify(parse(written), [first, second])
    assert answer["ok"]
    assert answer["keys"] == [second, first]
    assert not verify(parse(written), [second])["ok"]
    receipt = stage.dave.client.get(f"{stage.url}/receipts/{entry.sequence}").get_data(as_text=True)
    assert signed_with.splitlines()[1] in unescape(receipt)
    page = client.get("/keys").get_data(as_text=True)
    assert page.index(second) < page.index(first)
    [new, old] = client.get("/api/receipt-key").get_json()["keys"]
    assert (new["in_use"], old["in_use"]) == (True, False)
    assert old["since"] < new["since"]


def test_a_key_that_was_never_noted_is_found(app: Flask, clock: FixedClock) -> None:
    stage = a_stage(app, clock)
    stage.bid(stage.dave, "125000.00")
    rotate(app, b"\x07" * 32)
    assert problems() == {"every receipt verifies"}


def test_planted_faults_are_found(app: Flask, clock: FixedClock) -> None:
    stage = a_stage(app, clock)
    stage.bid(stage.dave, "125000.00")
    stage.closes(clock)
    issue_due()
    assert problems() == set()
    with atomic() as session:
        for table in ("journal_entries", "confirmations"):
            session.execute(text(f"DROP TRIGGER {table}_no_update"))
        plain = {"synchronize_session": False}
        session.execute(update(JournalEntry).values(receipt="AAAA"), execution_options=plain)
        session.execute(update(Confirmation).values(document=b"%PDF-1.3"), execution_options=plain)
    db.session.expire_all()
    assert problems() >= {
        "the records of the newest auctions pass every check",
        "confirmations are as they were issued",
        "every receipt verifies",
    }


def test_what_is_no_key_has_no_fingerprint(app: Flask) -> None:
    for pem in ("", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "…"):
        assert receipts.fingerprint(pem) is None
