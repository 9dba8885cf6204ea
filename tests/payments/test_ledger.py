"""The ledger's rules: balanced, in one currency at a time, nobody below nothing."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.errors import Refused
from payments import ledger
from payments.ledger import AccountName, Posting, Purpose
from payments.rules import Method, Reason

LOT = uuid.UUID(int=1)
BANK = ledger.cash(Method.BANK_TRANSFER, "CNY")
CAROL = AccountName(Purpose.BUYER_BALANCE, "CNY", LOT, "carol")
ESCROW = AccountName(Purpose.ESCROW, "CNY", LOT, "deal")


def test_money_in_moved_and_out() -> None:
    balances = ledger.after({}, ledger.movement(BANK, CAROL, 100))
    assert balances == {BANK: 100, CAROL: -100}
    balances |= ledger.after(balances, ledger.movement(CAROL, ESCROW, 60))
    balances |= ledger.after(balances, ledger.movement(ESCROW, BANK, 60))
    assert {name: ledger.natural(name.purpose, sum_) for name, sum_ in balances.items()} == {
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
            ledger.after({BANK: 10, CAROL: 0}, postings)
        assert refused.value.reason is Reason.OVERDRAWN
    with pytest.raises(Refused):
        ledger.after({BANK: 0, CAROL: -5}, ledger.movement(CAROL, BANK, 5))


def test_one_lot_does_not_pay_for_another() -> None:
    other = AccountName(Purpose.BUYER_BALANCE, "CNY", uuid.UUID(int=2), "carol")
    balances = ledger.after({}, ledger.movement(BANK, CAROL, 100))
    with pytest.raises(Refused):
        ledger.after(balances, ledger.movement(other, ESCROW, 1))


def test_card_money_is_on_the_card_until_captured() -> None:
    assert ledger.kept_by(Method.STRIPE, captured=False, currency="CNY").purpose is Purpose.AUTHORISED
    assert ledger.kept_by(Method.STRIPE, captured=True, currency="CNY").purpose is Purpose.CASH
    assert ledger.kept_by(Method.BANK_TRANSFER, captured=False, currency="CNY") == BANK


names = st.builds(
    AccountName,
    purpose=st.sampled_from(Purpose),
    currency=st.sampled_from(["CNY", "USD"]),
    lot_id=st.sampled_from([LOT, uuid.UUID(int=2)]),
    party=st.sampled_from(["a", "b"]),
)


@given(st.lists(st.tuples(names, names, st.integers(min_value=-50, max_value=200)), max_size=30))
def test_every_sum_of_accepted_movements_is_zero(moves: list[tuple[AccountName, AccountName, int]]) -> None:
    balances: dict[AccountName, int] = {}
    for debit, credit, minor in moves:
        try:
            balances |= ledger.after(balances, ledger.movement(debit, credit, minor))
        except Refused:
            continue
    for currency in ("CNY", "USD"):
        assert sum(sum_ for name, sum_ in balances.items() if name.currency == currency) == 0
    assert all(ledger.natural(name.purpose, sum_) >= 0 for name, sum_ in balances.items())
    assert len({name.code for name in balances}) == len(balances)
