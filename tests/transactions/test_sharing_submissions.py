"""Submitting over the API: signed, in bulk, once; and everything that is refused."""

import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.web import limiter
from transactions import queries
from transactions.log import signing, verification
from transactions.models import TransactionRecord
from transactions.sharing.models import Contributor, Submission
from transactions.sharing.rules.contributors import ContributorKind, ContributorStatus
from transactions.sharing.rules.statements import receipt_statement
from transactions.sharing.schema_files import check

from .contributing import API, SALE, Sender, a_contributor


@pytest.fixture
def sender(app: Flask) -> Sender:
    return a_contributor()


def records(session: Session) -> list[TransactionRecord]:
    session.rollback()
    return list(session.scalars(select(TransactionRecord).order_by(TransactionRecord.leaf_index)))


def test_the_life_of_submissions(sender: Sender, client: FlaskClient, session: Session) -> None:
    """New, known again, other content, corrected, reversed: each with its line, and the log holds."""
    first = sender.send(client, sender.sale("1"), sender.sale("2", price_minor=500), sender.sale("1"))
    assert first.status_code == 201, first.text
    assert [line["status"] for line in first.json["lines"]] == ["accepted", "accepted", "repeated"]
    check(first.json, "result")
    receipt = first.json["lines"][0]["receipt"]
    assert receipt == first.json["lines"][2]["receipt"]
    key = signing.public_key(bytes(range(32)))
    assert receipt["public_key"] == key
    assert signing.is_signed(key, receipt["signature"], receipt_statement(receipt))
    again = sender.send(client, sender.sale("1"))
    assert (again.status_code, again.json["lines"][0]["receipt"]) == (200, receipt)
    other = sender.send(client, sender.sale("1", price_minor=1))
    assert (other.status_code, other.json["lines"][0]["reason"]) == (409, "other_content")
    corrected = sender.send(client, sender.correction("1b", receipt["record"], price_minor=11_000_000))
    assert corrected.status_code == 201, corrected.text
    newer = corrected.json["lines"][0]["receipt"]["record"]
    twice = sender.send(client, sender.correction("1c", receipt["record"], price_minor=12))
    assert (twice.status_code, twice.json["lines"][0]["reason"]) == (409, "already_corrected")
    reversed_ = sender.send(client, sender.reversal("1d", newer))
    assert reversed_.status_code == 201, reversed_.text
    last = reversed_.json["lines"][0]["receipt"]["record"]
    assert sender.send(client, sender.reversal("1e", last)).json["lines"][0]["reason"] == "not_sold"
    stored = records(session)
    assert [row.leaf_index for row in stored] == [0, 1, 2, 3]
    assert [row.price_minor for row in stored] == [10_000_000, 500, 11_000_000, 11_000_000]
    assert [str(row.outcome) for row in stored][2:] == ["sold", "reversed"]
    assert {row.source_marketplace for row in stored} == {"hefei-exchange"}
    assert len(session.scalars(queries.current_records()).all()) == 2
    assert verification.verify(session, "luochui-test", key).problems == ()


def test_lines_are_taken_or_refused_one_by_one(sender: Sender, client: FlaskClient, session: Session) -> None:
    good, wrong = sender.sale("1"), sender.sale("2")
    wrong["record"] = {**wrong["record"], "price_minor": 1}
    stranger = Sender("hefei-exchange", bytes(32)).sale("3")
    answer = sender.send(
        client,
        good,
        wrong,
        stranger,
        sender.sale("4", price_minor=None),
        sender.sale("5", proof_grade="A"),
        sender.sale("6", proof_grade="C"),
        sender.sale("7", consent_tier="sealed"),
        sender.sale("8", sold_on="2024-02-30"),
        sender.sale("9", colour="red"),
        sender.correction("10", "00000000-0000-4000-8000-000000000000", price_minor=1),
        sender.correction("11", "00000000-0000-4000-8000-000000000000", source_id="x"),
        "no line",
    )
    assert answer.status_code == 207, answer.text
    check(answer.json, "result")
    told = [(line["code"], line.get("reason"), line.get("field")) for line in answer.json["lines"]]
    assert told == [
        (201, None, None),
        (403, "signature_wrong", "signature"),
        (403, "key_unknown", "key"),
        (422, "price_missing", "price_minor"),
        (422, "grade_too_high", "proof_grade"),
        (422, "evidence_needed", "evidence_url"),
        (422, "parent_needed", "record.seller_parent_number"),
        (422, "malformed", "record.sold_on"),
        (422, "field_unknown", "record.colour"),
        (404, "not_your_record", "corrects"),
        (422, "field_unknown", "changes.source_id"),
        (422, "wrong_type", None),
    ]
    assert (answer.json["accepted"], answer.json["refused"]) == (1, 11)
    assert len(records(session)) == 1


def test_anothers_record_is_not_there(sender: Sender, client: FlaskClient) -> None:
    other = a_contributor("wuhu-court", kind=ContributorKind.COURT)
    theirs = other.send(client, other.sale("1", proof_grade="A")).json["lines"][0]["receipt"]["record"]
    answer = sender.send(client, sender.correction("x", theirs, price_minor=5))
    assert (answer.status_code, answer.json["lines"][0]["reason"]) == (404, "not_your_record")


