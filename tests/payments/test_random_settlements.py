"""Thousands of random settlements: sums, splits, ranks, and the ledger that books them.

Each example of Hypothesis is a seed of PER_SEED settlements: what a seed makes is always the same, and a seed
that fails is shrunk and shown. `make soak` runs 210,000 sales and 105,000 defaults.
"""

import uuid
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import groupby
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from soak import examples

from marketplace.commission import Bearer, bearer, commission_amount
from payments import ledger, waterfall
from payments.forfeiture import Default, settle_default
from payments.ledger import AccountName, Purpose, Standing
from payments.rules import Method
from payments.service.distributing import PURPOSES
from payments.waterfall import Cost, Distribution, Line, Sale, Step, pay_costs, settle_sale

from .random_sales import a_default, a_sale

PER_SEED = 50
SALES, DEFAULTS = 60, 30
LOT, DEAL = uuid.UUID(int=1), uuid.UUID(int=2)

seeds = st.integers(min_value=0, max_value=2**64)


@settings(max_examples=examples(SALES))
@given(seeds)
def test_random_sales(seed: int) -> None:
    random = Random(seed)
    for _ in range(PER_SEED):
        sale = a_sale(random)
        check_sale(sale, settle_sale(sale))


@settings(max_examples=examples(DEFAULTS))
@given(seeds)
def test_random_defaults(seed: int) -> None:
    random = Random(seed)
    for _ in range(PER_SEED):
        check_default(a_default(random))


def check_sale(sale: Sale, distribution: Distribution) -> None:
    lines = distribution.lines
    proceeds = [line for line in lines if line.step is not Step.BUYER_COMMISSION]
    assert sum(line.paid for line in proceeds) == sale.price, sale
    assert sum(line.paid for line in lines) == distribution.received == sum(distribution.payouts.values())
    assert all(0 <= line.paid <= line.due for line in lines), sale
    assert all(minor > 0 for minor in distribution.payouts.values())
    check_order(proceeds)
    check_ranks([line for line in lines if line.step is Step.CLAIM])
    check_commissions(sale, lines)
    check_sharing(sale, distribution)
    check_ledger(sale, distribution)


def check_order(proceeds: list[Line]) -> None:
    """Nobody gets anything while somebody before is owed: costs one by one, commissions, claims."""
    steps = [line for line in proceeds if line.step in {Step.COST, Step.SURPLUS}]
    short = next((index for index, line in enumerate(steps) if line.paid < line.due), len(steps))
    assert not any(line.paid for line in steps[short + 1 :])
    owed = sum(line.due - line.paid for line in proceeds if line.step is Step.COST)
    assert not owed or not any(line.paid for line in proceeds if line.step is not Step.COST)
    commission = sum(line.due - line.paid for line in proceeds if line.step is Step.COMMISSION)
    later = [line for line in proceeds if line.step in {Step.CLAIM, Step.SURPLUS}]
    assert commission <= 0 or not any(line.paid for line in later)
    claimed = sum(line.due - line.paid for line in proceeds if line.step is Step.CLAIM)
    assert not claimed or not any(line.paid for line in proceeds if line.step is Step.SURPLUS)


def check_ranks(claims: list[Line]) -> None:
    """A rank is paid in full before the next; equals get their proportion, less than one unit off."""
    ranks = {
        rank: list(group)
        for rank, group in groupby(
            sorted(claims, key=lambda line: line.rank or 0), key=lambda line: line.rank
        )
    }
    for rank, equals in ranks.items():
        due, paid = sum(line.due for line in equals), sum(line.paid for line in equals)
        for line in equals:
            assert due == 0 or abs(Fraction(line.due * paid, due) - line.paid) < 1
        if paid < due:
            assert not any(line.paid for line in claims if (line.rank or 0) > (rank or 0))


