"""The feed, one record, the register and the rights: who sees how much, and that nothing is missing."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace import clock as system_clock
from marketplace.clock import FixedClock
from marketplace.db import atomic
from transactions.disclosure.models import ExactRead, PoolAdmission
from transactions.log import tree
from transactions.models import TransactionRecord
from transactions.sharing.models import ContributorReading
from transactions.sharing.rules import reading as rules
from transactions.sharing.schema_files import check

from .contributing import API, Sender, a_contributor, ask

PARENT = {"seller_parent_number": "91340100MA2XXXXXX1"}


@pytest.fixture
def sender(app: Flask) -> Sender:
    return a_contributor()


def admit_to_pool(session: Session) -> None:
    """As a release does that found enough sales alike."""
    with atomic() as writing:
        for row in writing.scalars(select(TransactionRecord).where(TransactionRecord.consent_tier == "pool")):
            writing.add(PoolAdmission(record_id=row.id, admitted_at=system_clock.now()))


def test_the_feed_has_no_gap_and_hides_what_is_not_the_readers(
    sender: Sender, client: FlaskClient, session: Session
) -> None:
    tiers = ("public", "price_only", "pool", "sealed")
    lines = [sender.sale(tier, consent_tier=tier, price_minor=12_345_600, **PARENT) for tier in tiers]
    assert sender.send(client, *lines).status_code == 201
    everybody = ask(client, f"{API}/feed").json
    check(everybody, "feed")
    assert [entry["offset"] for entry in everybody["entries"]] == [0, 1, 2, 3]
    assert [entry["change"] for entry in everybody["entries"]] == ["recorded"] * 2 + ["withheld"] * 2
    assert "title" in everybody["entries"][0]["record"]
    assert "title" not in everybody["entries"][1]["record"]
    assert set(everybody["entries"][3]) == {"offset", "leaf_hash", "change", "why"}
    own = sender.read(client, "/feed").json
    check(own, "feed")
    assert [entry["record"]["price_minor"] for entry in own["entries"]] == [12_345_600] * 4
    assert all(entry["own"] for entry in own["entries"])
    noted = session.scalars(select(ExactRead)).all()
    assert [(one.read_by, str(one.purpose)) for one in noted] == [("hefei-exchange", "feed")] * 2
    session.rollback()
    other = a_contributor("wuhu-exchange")
    theirs = other.read(client, "/feed").json["entries"]
    assert [entry["change"] for entry in theirs] == ["recorded"] * 2 + ["withheld"] * 2
    hashes = [entry["leaf_hash"] for entry in everybody["entries"]]
    assert hashes == [entry["leaf_hash"] for entry in own["entries"]]
    assert hashes == list(
        session.scalars(select(TransactionRecord.leaf_hash).order_by(TransactionRecord.leaf_index))
    )
    assert not any(PARENT["seller_parent_number"] in str(page) for page in (everybody, own, theirs))


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_pages_of_the_feed_meet_and_corrections_come_last(sender: Sender, client: FlaskClient) -> None:
    sent = sender.send(client, *(sender.sale(str(number)) for number in range(5))).json["lines"]
    whole = ask(client, f"{API}/feed").json["entries"]
    paged: list[Any] = []
    offset, complete = 0, False
    while not complete:
        page = ask(client, f"{API}/feed?offset={offset}&limit=2").json
        check(page, "feed")
        paged, offset, complete = paged + page["entries"], page["next_offset"], page["complete"]
    assert paged == whole
    assert ask(client, f"{API}/feed?offset=5").json["entries"] == []
    old = sent[1]["receipt"]["record"]
    newer = sender.send(client, sender.correction("x", old, price_minor=7)).json["lines"][0]["receipt"]
    sender.send(client, sender.reversal("y", newer["record"]))
    later = ask(client, f"{API}/feed?offset={offset}").json
    assert [(one["offset"], one["change"], one["record"]["corrects"]) for one in later["entries"]] == [
        (5, "corrected", old),
        (6, "reversed", newer["record"]),
    ]
    # What was read before is still there as it was.
    assert ask(client, f"{API}/feed?limit=5").json["entries"] == whole


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
@pytest.mark.parametrize("query", ["offset=-1", "offset=x", "offset=1.5", "limit=0", "limit=501", "offset=²"])
def test_offsets_that_are_none(client: FlaskClient, query: str) -> None:
    answer = ask(client, f"{API}/feed?{query}")
    assert (answer.status_code, answer.json["reason"]) == (422, "offset_out_of_range")
    assert answer.json["field"] == query.partition("=")[0]


def test_the_pool_opens_to_those_who_contribute(
    sender: Sender, client: FlaskClient, session: Session, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "_FIRST_RECORD", 1)
    monkeypatch.setattr(rules, "_EACH_RECORD", 1)
    pooled = [
        sender.sale(str(number), consent_tier="pool", price_minor=12_345_600 + number, **PARENT)
        for number in range(4)
    ]
    sender.send(client, *pooled)
    admit_to_pool(session)
    reader = a_contributor("wuhu-exchange")

    def sees() -> tuple[int, int]:
        page = reader.read(client, "/pool").json
        check(page, "pool")
        return len(page["entries"]), page["kept_back"]

    assert sees() == (0, 4)
    reader.send(client, reader.sale("own"))
    assert reader.read(client, "/rights").json["quota"] == 2
    for _ in range(2):
        assert sees() == (2, 2)
    view = reader.read(client, "/pool").json["entries"][0]
    assert (view["record"]["price_minor"], view["quarter"]) == (12_000_000, "2024Q2")
    assert {"title", "source_marketplace"} <= set(view["withheld"])
    # Its place in the log or the moment of its recording would tell the day where the view tells the quarter.
    assert set(view) == {"record", "withheld", "coarse", "quarter"}
    feed = reader.read(client, "/feed").json["entries"][:4]
    assert {one["change"] for one in feed} == {"withheld"}
    rights = reader.read(client, "/rights").json
    assert (rights["earning_records"], rights["used"], rights["left"]) == (1, 2, 0)
    assert len(session.scalars(select(ContributorReading)).all()) == 2
    reader.send(client, reader.sale("second"))
    assert sees() == (3, 1)
    assert sender.read(client, "/pool").json["entries"] == []  # its own are in the feed, whole
    assert ask(client, f"{API}/pool").status_code == 403
    # A month later what was read counts no longer; a year later neither does what was contributed.
    clock.advance(days=31)
    assert reader.read(client, "/rights").json["left"] == 3
    clock.advance(days=340)
    assert reader.read(client, "/rights").json["quota"] == 0


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_one_record_with_its_proof(sender: Sender, client: FlaskClient) -> None:
    lines = [sender.sale(tier, consent_tier=tier, **PARENT) for tier in ("price_only", "sealed")]
    first, second = (line["receipt"] for line in sender.send(client, *lines).json["lines"])
    shown = ask(client, f"{API}/records/{first['record']}").json
    check(shown, "entry")
    proof = shown["proof"]
    assert tree.leaf_hash(proof["leaf_data"].encode()).hex() == first["leaf_hash"]
    assert proof["shown"]["price_minor"]["value"] == 10_000_000
    assert not {"title", "seller_parent", "claims"} & set(proof["shown"])
    assert ask(client, f"{API}/records/{second['record']}").status_code == 404
    assert ask(client, f"{API}/records/{uuid.uuid4()}").status_code == 404
    own = sender.read(client, f"/records/{second['record']}").json
    assert own["record"]["title"] == own["proof"]["shown"]["title"]["value"] == "A pump"


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_signed_requests_that_do_not_count(sender: Sender, client: FlaskClient, clock: FixedClock) -> None:
    target = f"{API}/feed?offset=0"
    good = sender.headers(target)
    assert ask(client, target, headers=good).status_code == 200

    def refused(path: str = target, **changes: str) -> tuple[int, str, str]:
        headers = good | {f"Luochui-{name.capitalize()}": value for name, value in changes.items()}
        answer = ask(client, path, headers=headers)
        return answer.status_code, answer.json["reason"], answer.json["field"]

    assert refused(f"{API}/feed?offset=1") == (403, "signature_wrong", "Luochui-Signature")
    assert refused(signature="nonsense") == (403, "signature_wrong", "Luochui-Signature")
    assert refused(signature="") == (422, "unsigned", "Luochui-Signature")
    assert refused(key="0" * 64) == (403, "key_unknown", "Luochui-Key")
    assert refused(contributor="nobody") == (403, "unknown_contributor", "contributor")
    assert refused(time="yesterday") == (422, "malformed", "Luochui-Time")
    clock.move_to(clock() + timedelta(minutes=6))
    assert refused() == (422, "time_wrong", "Luochui-Time")
    assert ask(client, f"{API}/rights").status_code == 403


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_the_register_for_programs(sender: Sender, client: FlaskClient) -> None:
    sender.send(client, sender.sale("1"), sender.sale("2"))
    one = ask(client, f"{API}/contributors/{sender.code}").json
    assert (one["records"], one["keys"][0]["public_key"]) == (2, sender.public_key)
    check({name: value for name, value in one.items() if name != "sandbox"}, "contributor")
    listed = ask(client, f"{API}/contributors").json
    assert [row["code"] for row in listed["contributors"]] == [sender.code]
    assert ask(client, f"{API}/contributors/nobody").status_code == 404