def test_two_corrections_of_one_record_in_one_submission(sender: Sender, client: FlaskClient) -> None:
    old = sender.send(client, sender.sale("1")).json["lines"][0]["receipt"]["record"]
    answer = sender.send(
        client, sender.correction("a", old, price_minor=5), sender.correction("b", old, price_minor=6)
    )
    assert [line["code"] for line in answer.json["lines"]] == [201, 409]


def test_the_same_number_of_another_contributor_is_another_line(sender: Sender, client: FlaskClient) -> None:
    other = a_contributor("wuhu-exchange")
    assert sender.send(client, sender.sale("1")).status_code == 201
    assert other.send(client, other.sale("1")).status_code == 201
    stolen = {"contributor": other.code, "lines": [sender.sale("2")]}
    answer: Any = client.post(f"{API}/submissions", json=stolen)
    assert (answer.status_code, answer.json["lines"][0]["reason"]) == (403, "key_unknown")


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        (b"{", (422, "not_json", None)),
        (b"\xff", (422, "not_json", None)),
        (b"[" * 100_000, (422, "not_json", None)),
        (b"[]", (422, "wrong_type", None)),
        (b'{"lines": []}', (422, "field_missing", "contributor")),
        (b'{"contributor": "hefei-exchange", "lines": {}}', (422, "wrong_type", "lines")),
        (b'{"contributor": "hefei-exchange", "lines": []}', (422, "too_many_lines", "lines")),
        (b'{"contributor": "hefei-exchange", "lines": [1], "more": 1}', (422, "field_unknown", "more")),
        (b'{"contributor": "nobody", "lines": [1]}', (403, "unknown_contributor", "contributor")),
        (b'{"contributor": "hefei-exchange", "lines": [{"id": 1.0}]}', (422, "not_plain", None)),
        (b'{"contributor": "hefei-exchange", "lines": [{"id": NaN}]}', (422, "not_plain", None)),
        (b'{"contributor": "hefei-exchange", "lines": [{"id": 1, "id": 2}]}', (422, "not_plain", None)),
        (b'{"contributor": "hefei-exchange", "lines": [{"id": "\\u0000"}]}', (422, "not_plain", None)),
        (b'{"contributor": "hefei-exchange", "lines": [{"\\ud800": 1}]}', (422, "not_plain", None)),
    ],
)
def test_what_is_no_submission(
    sender: Sender, client: FlaskClient, body: bytes, refusal: tuple[int, str, str | None]
) -> None:
    answer: Any = client.post(f"{API}/submissions", data=body, content_type="application/json")
    assert (answer.status_code, answer.json["reason"], answer.json["field"]) == refusal
    check(answer.json, "error")
    assert answer.headers["Luochui-Sandbox"] == "no"


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_limits_of_a_submission(sender: Sender, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    line = sender.sale("1")
    many: Any = client.post(f"{API}/submissions", json={"contributor": sender.code, "lines": [line] * 1001})
    assert (many.status_code, many.json["reason"]) == (422, "too_many_lines")
    monkeypatch.setattr(limiter, "enabled", True)
    codes = [client.post(f"{API}/submissions", data=b"{").status_code for _ in range(31)]
    assert (codes[0], codes[-1]) == (422, 429)
    monkeypatch.setattr(limiter, "enabled", False)
    large: Any = client.post(f"{API}/submissions", data=b" " * (8 * 1024 * 1024 + 1))
    assert large.status_code == 413


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
@pytest.mark.parametrize("status", sorted(set(ContributorStatus) - {ContributorStatus.ADMITTED}))
def test_only_the_admitted_write(app: Flask, client: FlaskClient, status: ContributorStatus) -> None:
    sender = a_contributor(status=status)
    answer = sender.send(client, sender.sale("1"))
    assert (answer.status_code, answer.json["reason"]) == (403, "not_admitted")


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_keys_count_in_their_time(
    sender: Sender, client: FlaskClient, session: Session, clock: FixedClock
) -> None:
    assert sender.send(client, sender.sale("1")).status_code == 201
    with atomic() as writing:
        (key,) = writing.scalars(select(Contributor)).one().keys
        key.revoked_at, key.revocation_reason = clock(), "lost"
    answer = sender.send(client, sender.sale("2"))
    assert (answer.status_code, answer.json["lines"][0]["reason"]) == (403, "key_not_valid")
    # What was signed while it counted is still known.
    assert sender.send(client, sender.sale("1")).status_code == 200
    assert len(session.scalars(select(Submission)).all()) == 1


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_signature_for_a_sandbox_is_none_here(sender: Sender, client: FlaskClient) -> None:
    trying = Sender(sender.code, sender.seed, sandbox=True)
    answer = trying.send(client, trying.sale("1"))
    assert answer.json["lines"][0]["reason"] == "signature_wrong"


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_the_parent_is_kept_as_a_token_alone(sender: Sender, client: FlaskClient, session: Session) -> None:
    number = "91340100MA2CANARY1"
    line = sender.sale("1", consent_tier="sealed", seller_parent_number=number)
    assert sender.send(client, line).status_code == 201
    (stored,) = records(session)
    assert len(stored.seller_parent) == 32
    kept = json.dumps([repr(vars(row)) for row in (*records(session), *session.scalars(select(Submission)))])
    assert number not in kept
    assert SALE["title"] in kept
