"""Money under real concurrency on PostgreSQL: two workers, two officers, one balance."""

import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.errors import Conflict, Refused
from payments import ledger, proofs
from payments.models import Account, LedgerTransaction
from payments.rules import Method
from payments.service import books

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.parametrize("databases", ["postgresql"], indirect=True),
]

LOT_LESS = ledger.AccountName(ledger.Purpose.BUYER_BALANCE, "CNY", None, "carol")
BANK = ledger.cash(Method.BANK_TRANSFER, "CNY")


def at_once(app: Flask, work: Callable[[int], Any], count: int) -> list[Any]:
    """Run `work` in `count` threads that start together; answers or the refusals raised."""
    start, answers = threading.Barrier(count), [None] * count

    def run(index: int) -> None:
        with app.app_context():
            start.wait()
            try:
                answers[index] = work(index)
            except Refused as refused:
                answers[index] = refused.reason  # type: ignore[call-overload]

    threads = [threading.Thread(target=run, args=(index,)) for index in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def post(key: str, debit: ledger.AccountName, credit: ledger.AccountName, minor: int) -> None:
    with atomic() as session:
        movement = ledger.movement(debit, credit, minor)
        books.post(session, key, subject_id=uuid.uuid4(), lot_id=None, postings=movement)


def balance() -> int:
    with atomic() as session:
        return books.balance(session, LOT_LESS)


def test_one_balance_is_spent_once(app: Flask, clock: FixedClock) -> None:
    post("in", BANK, LOT_LESS, 1000)
    answers = at_once(app, lambda index: post(f"out:{index}", LOT_LESS, BANK, 300), 8)
    assert sorted(answer is None for answer in answers) == [False] * 5 + [True] * 3
    assert balance() == 100


def test_one_key_posts_once_and_one_account_is_opened_once(app: Flask, clock: FixedClock) -> None:
    # A key that two post at the same moment: the second waits for the account's lock, then finds it posted.
    at_once(app, lambda _: post("same", BANK, LOT_LESS, 10), 6)
    assert balance() == 10
    with atomic() as session:
        assert session.scalar(select(func.count(LedgerTransaction.id))) == 1
        assert session.scalar(select(func.count(Account.id))) == 2


def test_postings_in_opposite_directions_never_block_each_other(app: Flask, clock: FixedClock) -> None:
    post("in", BANK, LOT_LESS, 1000)
    other = ledger.AccountName(ledger.Purpose.BUYER_BALANCE, "CNY", None, "dave")
    post("in2", BANK, other, 1000)

    def swap(index: int) -> None:
        pair = (LOT_LESS, other) if index % 2 else (other, LOT_LESS)
        for step in range(10):
            post(f"swap:{index}:{step}", *pair, 1)

    assert at_once(app, swap, 6) == [None] * 6
    assert balance() == 1000


def test_a_promise_ends_one_way_however_many_end_it(app: Flask, clock: FixedClock) -> None:
    post("in", BANK, LOT_LESS, 1000)
    with atomic() as session:
        out = ledger.movement(LOT_LESS, BANK, 400)
        promise = books.pend(session, "hold", subject_id=uuid.uuid4(), lot_id=None, postings=out)

    def end(index: int) -> str:
        with atomic() as session:
            found = session.get_one(LedgerTransaction, promise.id)
            verb = books.confirm if index % 2 else books.void
            try:
                return verb(session, found, f"end:{index}").key
            except Conflict as conflict:
                return str(conflict.reason)

    answers = at_once(app, end, 8)
    assert sorted(answer == "promise_ended" for answer in answers) == [False] + [True] * 7
    with atomic() as session:
        assert not [problem for _, question in proofs.CHECKS for problem in question(session)]
        standing = books.account(session, LOT_LESS).standing
    assert standing in {ledger.Standing(-1000), ledger.Standing(-600)}
