"""Lines of statements are found to be somebody's, or kept for a person; each line is booked once."""

from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select

from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.errors import Refused
from payments.bank.models import (
    BankLine,
    BankStatement,
    VirtualAccount,
)
from payments.bank.rules.words import Doubt, Found, LineStatus, MatchKind, Reason, StatementStatus
from payments.models import Payout
from payments.rules import DepositStatus, PaymentStatus, PayoutKind

from .bank_cast import Waiting
from .bank_scene import (
    Booked,
    a_camt,
    a_csv,
    assign,
    bring_in,
    holds,
    match_of,
    number_for,
    numbers,
    receive_only,
    state_of,
    unique,
)
from .scene import (
    DEPOSIT,
    a_bidder,
    bid,
    close_auction,
    deal_of,
    deposit_of,
    open_auction,
    payment_of,
    work,
)

ON_SQLITE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@pytest.mark.parametrize("write", [a_camt, partial(a_camt, version="02"), a_csv])
def test_money_with_its_reference_finds_its_deposit(waiting: Waiting, write: object) -> None:
    line = waiting.paid()
    statement = bring_in(waiting.scene, waiting.account, write([line]))  # type: ignore[operator]
    assert (statement.status, statement.new, statement.looked_at) == (StatementStatus.DONE, 1, 1)
    assert waiting.deposit.status is DepositStatus.HELD
    found = match_of(line.reference)
    assert (found.kind, found.found, found.approved_by_id) == (MatchKind.BUYER, Found.REFERENCE, None)
    work()


@ON_SQLITE
@pytest.mark.parametrize(
    "spelling",
    [
        lambda code: code.lower(),
        lambda code: code.replace("-", " "),
        " ".join,
        lambda code: "".join(chr(ord(sign) + 0xFEE0) for sign in code),
        lambda code: f"竞买保证金{code}请查收",
        lambda code: f"NO{code.replace('-', '')}THANKS",
    ],
)
def test_a_reference_is_found_however_it_is_written(waiting: Waiting, spelling: object) -> None:
    line = waiting.paid(purpose=spelling(waiting.deposit.reference))  # type: ignore[operator]
    bring_in(waiting.scene, waiting.account, a_camt([line]))
    assert waiting.deposit.status is DepositStatus.HELD


@ON_SQLITE
def test_a_virtual_account_tells_whose_money_it_is(waiting: Waiting) -> None:
    numbers(waiting.scene, waiting.account, "880000000000001", "880000000000002")
    line = waiting.paid(purpose="no word about it", virtual=number_for(waiting.carol))
    bring_in(waiting.scene, waiting.account, a_camt([line]))
    assert match_of(line.reference).found is Found.VIRTUAL_ACCOUNT
    assert waiting.deposit.status is DepositStatus.HELD


def test_a_virtual_account_is_never_given_twice(waiting: Waiting, clock: FixedClock) -> None:
    numbers(waiting.scene, waiting.account, "880000000000001")
    with atomic() as session:
        _, other = a_bidder(session, waiting.scene)
    work()
    numbers(waiting.scene, waiting.account, "880000000000001")
    with atomic() as session:
        given = session.scalars(select(VirtualAccount)).all()
        assert [row.institution_id for row in given] == [waiting.carol.institution_id]
    clock.advance(days=4000)
    numbers(waiting.scene, waiting.account, "880000000000002")
    with atomic() as session:
        owners = dict(session.execute(select(VirtualAccount.number, VirtualAccount.institution_id)).all())
    assert owners == {
        "880000000000001": waiting.carol.institution_id,
        "880000000000002": other.institution_id,
    }


@ON_SQLITE
def test_case_37_too_little_waits_and_too_much_stays_the_buyers(waiting: Waiting) -> None:
    """Underpaid wires were lost and overpaid ones kept elsewhere."""
    bring_in(waiting.scene, waiting.account, a_camt([waiting.paid(DEPOSIT - 1)]))
    assert (waiting.deposit.status, waiting.balance()) == (DepositStatus.REQUIRED, DEPOSIT - 1)
    bring_in(waiting.scene, waiting.account, a_camt([waiting.paid(301)]))
    assert (waiting.deposit.status, waiting.balance()) == (DepositStatus.HELD, 300)
    work()


@ON_SQLITE
def test_too_much_counts_toward_the_price_or_goes_back(waiting: Waiting, clock: FixedClock) -> None:
    bring_in(waiting.scene, waiting.account, a_camt([waiting.paid(DEPOSIT + 500)]))
    open_auction(waiting.scene, clock)
    bid(waiting.scene, waiting.carol, "150000.00")
    close_auction(waiting.scene, clock)
    with atomic() as session:
        payment = payment_of(session, deal_of(session, waiting.scene))
    missing = payment.amount_minor - 500
    line = Booked(missing + 70, purpose=payment.reference, reference=unique()).by(waiting.carol)
    bring_in(waiting.scene, waiting.account, a_camt([line]))
    with atomic() as session:
        assert payment_of(session, deal_of(session, waiting.scene)).status is PaymentStatus.SUCCEEDED
        back = session.scalars(select(Payout).where(Payout.kind == PayoutKind.RETURN)).one()
        assert back.amount_minor == 70
    work()


