"""The command that imports statements; sums that do not depend on how money is split; planted faults."""

import io
import json
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from marketplace.clock import FixedClock
from marketplace.db import atomic
from payments.bank import invariants
from payments.bank.models import (
    BankLine,
)
from payments.service import books

from .bank_cast import Desk, hand_over
from .bank_scene import NUMBER, Booked, a_camt, a_csv, bring_in, holds, numbers, unique
from .scene import DEPOSIT

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def upload(page: FlaskClient, path: str, content: bytes, **more: str) -> TestResponse:
    data = {"file": (io.BytesIO(content), "statement.csv"), **more}
    return page.post(path, data=data, content_type="multipart/form-data")


@pytest.mark.parametrize("as_json", [True, False])
def test_the_command_imports_and_tells(desk: Desk, tmp_path: Path, *, as_json: bool) -> None:
    file, runner = tmp_path / "statement.csv", desk.app.test_cli_runner()
    file.write_bytes(a_csv([desk.paid(), desk.paid(5, purpose="?")], opening=0))
    command = ["payments", "import-statement", str(file), "--account", NUMBER] + ["--json"] * as_json
    dry = runner.invoke(args=[*command, "--dry-run"])
    assert dry.exit_code == 0, dry.output
    with atomic() as session:
        assert session.scalars(select(BankLine.id)).all() == []
    first = runner.invoke(args=command)
    assert first.exit_code == 0, first.output
    if as_json:
        told = json.loads(first.stdout)
        assert {key: told[key] for key in ("lines", "accepted", "new", "matched", "unassigned")} == {
            "lines": 2, "accepted": 2, "new": 2, "matched": 1, "unassigned": 1,
        }  # fmt: skip
        assert told["closing_minor"] == DEPOSIT + 5
    else:
        assert "2 new, 1 matched, 1 wait for a person" in first.output
        assert "Writing and matching" in first.output
    holds()


@pytest.mark.parametrize(
    ("content", "options", "code", "said"),
    [
        (b"<x/>", [], 2, "camt.053"),
        (b"date,amount,name\n2026-02-30,1,A\n2026-03-01,1,B\n", [], 1, "row 2: date"),
        (b"date,amount,name\n2026-02-30,1,A\n2026-03-01,1,B\n", ["--partial"], 1, "1 wait for a person"),
        (b"date,amount,name\n2026-03-01,1,B\n", ["--mapping", "missing.json"], 2, "mapping"),
        (b"date,amount,name\n2026-03-01,-1,B\n", [], 2, "more than the books know of"),
    ],
)
def test_the_command_refuses_with_place_and_reason(
    desk: Desk, tmp_path: Path, content: bytes, options: list[str], *, code: int, said: str
) -> None:
    file, runner = tmp_path / "statement", desk.app.test_cli_runner()
    file.write_bytes(content)
    command = ["payments", "import-statement", str(file), "--account", NUMBER]
    answer = runner.invoke(args=[*command, *options])
    assert (answer.exit_code, said in answer.output) == (code, True), answer.output
    missing = runner.invoke(args=["payments", "import-statement", "nowhere", "--account", NUMBER, "--json"])
    assert (missing.exit_code, json.loads(missing.stdout)["field"]) == (2, "file")
    other = runner.invoke(args=["payments", "import-statement", str(file), "--account", "1"])
    assert other.exit_code == 2


@settings(max_examples=12, suppress_health_check=list(HealthCheck))
@given(
    parts=st.lists(st.integers(1, DEPOSIT), min_size=1, max_size=5),
    in_files=st.booleans(),
    by_table=st.booleans(),
)
def test_however_money_is_split_the_same_is_held_and_kept(
    desk: Desk, parts: list[int], *, in_files: bool, by_table: bool
) -> None:
    """Any split of a payment into lines and files leads to the same sums of what is held and what is kept."""
    before = _held_and_free(desk)
    lines = [desk.paid(part) for part in parts]
    write = a_csv if by_table else (lambda some: a_camt(some, opening=77))
    for some in [[line] for line in lines] if in_files else [lines]:
        bring_in(desk.scene, desk.account, write(some))
    after = _held_and_free(desk)
    whole = sum(before) + sum(parts)
    held = DEPOSIT if before[0] or whole >= DEPOSIT else 0
    assert after == (held, whole - held)


def _held_and_free(desk: Desk) -> tuple[int, int]:
    lot, institution = desk.scene.lot.id, desk.carol.institution_id
    with atomic() as session:
        session.expire_all()
        held = books.balance(session, books.deposit_held(lot, institution, "CNY"))
        return held, books.balance(session, books.buyer_balance(lot, institution, "CNY"))


PLANTS = {
    "the cash at the bank is the lines of its statements": "UPDATE ledger_accounts SET balance_minor = 1",
    "every line is matched at most once at a time": "UPDATE bank_line_states SET match_id = NULL",
    "every line stands somewhere": "DELETE FROM bank_line_states WHERE status = 'unassigned'",
    "unassigned money is the lines that wait": "UPDATE bank_line_states SET status = 'matched'",
    "unexplained money is the debits that wait": "DELETE FROM bank_line_states WHERE line_id IN"
    " (SELECT id FROM bank_lines WHERE amount_minor < 0)",
    "a match is what its line is": "UPDATE deposits SET institution_id ="
    " (SELECT id FROM institutions WHERE id <> deposits.institution_id LIMIT 1)",
    "what the rules did not find two persons decided": "UPDATE line_proposals SET agreed = 1",
    "no virtual account serves two bidders": "UPDATE virtual_accounts SET lot_id = NULL",
    "payment files are what their orders are": "UPDATE payment_batches SET count = count + 1",
    "the orders of a payout sum to it": "UPDATE payouts SET amount_minor = amount_minor + 1",
    "an order is carried out when one line shows it": "UPDATE payment_orders SET status = 'carried_out'",
    "a statement that is done is whole": "UPDATE bank_statements SET new = new + 1",
}


def test_each_check_finds_what_is_planted(desk: Desk, clock: FixedClock) -> None:
    numbers(desk.scene, desk.account, "88001")
    bring_in(desk.scene, desk.account, a_camt([desk.paid(), desk.paid(500, purpose="?")]))
    olga = desk.browser(desk.scene.olga)
    with atomic() as session:
        waiting = session.scalars(select(BankLine.id).where(BankLine.amount_minor == 500)).one()
    olga.post(f"/money/bank/lines/{waiting}/proposal", data={"kind": "operator", "reason": "interest"})
    bring_in(desk.scene, desk.account, a_camt([Booked(-3, reference=unique())], opening=DEPOSIT + 500))
    hand_over(desk, clock)
    assert {name for name, _ in invariants.CHECKS} == set(PLANTS)
    for name, plant in PLANTS.items():
        with atomic() as session:
            session.begin_nested()
            session.execute(text(plant))
            found = {check for check, question in invariants.CHECKS if question(session)}
            session.rollback()
        assert name in found, name
    holds()
