"""Sales and rates of others, row by row."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from transactions.importing.rates import read_rates
from transactions.importing.sales import read_sales
from transactions.rates import Rate, convert, rate_for
from transactions.rules.words import (
    AssetType,
    Channel,
    ConsentTier,
    DatePrecision,
    LicenceKind,
    PaymentTerms,
    ProofGrade,
    RightSold,
    SaleOutcome,
    TaxBearer,
)

HEADING = (
    "id,date,asset_type,right_sold,channel,asset,n_assets,currency,price,price_basis,outcome,start_price,"
    "deposit,n_bidders,n_bids,use_as_comparable,note,source_url,evidence,classes,proof_grade\n"
)
GOOD = {
    "id": "T1",
    "date": "2020-04-14",
    "asset_type": "patent",
    "right_sold": "ownership",
    "channel": "judicial_online_auction",
    "asset": "A pump",
    "n_assets": "3",
    "currency": "CNY",
    "price": "134990",
    "price_basis": "hammer",
    "outcome": "sold",
    "start_price": "133490.50",
    "deposit": "15000",
    "n_bidders": "2",
    "n_bids": "2",
    "use_as_comparable": "yes",
    "note": "",
    "source_url": "https://example.com/a",
    "evidence": "read there",
    "classes": "H02K17/02;F01B",
    "proof_grade": "",
}


def table(*rows: dict[str, str]) -> str:
    lines = [",".join((GOOD | row)[name] for name in HEADING.strip().split(",")) for row in rows]
    return HEADING + "\n".join(lines) + "\n"


def test_a_good_row() -> None:
    (sale,), errors = read_sales("\ufeff" + table({}), "reports")
    assert errors == []
    assert (sale.source_marketplace, sale.source_kind, sale.source_id) == ("reports", "import", "T1")
    assert (sale.price_minor, sale.start_price_minor, sale.deposit_minor) == (
        134_990_00,
        133_490_50,
        15_000_00,
    )
    assert (sale.asset_type, sale.channel, sale.forced) == (
        AssetType.PATENT, Channel.JUDICIAL_ONLINE_AUCTION, True,
    )  # fmt: skip
    assert (sale.sold_on, sale.date_precision) == (date(2020, 4, 14), DatePrecision.DAY)
    assert (sale.number_of_rights, sale.bidders, sale.bids) == (3, 2, 2)
    assert (sale.technology_field, sale.technology_fields) == (1, (1, 27))
    assert (sale.proof_grade, sale.seller_kind, sale.usable) == (ProofGrade.C, "court", True)


def test_what_a_row_may_say_differently() -> None:
    text = table(
        {"id": "a", "date": "2012-03", "channel": "private_sale", "proof_grade": "B", "price": "5.25"},
        {"id": "b", "date": "2012", "outcome": "not_sold_reserve_not_met", "use_as_comparable": "no"},
        {"id": "c", "date": "", "outcome": "not_sold_no_bid", "use_as_comparable": "no", "note": "no bid"},
        {"id": "d", "right_sold": "exclusive_licence", "asset_type": "software_copyright", "n_assets": ""},
        {"id": "e", "outcome": "withdrawn", "classes": ""},
    )
    sales, errors = read_sales(text, "reports")
    assert errors == []
    month, year, undated, licence, withdrawn = sales
    assert (month.date_precision, month.proof_grade, month.price_minor) == (
        DatePrecision.MONTH, ProofGrade.B, 525,
    )  # fmt: skip
    assert (year.outcome, year.price_minor, year.top_bid_minor) == (SaleOutcome.UNSOLD, None, 134_990_00)
    assert (year.date_precision, year.exclusion_reason) == (DatePrecision.YEAR, "not_sold_reserve_not_met")
    assert (undated.sold_on, undated.date_precision, undated.top_bid_minor) == (
        None, DatePrecision.UNKNOWN, None,
    )  # fmt: skip
    assert undated.exclusion_reason == "no bid"
    assert (licence.right_sold, licence.asset_type) == (RightSold.LICENCE, AssetType.COPYRIGHT)
    assert (licence.technology_field, licence.number_of_rights) == (None, None)
    assert (withdrawn.outcome, withdrawn.top_bid_minor) == (SaleOutcome.WITHDRAWN, None)


@pytest.mark.parametrize(
    ("column", "text", "reason"),
    [
        ("id", "", "missing"),
        ("asset", "", "missing"),
        ("asset", "x" * 301, "too_long"),
        ("date", "14.4.2020", "not_a_date"),
        ("date", "2020-02-30", "not_a_date"),
        ("asset_type", "boat", "unknown_word"),
        ("asset_type", "", "missing"),
        ("channel", "street", "unknown_word"),
        ("channel", "", "missing"),
        ("currency", "XXX", "unknown_currency"),
        ("price", "1e6", "not_an_amount"),
        ("price", "", "price_missing"),
        ("start_price", "-1", "not_an_amount"),
        ("outcome", "maybe", "unknown_word"),
        ("outcome", "", "missing"),
        ("n_assets", "many", "not_a_number"),
        ("n_assets", "0", "number_out_of_range"),
        ("use_as_comparable", "perhaps", "unknown_word"),
        ("classes", "Z99Z", "unknown_class"),
        ("proof_grade", "E", "unknown_word"),
    ],
)
def test_a_bad_cell_is_named(column: str, text: str, reason: str) -> None:
    sales, errors = read_sales(table({"id": "T0"}, {column: text}), "reports")
    assert [sale.source_id for sale in sales] == ["T0"]
    assert [(error.row, error.column, error.reason) for error in errors] == [(3, column, reason)]
    assert str(errors[0]) == f"row 3, column {column}: {reason}"


def test_the_same_id_twice() -> None:
    _, errors = read_sales(table({}, {}), "reports")
    assert [(error.row, error.column, error.reason) for error in errors] == [(3, "id", "twice")]


def test_files_that_are_no_table() -> None:
    assert {error.column for error in read_sales("id,date\n1,2\n", "x")[1]} >= {"price", "asset"}
    assert read_sales("", "x")[1] != []
    assert [error.reason for error in read_sales(HEADING + 'T1,"20', "x")[1]] == ["not_a_table"]


def test_too_many_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("transactions.importing.cells.ROWS_LIMIT", 1)
    sales, errors = read_sales(table({}, {"id": "T2"}, {"id": "T3"}), "reports")
    assert (len(sales), [error.reason for error in errors]) == (1, ["too_large"])


MORE = {
    "n_families": "2", "family_size": "4", "claims": "12", "forward_citations": "7", "evidence_of_use": "no",
    "legal_events": "litigation; pledged;litigation", "age_months": "31", "filed_on": "2018-02-03",
    "region": "CN-37", "reference_price": "200000", "reference_price_basis": "appraisal",
    "buyer_premium": "6749.50", "payment_terms": "instalments", "tax_bearer": "buyer", "base_currency": "CNY",
    "rate_to_base": "1", "rule_pack": "cn-court", "consent_tier": "pool", "release_on": "2027-01-01",
    "related_party": "yes", "seller_kind": "bank", "round": "2", "top_bid": "134990",
}  # fmt: skip
LICENCE = {
    "right_sold": "licence", "price": "", "licence_kind": "sole", "royalty_percent": "3.5",
    "royalty_base": "net sales", "entry_fee": "50000", "licence_months": "60", "territory": "Shandong",
}  # fmt: skip


def wide(*rows: dict[str, str]) -> str:
    names = [*HEADING.strip().split(","), *MORE, *(name for name in LICENCE if name not in GOOD)]
    lines = [",".join((dict.fromkeys(names, "") | GOOD | row)[name] for name in names) for row in rows]
    return "\n".join([",".join(names), *lines]) + "\n"


def test_everything_that_a_row_may_say() -> None:
    (sale,), errors = read_sales(wide(MORE), "reports")
    assert errors == []
    assert (sale.number_of_families, sale.family_size, sale.claims, sale.forward_citations) == (2, 4, 12, 7)
    assert (sale.evidence_of_use, sale.legal_events) == (False, ("pledged", "litigation"))
    assert (sale.age_months, sale.filed_on, sale.region) == (31, date(2018, 2, 3), "CN-37")
    assert (sale.reference_price_minor, sale.buyer_premium_minor) == (200_000_00, 6_749_50)
    assert (sale.payment_terms, sale.tax_bearer) == (PaymentTerms.INSTALMENTS, TaxBearer.BUYER)
    assert (sale.base_currency, sale.rate_to_base) == ("CNY", "1")
    assert (sale.consent_tier, sale.release_on) == (ConsentTier.POOL, date(2027, 1, 1))
    assert (sale.related_party, sale.arms_length, sale.seller_kind) == (True, False, "bank")
    assert (sale.attempt, sale.top_bid_minor) == (2, 134_990_00)


def test_a_licence_with_entry_fee_and_royalty() -> None:
    sales, errors = read_sales(
        wide(
            LICENCE,
            {"id": "2", "right_sold": "exclusive_licence"},
            {"id": "3", "right_sold": "licence until"},
        ),
        "reports",
    )
    assert errors == []
    fee, exclusive, untold = sales
    assert (fee.right_sold, fee.licence_kind, fee.price_minor) == (RightSold.LICENCE, LicenceKind.SOLE, None)
    assert (fee.royalty_basis_points, fee.royalty_base, fee.entry_fee_minor) == (350, "net sales", 50_000_00)
    assert (fee.licence_months, fee.territory) == (60, "Shandong")
    assert (exclusive.licence_kind, untold.licence_kind) == (LicenceKind.EXCLUSIVE, LicenceKind.NOT_TOLD)


@pytest.mark.parametrize(
    ("column", "text", "reason"),
    [
        ("claims", "0", "number_out_of_range"),
        ("n_families", "0", "number_out_of_range"),
        ("evidence_of_use", "perhaps", "unknown_word"),
        ("legal_events", "burnt", "unknown_word"),
        ("filed_on", "2018", "not_a_date"),
        ("region", "Shandong", "too_long"),
        ("region", "SD", "unknown_region"),
        ("tax_bearer", "nobody", "unknown_word"),
        ("rate_to_base", "x", "not_a_rate"),
        ("base_currency", "XXX", "unknown_currency"),
        ("royalty_percent", "3.555", "not_a_number"),
        ("royalty_percent", "3", "licence_alone"),
        ("licence_months", "3", "licence_alone"),
        ("arms_length", "yes", "related_at_arms_length"),
    ],
)
def test_a_bad_optional_cell_is_named(column: str, text: str, reason: str) -> None:
    row = {column: text} | ({"related_party": "yes"} if column == "arms_length" else {})
    heading, first, second = wide({"id": "T0"}, row).splitlines()
    if column not in heading.split(","):
        heading, first, second = f"{heading},{column}", f"{first},", f"{second},{text}"
    sales, errors = read_sales(f"{heading}\n{first}\n{second}", "reports")
    assert [sale.source_id for sale in sales] == ["T0"]
    assert [(error.column, error.reason) for error in errors] == [(column, reason)]


@pytest.mark.shared_data
def test_the_collected_sales_are_all_read(shared_data: Path) -> None:
    text = (shared_data / "data" / "prices_ip_transactions.csv").read_text(encoding="utf-8")
    sales, errors = read_sales(text, "published")
    assert (len(sales), errors) == (48, [])
    assert sum(not sale.usable for sale in sales) == 3
    assert sum(sale.outcome is SaleOutcome.UNSOLD for sale in sales) == 2
    assert not any("Microsoft" in sale.title for sale in sales)
    assert all(sale.evidence and sale.evidence_url.startswith("http") for sale in sales)
    assert {sale.consent_tier for sale in sales} == {ConsentTier.PUBLIC}
    assert [sale.licence_kind for sale in sales].count(LicenceKind.EXCLUSIVE) == 1


def test_rates() -> None:
    rates, errors = read_rates(
        "date,currency,base,rate,source\n"
        "2020-04-10,USD,CNY,7.0500,central bank\n"
        "2020-04,USD,CNY,7.05,central bank\n"
        "2020-04-10,USD,USD,1,central bank\n"
        "2020-04-10,USD,CNY,0,central bank\n"
        "2020-04-10,USD,CNY,7.05,\n"
        "2020-04-10,XXX,CNY,7.05,x\n"
    )
    assert [(error.row, error.column) for error in errors] == [
        (3, "date"), (4, "base"), (5, "rate"), (6, "source"), (7, "currency"),
    ]  # fmt: skip
    assert rates == [Rate(date(2020, 4, 10), "USD", "CNY", "7.0500", "central bank")]


def test_the_latest_rate_of_at_most_a_month_before_is_used() -> None:
    old = Rate(date(2020, 3, 1), "USD", "CNY", "6.9", "x")
    new = Rate(date(2020, 4, 10), "USD", "CNY", "7", "x")
    turned = Rate(date(2020, 4, 10), "CNY", "USD", "0.2", "x")
    day = date(2020, 4, 14)
    assert rate_for([old, turned, new], "USD", "CNY", day) is new
    assert rate_for([old], "USD", "CNY", day) is None
    assert rate_for([new], "EUR", "CNY", day) is None
    assert rate_for([new], "USD", "CNY", date(2020, 4, 9)) is None
    assert convert(10_00, "USD", "CNY", new) == 70_00
    assert convert(10_00, "CNY", "USD", new) == 143
    assert convert(10_00, "USD", "JPY", Rate(day, "USD", "JPY", "110.5", "x")) == 1105
    assert new.factor("CNY", "USD") == Fraction(1, 7)
    with pytest.raises(ValueError, match="no way"):
        convert(1, "EUR", "CNY", new)
