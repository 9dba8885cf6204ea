"""Every invariant finds what breaks it: planted by raw SQL, because nothing else lets it through."""

import uuid

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from marketplace import clock as clocks
from marketplace.clock import FixedClock
from marketplace.db import ChangedHistory, atomic
from payments import invariants, service
from payments.models import Account, Deposit, LedgerEntry, LedgerTransaction, Payout
from payments.rules import DepositStatus

from .scene import (
    Scene,
    a_bidder,
    a_scene,
    bid,
    close_auction,
    deal_of,
    due_payouts,
    hold_by_bank,
    open_auction,
    payment_of,
    receive,
    transfer,
    work,
)


@pytest.fixture
def settled(app: Flask, clock: FixedClock) -> Scene:
    with atomic() as session:
        scene = a_scene(session)
        carol, carols = a_bidder(session, scene)
    clock.advance(minutes=1)
    hold_by_bank(scene, carols)
    open_auction(scene, clock)
    bid(scene, carol, "150000.00")
    close_auction(scene, clock)
    with atomic() as session:
        deal = deal_of(session, scene)
        payment = payment_of(session, deal)
    receive(scene, payment, payment.amount_minor)
    transfer(scene, deal)
    work()
    return scene


def broken() -> set[str]:
    with atomic() as session:
        return {name for name, question in invariants.CHECKS if question(session)}


MISSING_ENTRY = (
    "DROP TRIGGER ledger_entries_no_delete;"
    " DELETE FROM ledger_entries WHERE id = (SELECT max(id) FROM ledger_entries)"
)
# Two transactions end a third, which was never pending; the index that forbids it is gone.
TWO_ENDINGS = (
    "DROP INDEX ix_ledger_transactions_resolves_id; DROP TRIGGER ledger_transactions_no_update;"
    " UPDATE ledger_transactions SET resolves_id = (SELECT min(id) FROM ledger_transactions)"
)
OTHER_PHASE = "DROP TRIGGER ledger_transactions_no_update; UPDATE ledger_transactions SET phase = '{}'"
OTHER_TIME = (
    "DROP TRIGGER ledger_transactions_no_update; UPDATE ledger_transactions SET at = '2026-01-01 00:00:00'"
)
OTHER_LOT = (
    "PRAGMA defer_foreign_keys = ON;"
    " UPDATE ledger_accounts SET lot_id = '00000000000000000000000000000001' WHERE purpose = 'escrow'"
)
# Every amount is doubled, and every balance with it: the sums agree, and only the proofs tell.
CHANGED_IN_CONSENT = (
    "DROP TRIGGER ledger_entries_no_update; UPDATE ledger_entries SET amount_minor = 2 * amount_minor;"
    " UPDATE ledger_accounts SET balance_minor = 2 * balance_minor"
)

PLANTS = [
    ("every ledger transaction sums to zero in each currency", "plant_entry"),
    ("every ledger transaction has entries", "plant_transaction"),
    (
        "every balance is the sum of its entries",
        "UPDATE ledger_accounts SET balance_minor = 1 + balance_minor",
    ),
    ("every balance is the sum of its entries", "UPDATE ledger_accounts SET pending_debit_minor = 1"),
    ("every balance is the sum of its entries", "UPDATE ledger_accounts SET pending_credit_minor = 1"),
    ("every balance is the sum of its entries", "UPDATE ledger_accounts SET entry_count = 0"),
    ("every ledger transaction sums to zero in each currency", MISSING_ENTRY),
    ("every balance is the sum of its entries", MISSING_ENTRY),
    ("every entry is proven with all before it", MISSING_ENTRY),
    ("no account is below nothing", "UPDATE ledger_accounts SET balance_minor = 7 WHERE purpose = 'claim'"),
    ("no account is below nothing", "UPDATE ledger_accounts SET pending_debit_minor = balance_minor + 1"),
    ("no account is below nothing", "UPDATE ledger_accounts SET pending_credit_minor = -1"),
    (
        "no lot's money pays for another lot",
        OTHER_LOT,
    ),
    ("every promise is ended once at most", TWO_ENDINGS),
    ("what ends a promise lets go of what was promised", TWO_ENDINGS),
    ("entries are of their transaction's phase", OTHER_PHASE.format("pending")),
    ("entries are of their transaction's phase", OTHER_PHASE.format("voided")),
    ("every entry is proven with all before it", CHANGED_IN_CONSENT),
    ("every entry is proven with all before it", "UPDATE ledger_accounts SET proof = 'another'"),
    (
        "every entry is proven with all before it",
        OTHER_TIME,
    ),
    ("every deposit has at most one outcome, and it is in the ledger", "UPDATE deposits SET status = 'held'"),
    ("the deposits held are in the ledger", "UPDATE deposits SET status = 'held'"),
    ("payouts sum to their settlement", "UPDATE payouts SET amount_minor = amount_minor + 1"),
    ("released payouts have two persons", "UPDATE payouts SET status = 'approved'"),
    ("payouts leave the ledger when they are paid", "UPDATE payouts SET status = 'paid'"),
    ("deals are paid when their payment has succeeded", "UPDATE payments SET status = 'sent'"),
    ("nothing is settled before it is paid", "UPDATE deals SET status = 'agreed'"),
    ("every applied notice had its effect", "plant_event"),
    ("card deposits are captured whole", "UPDATE deposits SET method = 'stripe', captured_minor = 1"),
    ("every gateway call is answered in time", "plant_call"),
]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_each_check_finds_what_is_planted(settled: Scene) -> None:
    assert {name for name, _ in PLANTS} == {name for name, _ in invariants.CHECKS}
    assert broken() == set()
    for name, plant in PLANTS:
        with atomic() as session:
            session.begin_nested()
            _plant(session, plant)
            found = {check for check, question in invariants.CHECKS if question(session)}
            session.rollback()
        assert name in found, plant
    assert broken() == set()


