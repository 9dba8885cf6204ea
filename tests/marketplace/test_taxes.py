"""Taxes: which rate holds when, what an amount contains, and that a document's sums always agree."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.listings.taxation import price_rate, rate_on_top
from marketplace.rule_packs import Basis
from marketplace.taxes import (
    Rate,
    TaxBearer,
    Taxed,
    TaxKind,
    Treatment,
    added_up,
    duties_borne_by_buyer,
    inside,
    on_top,
    rate_on,
    rates_of,
)
from marketplace.taxes.data import BadRates, parse
from marketplace.taxes.texts import BEARERS, PRICE_TREATMENTS, SERVICE_TREATMENTS

AMOUNTS = st.integers(0, 10**15)
POINTS = st.integers(0, 10_000)

FILE = """
[[rates]]
kind = "vat_service"
treatment = "general"
basis_points = 600
since = 2026-01-01
basis = "K"
source = "somewhere"
"""


def points_on(kind: TaxKind, treatment: Treatment, day: date) -> int | None:
    rate = rate_on(rates_of("CN"), kind, treatment, day)
    return rate.basis_points if rate else None


@pytest.mark.parametrize("kind", TaxKind)
def test_the_rate_of_a_day_is_the_one_that_began_last(kind: TaxKind) -> None:
    assert points_on(kind, Treatment.GENERAL, date(2016, 4, 30)) is None
    assert points_on(kind, Treatment.GENERAL, date(2016, 5, 1)) == 600
    assert points_on(kind, Treatment.GENERAL, date(2026, 3, 2)) == 600
    assert points_on(kind, Treatment.SMALL_SCALE, date(2022, 12, 31)) == 300
    assert points_on(kind, Treatment.SMALL_SCALE, date(2023, 1, 1)) == 100
    assert points_on(kind, Treatment.SMALL_SCALE, date(2027, 12, 31)) == 100
    assert points_on(kind, Treatment.SMALL_SCALE, date(2028, 1, 1)) == 300
    assert points_on(kind, Treatment.NOT_DETERMINED, date(2026, 3, 2)) is None


def test_only_a_transfer_can_be_exempt_as_a_technology_contract() -> None:
    assert points_on(TaxKind.VAT_TRANSFER, Treatment.EXEMPT, date(2026, 3, 2)) == 0
    assert points_on(TaxKind.VAT_SERVICE, Treatment.EXEMPT, date(2026, 3, 2)) is None


def test_no_rate_is_shown_as_law_that_nobody_has_read() -> None:
    assert rates_of("CN")
    assert all(rate.basis is not Basis.READ and rate.source for rate in rates_of("CN"))


@pytest.mark.parametrize("country", ["DE", "US", "", "../", "C", "12"])
def test_nothing_is_guessed_for_a_country_without_data(country: str) -> None:
    assert rates_of(country) == ()


@pytest.mark.parametrize(
    "broken",
    [
        "rates = 3",
        "rates = [[",
        "",
        FILE.replace('"vat_service"', '"poll_tax"'),
        FILE.replace("600", "10001"),
        FILE.replace("600", "6.0"),
        FILE.replace('"somewhere"', '""'),
        FILE.replace('basis = "K"', ""),
    ],
)
def test_a_file_that_lacks_something_is_refused(broken: str) -> None:
    assert len(parse(FILE)) == 1
    with pytest.raises(BadRates):
        parse(broken)


def test_what_an_amount_contains_and_what_comes_on_top() -> None:
    assert inside(10_600, 600) == Taxed(10_000, 600)
    assert on_top(10_000, 600) == Taxed(10_000, 600)
    assert inside(100, 600) == Taxed(94, 6)  # 5.66 fen
    assert on_top(25, 600).tax == 2  # exactly half a fen goes up
    assert inside(15_000_000, 0) == Taxed(15_000_000, 0)
    assert on_top(10_000, 600).gross == 10_600


@given(AMOUNTS, POINTS)
def test_net_and_tax_are_the_gross(amount: int, points: int) -> None:
    contained = inside(amount, points)
    assert contained.gross == amount
    assert 0 <= contained.tax <= amount
    # Half a unit at most lies between the tax and its exact share.
    assert abs(contained.tax * (10_000 + points) - amount * points) * 2 <= 10_000 + points
    added = on_top(amount, points)
    assert added.net == amount
    assert abs(added.tax * 10_000 - amount * points) * 2 <= 10_000


@given(st.lists(st.tuples(AMOUNTS, POINTS), max_size=20))
def test_the_lines_of_a_document_sum_to_its_totals(lines: list[tuple[int, int]]) -> None:
    made = [inside(amount, points) for amount, points in lines]
    total = added_up(made)
    assert total.gross == sum(amount for amount, _ in lines)
    assert total.net + total.tax == total.gross
    assert total.tax == sum(line.tax for line in made)


def test_who_bears_the_taxes() -> None:
    assert {bearer: duties_borne_by_buyer(bearer) for bearer in TaxBearer} == {
        TaxBearer.EACH_OWN: 1,
        TaxBearer.SELLER: 0,
        TaxBearer.BUYER: 2,
    }


def a_lot(bearer: TaxBearer, treatment: Treatment, country: str = "CN") -> Any:
    return SimpleNamespace(
        tax_bearer=bearer, price_tax=treatment, institution=SimpleNamespace(country=country)
    )


def test_tax_comes_on_top_only_where_the_buyer_bears_it_and_it_is_determined() -> None:
    day = date(2026, 3, 2)
    on_buyer = a_lot(TaxBearer.BUYER, Treatment.GENERAL)
    assert isinstance(rate_on_top(on_buyer, day), Rate)
    for bearer in (TaxBearer.EACH_OWN, TaxBearer.SELLER):
        lot = a_lot(bearer, Treatment.GENERAL)
        assert rate_on_top(lot, day) is None
        assert price_rate(lot, day) == rate_on_top(on_buyer, day)
    assert rate_on_top(a_lot(TaxBearer.BUYER, Treatment.NOT_DETERMINED), day) is None
    assert rate_on_top(a_lot(TaxBearer.BUYER, Treatment.GENERAL, "DE"), day) is None


def test_every_word_is_there() -> None:
    assert set(BEARERS) == set(TaxBearer)
    assert set(PRICE_TREATMENTS) == set(Treatment)
    assert set(SERVICE_TREATMENTS) == set(Treatment) - {Treatment.EXEMPT}