@ON_SQLITE
def test_money_of_a_third_party_waits_for_two_persons(waiting: Waiting) -> None:
    line = waiting.paid(name="Somebody Else Ltd")
    bring_in(waiting.scene, waiting.account, a_camt([line]))
    state = state_of(line.reference)
    assert (state.status, state.doubt) == (LineStatus.UNASSIGNED, Doubt.THIRD_PARTY)
    assert not waiting.held
    assign(waiting.scene, line.reference, waiting.deposit)
    assert waiting.held
    found = match_of(line.reference)
    assert (found.proposed_by_id, found.approved_by_id) == (
        waiting.scene.olga.person_id,
        waiting.scene.otto.person_id,
    )
    holds()


@ON_SQLITE
@pytest.mark.parametrize(
    ("changes", "doubt"),
    [
        ({"name": ""}, Doubt.PAYER_UNKNOWN),
        ({"purpose": "nothing to read"}, Doubt.UNKNOWN),
        ({"purpose": "AAAAA-AAAAA"}, Doubt.UNKNOWN),
    ],
)
def test_what_is_not_certain_waits(waiting: Waiting, changes: dict[str, Any], doubt: Doubt) -> None:
    line = waiting.paid(**changes)
    bring_in(waiting.scene, waiting.account, a_camt([line]))
    assert state_of(line.reference).doubt is doubt
    assert waiting.balance() == 0


@ON_SQLITE
def test_two_references_in_one_line_wait(waiting: Waiting) -> None:
    with atomic() as session:
        _, other = a_bidder(session, waiting.scene)
    work()
    with atomic() as session:
        second = deposit_of(session, other).reference
    line = waiting.paid(purpose=f"{waiting.deposit.reference} {second}")
    bring_in(waiting.scene, waiting.account, a_camt([line]))
    assert state_of(line.reference).doubt is Doubt.SEVERAL_REFERENCES


@ON_SQLITE
def test_a_virtual_account_and_the_reference_of_another_wait(waiting: Waiting) -> None:
    numbers(waiting.scene, waiting.account, "880000000000001")
    with atomic() as session:
        _, other = a_bidder(session, waiting.scene)
    work()
    with atomic() as session:
        second = deposit_of(session, other).reference
    line = waiting.paid(purpose=second, virtual=number_for(waiting.carol))
    bring_in(waiting.scene, waiting.account, a_camt([line]))
    assert state_of(line.reference).doubt is Doubt.SEVERAL_REFERENCES


def test_case_37_the_same_file_and_overlapping_files_book_each_line_once(waiting: Waiting) -> None:
    """A statement read twice paid an invoice twice elsewhere."""
    first, second, third = (waiting.paid(100 + n) for n in range(3))
    one, other = a_camt([first, second]), a_camt([second, third], opening=100)
    assert bring_in(waiting.scene, waiting.account, one).new == 2
    assert bring_in(waiting.scene, waiting.account, one).new == 2
    assert bring_in(waiting.scene, waiting.account, other).new == 1
    assert waiting.balance() == 303
    with atomic() as session:
        assert session.scalar(select(func.count(BankLine.id))) == 3
        assert session.scalar(select(func.count(BankStatement.id))) == 2


@ON_SQLITE
def test_equal_lines_without_a_number_are_as_many_as_the_file_shows(waiting: Waiting) -> None:
    line = waiting.paid(100, reference="")
    assert bring_in(waiting.scene, waiting.account, a_csv([line, line])).new == 2
    assert bring_in(waiting.scene, waiting.account, a_csv([line, line, line])).new == 1
    assert waiting.balance() == 300


@ON_SQLITE
def test_a_number_of_the_bank_with_another_amount_refuses_the_file(waiting: Waiting) -> None:
    line = waiting.paid(100)
    bring_in(waiting.scene, waiting.account, a_csv([line]))
    changed = replace(line, minor=101)
    with pytest.raises(Refused) as refused:
        receive_only(waiting.scene, waiting.account, a_csv([changed, waiting.paid(5)]))
    assert refused.value.reason is Reason.ROWS_REFUSED
    statement = bring_in(waiting.scene, waiting.account, a_csv([changed, waiting.paid(5)]), partial=True)
    assert (statement.new, len(statement.refused), waiting.balance()) == (1, 1, 105)