def _plant(session: Session, plant: str) -> None:
    moment = clocks.now().isoformat(sep=" ")
    new = {"id": uuid.uuid4().hex, "at": moment}
    match plant:
        case "plant_entry":
            values = {
                "transaction": session.scalars(select(LedgerTransaction.id)).first().hex,  # type: ignore[union-attr]
                "account": session.scalars(select(Account.id)).first().hex,  # type: ignore[union-attr]
            }
            statement = (
                "INSERT INTO ledger_entries"
                " (id, transaction_id, line, account_id, amount_minor, currency, sequence)"
                " VALUES (:id, :transaction, 99, :account, 1, 'CNY', 99)"
            )
            session.execute(text(statement), new | values)
        case "plant_transaction":
            statement = (
                "INSERT INTO ledger_transactions (id, key, at, lot_id, subject_id)"
                " VALUES (:id, 'planted', :at, NULL, :id)"
            )
            session.execute(text(statement), new)
        case "plant_event":
            statement = (
                "INSERT INTO gateway_events (id, event_id, event_type, gateway_object, status, attempts,"
                " received_at, due_at) VALUES (:id, 'evt', 'x', 'pi_x', 'applied', 0, :at, :at)"
            )
            session.execute(text(statement), new)
        case "plant_call":
            statement = (
                "INSERT INTO gateway_calls (id, method, verb, amount_minor, currency, gateway_object, status,"
                " attempts, problem, prepared_at, due_at)"
                " VALUES (:id, 'stripe', 'look_up', 0, 'CNY', 'pi', 'prepared', 51, '', :at, :at)"
            )
            session.execute(text(statement), new)
        case _:
            for statement in plant.split(";"):
                session.execute(text(statement))


def test_history_is_only_added_to(settled: Scene) -> None:
    for model in (LedgerTransaction, LedgerEntry):
        with pytest.raises(ChangedHistory), atomic() as session:
            session.delete(session.scalars(select(model)).first())


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_the_command_that_asks_everything_fails_on_a_planted_imbalance(app: Flask, settled: Scene) -> None:
    runner = app.test_cli_runner()
    before = runner.invoke(args=["check"])
    assert "broken  payments:" not in before.output
    with atomic() as session:
        _plant(session, "plant_entry")
    result = runner.invoke(args=["check"])
    assert result.exit_code == 1
    assert "broken  payments: every ledger transaction sums to zero in each currency" in result.output


def test_doing_everything_twice_changes_nothing(settled: Scene, clock: FixedClock) -> None:
    with atomic() as session:
        before = _snapshot(session)
    for _ in range(2):
        work()
    with atomic() as session:
        assert _snapshot(session) == before
        assert not service.flag_overdue(session)
        assert due_payouts(session)
    clock.advance(days=60)
    work()
    with atomic() as session:
        assert _snapshot(session) == before


def _snapshot(session: Session) -> tuple[int, int, set[DepositStatus]]:
    return (
        len(session.scalars(select(LedgerEntry)).all()),
        len(session.scalars(select(Payout)).all()),
        set(session.scalars(select(Deposit.status))),
    )
