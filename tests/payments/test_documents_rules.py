"""The pure rules of documents and of the taxes of a deal."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.commission import Bearer, Commission
from marketplace.errors import Refused
from marketplace.rule_packs import Basis
from marketplace.spreadsheets import csv_text, harmless
from marketplace.taxes import Rate, Taxed, TaxKind, Treatment, inside
from payments.documents.rules import (
    PREFIXES,
    DocumentKind,
    DocumentReason,
    InvoiceLine,
    WrongSums,
    check_correction,
    check_sums,
    number_text,
    percent_text,
)
from payments.documents.texts import REFUSALS
from payments.documents.words import NOTES, TITLES
from payments.taxes.rules import (
    TAX_COST,
    TaxReason,
    check_registration,
    cost_of,
    passed_on,
    tax_number,
    tax_of_price,
)
from payments.taxes.texts import REFUSALS as TAX_REFUSALS
from payments.waterfall import Claim, Cost, Sale, Step, settle_sale

RATE = Rate(
    TaxKind.VAT_TRANSFER, Treatment.GENERAL, 600, date(2016, 5, 1), None, Basis.UNCONFIRMED, "somewhere"
)


def a_line(net: int, tax: int) -> InvoiceLine:
    return InvoiceLine("commission", "", Taxed(net, tax), 600, "general", "somewhere")


def test_every_kind_has_its_own_letters_and_title() -> None:
    assert set(PREFIXES) == set(TITLES) == set(DocumentKind)
    assert len(set(PREFIXES.values())) == len(PREFIXES)
    assert number_text(DocumentKind.INVOICE, 2026, 7) == "IN-2026-000007"
    assert [percent_text(points) for points in (0, 50, 600, 1_305)] == ["0 %", "0.5 %", "6 %", "13.05 %"]
    assert number_text(DocumentKind.CREDIT_NOTE, 2026, 1_234_567) == "CN-2026-1234567"
    assert NOTES
    assert set(REFUSALS) == set(DocumentReason)
    assert set(TAX_REFUSALS) == set(TaxReason)


@given(st.lists(st.tuples(st.integers(0, 10**12), st.integers(0, 10**12)), min_size=1, max_size=12))
def test_lines_sum_to_their_totals(lines: list[tuple[int, int]]) -> None:
    made = [a_line(net, tax) for net, tax in lines]
    total = Taxed(sum(net for net, _ in lines), sum(tax for _, tax in lines))
    check_sums(made, total)
    assert all(line.written()["gross"] == line.taxed.net + line.taxed.tax for line in made)
    for wrong in (Taxed(total.net + 1, total.tax), Taxed(total.net + 1, total.tax - 1)):
        with pytest.raises(WrongSums):
            check_sums(made, wrong)


def test_only_an_invoice_is_corrected_once_and_with_a_reason() -> None:
    assert check_correction(DocumentKind.INVOICE, " wrong address ", credited=False) == "wrong address"
    cases = [
        (DocumentKind.DEPOSIT_RECEIPT, "x", False, DocumentReason.NOT_AN_INVOICE),
        (DocumentKind.CREDIT_NOTE, "x", False, DocumentReason.NOT_AN_INVOICE),
        (DocumentKind.INVOICE, "x", True, DocumentReason.CORRECTED_ALREADY),
        (DocumentKind.INVOICE, "  ", False, DocumentReason.REASON_FOR_CORRECTION),
    ]
    for kind, reason, credited, expected in cases:
        with pytest.raises(Refused) as refused:
            check_correction(kind, reason, credited=credited)
        assert refused.value.reason is expected


def test_a_tax_number_is_checked_by_its_country() -> None:
    assert tax_number("CN", " 91110108 551385082q ") == "91110108551385082Q"
    assert tax_number("DE", "DE 136695976") == "136695976"
    assert tax_number("US", "12-3456789") == "12-3456789"  # nobody knows how such numbers are made
    for country, wrong in (
        ("CN", "911101085513850820"),
        ("DE", "DE136695977"),
        ("US", " "),
        ("US", "1" * 41),
    ):
        with pytest.raises(Refused) as refused:
            tax_number(country, wrong)
        assert (refused.value.reason, refused.value.field) == (TaxReason.TAX_NUMBER_WRONG, "tax_number")


def test_a_registration_has_a_number_and_is_not_of_tomorrow() -> None:
    today = date(2026, 3, 2)
    assert check_registration(" 2026110108 ", today, today) == "2026110108"
    with pytest.raises(Refused, match="number_missing"):
        check_registration("  ", today, today)
    with pytest.raises(Refused, match="in_future"):
        check_registration("1", date(2026, 3, 3), today)


def test_a_price_contains_its_tax_unless_the_buyer_bears_it() -> None:
    within = tax_of_price(10_600, RATE, borne_by_buyer=False)
    assert (within.taxed, within.on_top) == (Taxed(10_000, 600), False)
    beside = tax_of_price(10_000, RATE, borne_by_buyer=True)
    assert (beside.taxed, beside.on_top) == (Taxed(10_000, 600), True)
    unknown = tax_of_price(10_000, None, borne_by_buyer=True)
    assert (unknown.taxed, unknown.on_top, unknown.rate) == (Taxed(10_000, 0), False, None)
    assert cost_of(within, "bank") == (Cost("bank", TAX_COST, 600),)
    assert cost_of(beside, "bank") == cost_of(unknown, "bank") == ()


@given(price=st.integers(0, 10**12), owed=st.integers(0, 10**12), on_buyer=st.booleans())
def test_a_tax_changes_who_gets_what_and_never_the_sum(price: int, owed: int, *, on_buyer: bool) -> None:
    found = tax_of_price(price, RATE, borne_by_buyer=on_buyer)
    sale = Sale(
        currency="CNY",
        price=price,
        costs=cost_of(found, "bank"),
        commissions=(Commission("agency", table="court-2020", borne_by=Bearer.BUYER),),
        claims=(Claim("bank", 1, owed),),
        surplus_to="pledgor",
    )
    plain = settle_sale(sale)
    taxed = passed_on(plain, found, "bank")
    assert sum(line.paid for line in taxed.lines) == taxed.received
    assert taxed.received - plain.received == (found.taxed.tax if on_buyer else 0)
    paid = sum(line.paid for line in taxed.lines if line.step is Step.BUYER_TAX or line.kind == TAX_COST)
    assert paid == found.taxed.tax
    if not on_buyer:
        assert found.taxed == inside(price, 600)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-x", "@x", "\tx", "\rx", "-1+1", "-1.2.3"])
def test_case_43_no_cell_is_a_formula(text: str) -> None:
    """Text from users ran as a formula in the exported sheet elsewhere."""
    assert harmless(text) == f"'{text}"
    assert csv_text(("a",), [{"a": text}]).splitlines()[1].strip('"').startswith("'")


@pytest.mark.parametrize("text", ["", "x=1", "1.00", "-600.00", "-5", "有限公司"])
def test_plain_texts_and_negative_amounts_stay_as_they_are(text: str) -> None:
    assert harmless(text) == text