def check_commissions(sale: Sale, lines: tuple[Line, ...]) -> None:
    """What a commission's shares take is taken out of it: together they are the whole."""
    for step, side in ((Step.BUYER_COMMISSION, Bearer.BUYER), (Step.COMMISSION, Bearer.SELLER)):
        whole = sum(
            commission_amount(commission, sale.price, sale.currency)
            for commission in sale.commissions
            if commission.share_of is None and bearer(commission, sale.commissions) is side
        )
        assert sum(line.due for line in lines if line.step is step) == whole, sale


def check_sharing(sale: Sale, distribution: Distribution) -> None:
    """The shares make up for what the first rank lacks, never more; all of it when they sum to 1."""
    lacking = sum(
        line.due - line.paid for line in distribution.lines if line.step is Step.CLAIM and line.rank == 1
    )
    made_up, shares = sum(distribution.compensation.values()), sum(entry.share for entry in sale.risk_sharing)
    assert 0 <= made_up <= lacking
    assert made_up == lacking or shares < 1, sale


def check_ledger(sale: Sale, distribution: Distribution) -> None:
    """Booked as the service books it, nobody is below nothing and the deal's account ends empty."""
    if not distribution.received:
        return
    bank = ledger.cash(Method.BANK_TRANSFER, sale.currency)
    escrow = AccountName(Purpose.ESCROW, sale.currency, LOT, str(DEAL))
    books = ledger.after({}, ledger.movement(bank, escrow, distribution.received))
    out = [
        posting
        for line in distribution.lines
        if line.paid
        for posting in ledger.movement(
            escrow, AccountName(PURPOSES[line.step], sale.currency, LOT, line.party), line.paid
        )
    ]
    books |= ledger.after(books, out)
    assert books[escrow] == Standing(), sale
    for name, standing in list(books.items()):
        if name.purpose is not Purpose.CASH and standing.balance:
            books |= ledger.after(books, ledger.movement(name, bank, -standing.balance))
    assert all(standing == Standing() for standing in books.values())


def check_default(default: Default) -> None:
    """法释〔2016〕18号 article 24: the deposit goes out whole, costs, gap, debts, then the rest."""
    forfeiture = settle_default(default)
    assert sum(line.paid for line in forfeiture.lines) == default.deposit, default
    assert all(0 <= line.paid <= line.due for line in forfeiture.lines), default
    gap = max(0, default.price - default.re_auction_price)
    paid = sum(line.paid for line in forfeiture.lines if line.step is Step.PRICE_GAP)
    assert (forfeiture.gap_left, forfeiture.pursuable) == (
        gap - paid,
        gap - paid if default.pursue_shortfall else 0,
    )
    if forfeiture.gap_left:
        assert not any(line.paid for line in forfeiture.lines if line.step in {Step.CLAIM, Step.SURPLUS})
    check_order([line for line in forfeiture.lines if line.step is not Step.PRICE_GAP])
    check_ranks([line for line in forfeiture.lines if line.step is Step.CLAIM])


def _floor(total: int, weights: list[int]) -> list[int]:
    """A split that loses the odd unit."""
    return [total * weight // sum(weights) for weight in weights]


def _the_last_first(costs: Sequence[Cost], available: int) -> tuple[Line, ...]:
    return tuple(reversed(pay_costs(list(reversed(costs)), available)))


@pytest.mark.parametrize(
    ("place", "fault"),
    [
        ("split", _floor),
        ("pay_costs", _the_last_first),
        ("divide", lambda paid, _commissions: [amount or 1 for amount in paid]),
        ("compensate", lambda _lacking, sharing: {entry.party: 10**15 for entry in sharing}),
    ],
)
def test_a_planted_fault_turns_random_sales_red(
    monkeypatch: pytest.MonkeyPatch, place: str, fault: Callable[..., object]
) -> None:
    monkeypatch.setattr(waterfall, place, fault)
    with pytest.raises(AssertionError):
        _run(test_random_sales)


def test_a_planted_fault_turns_random_defaults_red(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waterfall, "split", _floor)
    with pytest.raises(AssertionError):
        _run(test_random_defaults)


def _run(test: Any) -> None:
    """The first seeds of a harness, without Hypothesis around it."""
    for seed in range(40):
        test.hypothesis.inner_test(seed)
