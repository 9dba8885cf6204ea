"""The ledger's rules: balanced, in one currency at a time, nobody below nothing."""

import uuid
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.errors import Refused
from payments import ledger
from payments.ledger import AccountName, Layer, Posting, Purpose, Standing
from payments.pending import confirmed, pending, voided
from payments.rules import Method, Reason

LOT = uuid.UUID(int=1)
BANK = ledger.cash(Method.BANK_TRANSFER, "CNY")
CAROL = AccountName(Purpose.BUYER_BALANCE, "CNY", LOT, "carol")
ESCROW = AccountName(Purpose.ESCROW, "CNY", LOT, "deal")


def test_money_in_moved_and_out() -> None:
    balances = ledger.after({}, ledger.movement(BANK, CAROL, 100))
    assert balances == {BANK: Standing(100), CAROL: Standing(-100)}
    balances |= ledger.after(balances, ledger.movement(CAROL, ESCROW, 60))
    balances |= ledger.after(balances, ledger.movement(ESCROW, BANK, 60))
    assert {name: standing.available(name.purpose) for name, standing in balances.items()} == {
        BANK: 40,
        CAROL: 40,
        ESCROW: 0,
    }


@pytest.mark.parametrize(
    "postings",
    [
        (),
        (Posting(BANK, 1),),
        (Posting(BANK, 0), Posting(CAROL, 0)),
        (Posting(BANK, 2), Posting(CAROL, -1)),
        (Posting(BANK, 1), Posting(AccountName(Purpose.BUYER_BALANCE, "USD", LOT, "carol"), -1)),
    ],
)
def test_what_does_not_balance_is_refused(postings: tuple[Posting, ...]) -> None:
    with pytest.raises(Refused) as refused:
        ledger.after({}, postings)
    assert refused.value.reason is Reason.UNBALANCED


def test_nobody_pays_what_is_not_there() -> None:
    for postings in (ledger.movement(CAROL, ESCROW, 1), ledger.movement(CAROL, BANK, 1)):
        with pytest.raises(Refused) as refused:
            ledger.after({BANK: Standing(10), CAROL: Standing()}, postings)
        assert refused.value.reason is Reason.OVERDRAWN
    with pytest.raises(Refused):
        ledger.after({BANK: Standing(), CAROL: Standing(-5)}, ledger.movement(CAROL, BANK, 5))


def test_one_lot_does_not_pay_for_another() -> None:
    other = AccountName(Purpose.BUYER_BALANCE, "CNY", uuid.UUID(int=2), "carol")
    balances = ledger.after({}, ledger.movement(BANK, CAROL, 100))
    balances |= ledger.after(balances, ledger.movement(BANK, other, 100))
    with pytest.raises(Refused) as refused:
        ledger.after(balances, ledger.movement(other, ESCROW, 1))
    assert refused.value.reason is Reason.TWO_LOTS


PROMISE = pending(ledger.movement(CAROL, ESCROW, 70))


def test_what_is_promised_is_bound_and_gives_nothing_yet() -> None:
    balances = ledger.after({}, ledger.movement(BANK, CAROL, 100))
    balances |= ledger.after(balances, PROMISE)
    assert balances[CAROL] == Standing(-100, pending_debit=70)
    assert balances[ESCROW] == Standing(0, pending_credit=70)
    assert (balances[CAROL].available(CAROL.purpose), balances[ESCROW].available(ESCROW.purpose)) == (30, 0)
    for postings in (ledger.movement(CAROL, BANK, 31), ledger.movement(ESCROW, BANK, 1), PROMISE):
        with pytest.raises(Refused) as refused:
            ledger.after(balances, postings)
        assert refused.value.reason is Reason.OVERDRAWN


def test_a_promise_is_posted_in_whole_or_in_part_or_voided() -> None:
    before = ledger.after({}, ledger.movement(BANK, CAROL, 100))
    promised = before | ledger.after(before, PROMISE)
    whole = ledger.after(promised, confirmed(PROMISE))
    assert whole == {CAROL: Standing(-30), ESCROW: Standing(-70)}
    part = ledger.after(promised, confirmed(PROMISE, 20))
    assert part == {CAROL: Standing(-80), ESCROW: Standing(-20)}
    assert ledger.after(promised, voided(PROMISE)) == {CAROL: Standing(-100), ESCROW: Standing()}


@pytest.mark.parametrize("minor", [0, -1, 71])
def test_no_more_is_posted_than_was_promised(minor: int) -> None:
    with pytest.raises(Refused) as refused:
        confirmed(PROMISE, minor)
    assert refused.value.reason is Reason.NOT_PROMISED


def test_of_a_movement_between_more_than_two_no_part_is_posted() -> None:
    three = (Posting(CAROL, 3), Posting(ESCROW, -2), Posting(BANK, -1))
    with pytest.raises(Refused):
        confirmed(pending(three), 1)
    assert len(confirmed(pending(three))) == 6


def test_layers_do_not_make_up_for_each_other() -> None:
    with pytest.raises(Refused) as refused:
        ledger.after({}, (Posting(BANK, 5), Posting(CAROL, -5, Layer.PENDING)))
    assert refused.value.reason is Reason.UNBALANCED


def test_a_proof_covers_everything_about_an_entry_and_all_before_it() -> None:
    moment = datetime(2026, 3, 2, tzinfo=UTC)
    posting = Posting(CAROL, 5)
    same = ledger.proof("", "key", moment, 1, posting)
    assert same == ledger.proof("", "key", moment.astimezone(timezone(timedelta(hours=8))), 1, posting)
    others = [
        ledger.proof(same, "key", moment, 1, posting),
        ledger.proof("", "other", moment, 1, posting),
        ledger.proof("", "key", moment + timedelta(microseconds=1), 1, posting),
        ledger.proof("", "key", moment, 2, posting),
        ledger.proof("", "key", moment, 1, Posting(CAROL, 6)),
        ledger.proof("", "key", moment, 1, Posting(ESCROW, 5)),
        ledger.proof("", "key", moment, 1, Posting(CAROL, 5, Layer.PENDING)),
    ]
    assert len({same, *others}) == 8


names = st.builds(
    AccountName,
    purpose=st.sampled_from(Purpose),
    currency=st.sampled_from(["CNY", "USD"]),
    lot_id=st.sampled_from([LOT, uuid.UUID(int=2)]),
    party=st.sampled_from(["a", "b"]),
)


@given(st.lists(st.tuples(names, names, st.integers(min_value=-50, max_value=200)), max_size=30))
def test_every_sum_of_accepted_movements_is_zero(moves: list[tuple[AccountName, AccountName, int]]) -> None:
    balances: dict[AccountName, Standing] = {}
    for debit, credit, minor in moves:
        try:
            balances |= ledger.after(balances, ledger.movement(debit, credit, minor))
        except Refused:
            continue
    for currency in ("CNY", "USD"):
        assert sum(row.balance for name, row in balances.items() if name.currency == currency) == 0
    assert all(standing.available(name.purpose) >= 0 for name, standing in balances.items())
    assert len({name.code for name in balances}) == len(balances)
