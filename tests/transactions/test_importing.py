"""Sales and rates of others, row by row."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from transactions.importing.rates import read_rates
from transactions.importing.sales import read_sales
from transactions.rates import Rate, convert, rate_for
from transactions.rules.words import AssetType, Channel, DatePrecision, ProofGrade, RightSold, SaleOutcome

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


@pytest.mark.shared_data
def test_the_collected_sales_are_all_read(shared_data: Path) -> None:
    text = (shared_data / "data" / "prices_ip_transactions.csv").read_text(encoding="utf-8")
    sales, errors = read_sales(text, "published")
    assert (len(sales), errors) == (48, [])
    assert sum(not sale.usable for sale in sales) == 3
    assert sum(sale.outcome is SaleOutcome.UNSOLD for sale in sales) == 2
    assert not any("Microsoft" in sale.title for sale in sales)


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
