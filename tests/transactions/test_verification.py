"""A changed byte anywhere is found, and what must hold is asked."""

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from marketplace.clock import FixedClock
from marketplace.db import atomic
from transactions import invariants, service
from transactions.invariants import CHECKS
from transactions.log import signing, verification
from transactions.models import TransactionRecord

from .sale_builders import a_completed_deal, a_sale_of, an_ended_auction
from .tampering import tamper

KEY = bytes(range(32))


def problems(session: Session) -> list[str]:
    session.rollback()
    session.expire_all()
    return list(verification.verify(session, "luochui-test", signing.public_key(KEY)).problems)


@pytest.fixture
def five(session: Session) -> list[TransactionRecord]:
    with atomic() as writing:
        return service.append(writing, [a_sale_of(number) for number in range(5)])


def test_an_honest_log_verifies(app: Flask, five: list[TransactionRecord], session: Session) -> None:
    assert problems(session) == []
    answer = app.test_cli_runner().invoke(args=["transactions", "verify", "--json"])
    facts = json.loads(answer.output)
    assert (answer.exit_code, facts["ok"], facts["records"], facts["checkpoints"]) == (0, True, 5, 1)


CHANGES = (
    "price_minor = price_minor + 1",
    "title = 'A pumq'",
    "sold_on = '2025-06-02'",
    "evidence_url = 'https://example.com'",
    "salt = ''",
    "currency = 'USD'",
    "leaf_hash = '" + "0" * 64 + "'",
    "recorded_at = '2026-03-02 02:00:01.000000'",
)


def test_a_changed_byte_is_found(app: Flask, session: Session) -> None:
    with atomic() as writing:
        service.append(writing, [a_sale_of(number) for number in range(len(CHANGES) + 1)])
    for leaf, change in enumerate(CHANGES):
        tamper(f"UPDATE transaction_records SET {change} WHERE leaf_index = {leaf}")  # noqa: S608
    found = problems(session)
    for leaf in range(len(CHANGES)):
        assert any(problem.startswith(f"leaf {leaf}: ") for problem in found), CHANGES[leaf]
    assert not any(problem.startswith(f"leaf {len(CHANGES)}: ") for problem in found)
    answer = app.test_cli_runner().invoke(args=["transactions", "verify"])
    assert answer.exit_code == 1
    assert "differs: leaf 3" in answer.output


def test_a_rewritten_record_with_a_fitting_leaf_is_found_by_the_signed_root(
    five: list[TransactionRecord], session: Session
) -> None:
    tamper("UPDATE transaction_records SET leaf_index = leaf_index + 10 WHERE leaf_index IN (1, 2)")
    tamper("UPDATE transaction_records SET leaf_index = 2 WHERE leaf_index = 11")
    tamper("UPDATE transaction_records SET leaf_index = 1 WHERE leaf_index = 12")
    assert problems(session) == [
        "node 1/0 is not made of the two below it",
        "node 1/1 is not made of the two below it",
        "checkpoint 5: the records give another root",
        "4 inclusion proofs fail, the first of leaf 0",
    ]


def test_a_missing_record_is_found(five: list[TransactionRecord], session: Session) -> None:
    tamper("DELETE FROM transaction_records WHERE leaf_index = 2")
    found = problems(session)
    assert "leaf 2 is missing: the next record is leaf 3" in found
    assert "checkpoint 5: the log has only 4 records" in found


def test_forged_and_missing_checkpoints_are_found(five: list[TransactionRecord], session: Session) -> None:
    tamper("UPDATE checkpoints SET root = :root", root="1" * 64)
    assert problems(session) == [
        "checkpoint 5: the signature of luochui-test does not fit",
        "checkpoint 5: the note's signature of luochui-test does not fit",
        "checkpoint 5: the records give another root",
        "5 inclusion proofs fail, the first of leaf 0",
    ]
    tamper("DELETE FROM checkpoints")
    assert problems(session) == [
        "checkpoint_signatures: 1 rows belong to no checkpoint",
        "5 records stand in no signed checkpoint",
    ]


def test_a_checkpoint_by_another_key_is_found(five: list[TransactionRecord], session: Session) -> None:
    other = signing.public_key(bytes(32))
    found = verification.verify(session, "luochui-test", other).problems
    assert set(found) == {"checkpoint 5: signed for this marketplace with another key"}
    assert verification.verify(session, "somebody else", other).problems == ()


def answers(session: Session) -> dict[str, list[str]]:
    session.rollback()
    session.expire_all()
    return {name: question(session) for name, question in CHECKS}


def test_the_invariants_hold_after_a_sale(session: Session) -> None:
    with atomic() as writing:
        a_completed_deal(writing)
        an_ended_auction(writing)
        service.append(writing, [a_sale_of(1)])
    while _step():
        pass
    assert not any(answers(session).values())


def _step() -> bool:
    with atomic() as writing:
        return service.record_due(writing)


def test_what_is_not_carried_within_an_hour_is_found(session: Session, clock: FixedClock) -> None:
    with atomic() as writing:
        a_completed_deal(writing)
        an_ended_auction(writing)
    clock.advance(hours=2)
    assert len(answers(session)["what has ended is recorded within an hour"]) == 2


def test_invariants_that_are_broken_are_found(session: Session, clock: FixedClock) -> None:
    with atomic() as writing:
        deal = a_completed_deal(writing)
    while _step():
        pass
    tamper("UPDATE transaction_records SET price_minor = 7, corrects = :id", id=deal.id.hex)
    found = answers(session)
    assert len(found["recorded prices are the prices of the deals"]) == 1
    assert len(found["the log verifies"]) == 3
    assert len(found["corrections name what they replace"]) == 1
    tamper("UPDATE transaction_records SET source_id = 'another', leaf_index = 4")
    found = answers(session)
    assert len(found["each record of this marketplace has its deal or auction"]) == 1
    assert found["the leaves of the log have no gap"] == ["1 leaves, the last is 4"]
    tamper("DELETE FROM transaction_records")
    found = answers(session)
    assert len(found["each carried sale has its record"]) == 1
    assert found["the leaves of the log have no gap"] == ["the head counts 1 of 0 leaves"]


def test_checkpoints_never_go_back_in_time(session: Session, clock: FixedClock) -> None:
    with atomic() as writing:
        service.append(writing, [a_sale_of(1)])
    clock.advance(hours=-1)
    with atomic() as writing:
        service.append(writing, [a_sale_of(2)])
    assert invariants.checkpoints_grow(session) == []
    tamper("UPDATE checkpoints SET at = '2020-01-01 00:00:00.000000' WHERE tree_size = 2")
    session.rollback()
    session.expire_all()
    assert invariants.checkpoints_grow(session) == ["checkpoint 2 is older than 1"]


def test_a_page_says_when_its_record_does_not_verify(
    app: Flask, client: FlaskClient, five: list[TransactionRecord], session: Session
) -> None:
    def page(number: int) -> str:
        session.rollback()
        session.expire_all()
        return client.get(f"/sales/{five[number].id}", headers={"Accept-Language": "en"}).text

    tamper("UPDATE transaction_records SET price_minor = 1 WHERE leaf_index = 3")
    assert "does not verify" in page(3)
    assert "does not verify" not in page(2)
    tamper("DELETE FROM transaction_records WHERE leaf_index = 0")
    assert "No signed checkpoint covers this record" in page(1)
    tamper("DELETE FROM checkpoints")
    assert "No signed checkpoint covers this record" in page(3)
    assert client.get(f"/sales/{five[3].id}/proof.json").get_json()["checkpoint"] is None
