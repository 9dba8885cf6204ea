"""Statuses, limits and codes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.errors import Conflict, Refused
from marketplace.status import check_move, terminal
from payments import rules
from payments.gateways.bank_transfer import Received, new_reference
from payments.rules import DepositStatus, PaymentStatus, PayoutStatus, Reason

signs = st.lists(st.sampled_from(rules.REFERENCE_ALPHABET), min_size=9, max_size=9)


@given(signs)
def test_a_code_is_read_however_it_is_typed(body: list[str]) -> None:
    rest = iter(body)
    code = rules.reference_code(lambda _: next(rest))
    assert rules.normal_reference(code) == code
    assert rules.normal_reference(f" {code.lower().replace('-', ' ')} ") == code


@given(signs, st.integers(min_value=0, max_value=9), st.sampled_from(rules.REFERENCE_ALPHABET))
def test_one_wrong_sign_is_noticed(body: list[str], place: int, other: str) -> None:
    rest = iter(body)
    code = rules.reference_code(lambda _: next(rest)).replace("-", "")
    wrong = code[:place] + other + code[place + 1 :]
    assert (rules.normal_reference(wrong) is None) == (wrong != code)


@given(signs, st.integers(min_value=0, max_value=8))
def test_two_swapped_neighbours_are_noticed(body: list[str], place: int) -> None:
    rest = iter(body)
    code = rules.reference_code(lambda _: next(rest)).replace("-", "")
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert (rules.normal_reference(swapped) is None) == (swapped != code)


@pytest.mark.parametrize("text", ["", "34679", "00000-00000", "ABCDE-FGHJK-LM", "３４６７９ACDEF"])
def test_what_is_no_code_is_not_read_as_one(text: str) -> None:
    assert rules.normal_reference(text) is None


def test_codes_differ() -> None:
    assert len({new_reference() for _ in range(200)}) == 200


def test_a_card_takes_eight_digits() -> None:
    rules.check_card_amount(99_999_999, "CNY")
    with pytest.raises(Refused) as refused:
        rules.check_card_amount(100_000_000, "JPY")
    assert refused.value.reason is Reason.ABOVE_CARD_CEILING
    assert refused.value.details["most"] == "99999999"


@pytest.mark.parametrize(
    ("price", "commission", "deposit", "due"),
    [(1000, 50, 100, 950), (1000, 0, 0, 1000), (1000, 0, 1000, 0), (1000, 0, 1200, 0)],
)
def test_the_deposit_counts_toward_the_price(price: int, commission: int, deposit: int, due: int) -> None:
    assert rules.balance_due(price, commission, deposit) == due


@pytest.mark.parametrize(("balance", "missing", "over"), [(0, 100, 0), (99, 1, 0), (100, 0, 0), (130, 0, 30)])
def test_too_little_and_too_much_are_told_apart(balance: int, missing: int, over: int) -> None:
    received = Received(asked=100, balance=balance)
    assert (received.missing, received.over, received.enough) == (missing, over, missing == 0)


def test_a_reason_is_asked_for() -> None:
    assert rules.check_reason("  checked against the statement ") == "checked against the statement"
    with pytest.raises(Refused):
        rules.check_reason("  ")


def test_a_deposit_ends_in_one_outcome() -> None:
    assert terminal(rules.DEPOSIT_MOVES) == rules.DEPOSIT_OUTCOMES
    assert {
        DepositStatus.RELEASED,
        DepositStatus.APPLIED,
        DepositStatus.FORFEITED,
        DepositStatus.FAILED,
    } == rules.DEPOSIT_OUTCOMES


@pytest.mark.parametrize(
    "moves", [rules.DEPOSIT_MOVES, rules.PAYMENT_MOVES, rules.PAYOUT_MOVES, rules.CALL_MOVES]
)
def test_every_status_has_its_line(moves: dict[DepositStatus, frozenset[DepositStatus]]) -> None:
    assert set(moves) == set(type(next(iter(moves))))


def test_no_payout_is_paid_before_two_persons() -> None:
    for old, new in [
        (PayoutStatus.DUE, PayoutStatus.APPROVED),
        (PayoutStatus.DUE, PayoutStatus.PAID),
        (PayoutStatus.PREPARED, PayoutStatus.PAID),
    ]:
        with pytest.raises(Conflict):
            check_move(rules.PAYOUT_MOVES, old, new)
    with pytest.raises(Conflict):
        check_move(rules.PAYMENT_MOVES, PaymentStatus.SUCCEEDED, PaymentStatus.FAILED)
