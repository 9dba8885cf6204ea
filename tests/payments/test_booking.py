"""Booking through the service: promises end once, keys count once, and the rows prove the accounts."""

import uuid

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from marketplace.db import atomic, db
from marketplace.errors import Conflict, Refused
from payments import ledger, proofs
from payments.ledger import AccountName, Phase, Purpose, Standing
from payments.models import LedgerEntry, LedgerTransaction
from payments.rules import Method, Reason
from payments.service import books

BANK = ledger.cash(Method.BANK_TRANSFER, "CNY")
OWN = AccountName(Purpose.BUYER_BALANCE, "CNY", None, "carol")
SUBJECT = uuid.UUID(int=7)


def book(session: Session, key: str, minor: int) -> LedgerTransaction:
    postings = ledger.movement(BANK, OWN, minor)
    return books.post(session, key, subject_id=SUBJECT, lot_id=None, postings=postings)


def promise(session: Session, key: str, minor: int) -> LedgerTransaction:
    """Carol's money will go out of the bank."""
    postings = ledger.movement(OWN, BANK, minor)
    return books.pend(session, key, subject_id=SUBJECT, lot_id=None, postings=postings)


def standing(name: AccountName) -> Standing:
    with atomic() as session:
        assert not [problem for _, question in proofs.CHECKS for problem in question(session)]
        return books.account(session, name).standing


def test_a_promise_binds_and_is_confirmed_in_part(app: Flask) -> None:
    with atomic() as session:
        book(session, "in", 100)
        first = promise(session, "out", 80)
        assert books.available(session, OWN) == 20
        assert books.balance(session, OWN) == 100
    assert standing(OWN) == Standing(-100, pending_debit=80)
    assert standing(BANK) == Standing(100, pending_credit=80)
    with pytest.raises(Refused), atomic() as session:
        promise(session, "more", 21)
    with atomic() as session:
        (found,) = books.promises(session, SUBJECT)
        assert found.id == first.id
        ending = books.confirm(session, found, "paid", minor=50)
        assert (ending.phase, ending.resolves_id) == (Phase.POSTED, first.id)
        assert len(ending.entries) == 4
    assert (standing(OWN), standing(BANK)) == (Standing(-50), Standing(50))
    with atomic() as session:
        assert books.promises(session, SUBJECT) == []


def test_a_promise_ends_once(app: Flask) -> None:
    with atomic() as session:
        book(session, "in", 100)
        made = promise(session, "out", 80)
        books.void(session, made, "gone")
        assert books.void(session, made, "gone").key == "gone"
    with pytest.raises(Conflict) as refused, atomic() as session:
        books.confirm(session, session.get_one(LedgerTransaction, made.id), "paid")
    assert refused.value.reason is Reason.PROMISE_ENDED
    assert standing(OWN) == Standing(-100)


def test_only_a_promise_can_be_ended(app: Flask) -> None:
    with pytest.raises(AssertionError), atomic() as session:
        books.void(session, book(session, "in", 100), "gone")


def test_a_key_that_was_booked_changes_nothing_even_when_the_money_is_gone(app: Flask) -> None:
    with atomic() as session:
        book(session, "in", 100)
        out = ledger.movement(OWN, BANK, 100)
        paid = books.post(session, "out", subject_id=SUBJECT, lot_id=None, postings=out)
    with atomic() as session:
        again = books.post(session, "out", subject_id=SUBJECT, lot_id=None, postings=out)
        assert again.id == paid.id
        assert session.scalar(select(func.count(LedgerEntry.id))) == 4


def test_what_a_savepoint_takes_back_is_not_remembered(app: Flask) -> None:
    with atomic() as session:
        book(session, "in", 100)
        with session.begin_nested() as point:
            book(session, "more", 50)
            point.rollback()
        assert books.balance(session, OWN) == 100
        book(session, "later", 1)
    assert standing(OWN) == Standing(-101)


def test_two_lots_in_one_transaction_are_refused(app: Flask) -> None:
    one, other = (
        AccountName(Purpose.BUYER_BALANCE, "CNY", uuid.UUID(int=number), "carol") for number in (1, 2)
    )
    with pytest.raises(Refused) as refused:
        ledger.after({one: Standing(-5)}, ledger.movement(one, other, 5))
    assert refused.value.reason is Reason.TWO_LOTS


@pytest.mark.parametrize("table", ["ledger_entries", "ledger_transactions", "reconciliations"])
def test_the_database_refuses_to_change_the_ledgers_history(app: Flask, table: str) -> None:
    with atomic() as session:
        book(session, "in", 100)
        columns = {"person_id": None, "began_at": "2026-03-02 02:00:00", "ended_at": "2026-03-02 02:00:00"}
        row = columns | {"id": uuid.uuid4().hex, "agrees": True, "n": 0, "json": "{}"}
        statement = (
            "INSERT INTO reconciliations (id, person_id, began_at, ended_at, agrees, compared,"
            " difference_count, differences)"
            " VALUES (:id, :person_id, :began_at, :ended_at, :agrees, :json, :n, :json)"
        )
        session.execute(text(statement), row)
    for change in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):  # noqa: S608 - a name from above
        with pytest.raises(DBAPIError, match="only added to"), db.engine.begin() as connection:
            connection.execute(text(change))
