"""Portfolio files: what is read, what is refused, and with which words."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.errors import Refused
from marketplace.listings.portfolio import CellReason, Portfolio, read_portfolio
from marketplace.listings.portfolio import reading as limits
from marketplace.listings.portfolio.columns import FileReason, column_name
from marketplace.listings.rules import AuctionFormat, PriceBasis
from marketplace.listings.terms import TermsReason
from marketplace.rights.numbers import NumberReason
from marketplace.rights.rules import EncumbranceKind, RightReason, RightType
from marketplace.rule_packs.limits import LimitReason

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
EXAMPLE = Path(__file__).parents[3] / "demo" / "portfolio-example.csv"
RIGHT = {
    "lot_reference": "A-1",
    "right_type": "invention",
    "number": "202010123456.2",
    "title": "Winding",
    "filed_on": "2020-02-24",
}


def as_csv(*rows: dict[str, str], encoding: str = "utf-8") -> bytes:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def as_xlsx(*rows: Any) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def read(*rows: dict[str, str]) -> Portfolio:
    return read_portfolio(as_csv(*rows), now=NOW)


def problems(portfolio: Portfolio) -> dict[int, dict[str, Any]]:
    return {
        cells.number: {column: refused.reason for column, refused in cells.problems.items()}
        for cells in portfolio.rows
        if cells.problems
    }


def test_the_example_is_read_without_a_fault() -> None:
    portfolio = read_portfolio(EXAMPLE.read_bytes(), now=NOW)
    assert problems(portfolio) == {}
    first, second, third = portfolio.lots
    assert [right.right_type for _, right in first.rights] == [
        RightType.INVENTION,
        RightType.UTILITY_MODEL,
        RightType.DESIGN,
    ]
    invention = first.rights[0][1]
    assert invention.expires_on == date(2038, 5, 25)
    assert invention.technology_field == 1
    assert [(found.holder, found.rank, found.claim_minor) for found in invention.encumbrances] == [
        ("Example Bank", 1, 300_000_000),
        ("Second Example Bank", 2, 50_000_000),
    ]
    assert first.terms is not None
    assert first.terms.reserve_minor == 300_000_000
    assert first.terms.reference_price_basis is PriceBasis.APPRAISAL
    assert first.case["principal"] == 280_000_000
    assert second.case["pledgor"] == third.case["pledgor"] == "Example Holding Ltd."
    assert third.terms is not None
    assert third.terms.auction_format is AuctionFormat.ENGLISH


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_chinese_headings_and_words_in_the_usual_encodings(encoding: str) -> None:
    row = {
        "标的编号": "甲-1", "标的名称": "真空断路器专利",
        "权利类型": "发明专利", "专利号": "ZL202010123456.2",
        "发明名称": "真空灭弧室", "申请日": "2020年2月24日", "质权人": "示例银行", "担保债权": "3,000,000.00",
        "质押登记日": "20230410", "质权人2": "第二银行", "担保债权2": "500000", "顺位2": "2",
        "借款合同号": "L1", "债务人": "甲公司", "出质人": "乙公司", "本金": "2800000",
        "参考价": "4000000", "参考价依据": "评估", "起拍价": "2800000", "保留价": "3000000",
        "保留价公开": "是", "竞价方式": "增价拍卖", "规则": "cn-bank", "开始时间": "2026-04-01 10:00",
        "结束时间": "2026/04/02 10:00",
    }  # fmt: skip
    portfolio = read_portfolio(as_csv(row, encoding=encoding), now=NOW)
    assert problems(portfolio) == {}
    lot = portfolio.lots[0]
    right = lot.rights[0][1]
    assert (right.number, right.title, right.filed_on) == (
        "CN202010123456.2",
        "真空灭弧室",
        date(2020, 2, 24),
    )
    assert [(found.holder, found.rank) for found in right.encumbrances] == [("示例银行", 1), ("第二银行", 2)]
    assert lot.terms is not None
    assert lot.terms.reserve_public
    assert lot.terms.opens_at == datetime(2026, 4, 1, 2, 0, tzinfo=UTC)


def test_a_spreadsheet_reads_as_the_same_file_in_text() -> None:
    header = ["lot_reference", "right_type", "number", "title", "filed_on", "start_price", "reserve_public"]
    row = ["A-1", "invention", 202010123456.2, "Winding", datetime(2020, 2, 24), 14323.68, False]  # noqa: DTZ001 - as Excel has it
    trademark = ["A-2", "trademark", 12345678, "Mark", None, 2_800_000, None]
    portfolio = read_portfolio(as_xlsx(header, row, [None], trademark), now=NOW)
    assert problems(portfolio) == {}
    first, second = portfolio.lots
    assert first.rights[0][1].number == "CN202010123456.2"
    assert first.rights[0][1].filed_on == date(2020, 2, 24)
    assert first.terms is not None
    assert first.terms.start_price_minor == 1_432_368
    assert second.cells[0].number == 4
    assert second.rights[0][1].number == "12345678"


def test_formulas_and_spreadsheet_errors_are_refused_not_evaluated() -> None:
    header = ["lot_reference", "right_type", "number", "title", "start_price"]
    rows = [["A-1", "trademark", "12345678", "=1+1", None], ["A-2", "trademark", "12345679", "Mark", "#REF!"]]
    found = problems(read_portfolio(as_xlsx(header, *rows), now=NOW))
    assert found == {2: {"title": CellReason.FORMULA}, 3: {"start_price": CellReason.ERROR_VALUE}}


@pytest.mark.parametrize(
    ("change", "column", "reason"),
    [
        ({"lot_reference": ""}, "lot_reference", CellReason.EMPTY),
        ({"right_type": ""}, "right_type", CellReason.EMPTY),
        ({"right_type": "idea"}, "right_type", CellReason.NOT_A_CHOICE),
        ({"number": ""}, "number", CellReason.EMPTY),
        ({"number": "202010123456.7"}, "number", NumberReason.CHECK_DIGIT_WRONG),
        ({"number": "CN114081026A"}, "number", NumberReason.PUBLICATION_IN_PLACE_OF_NUMBER),
        ({"publication_number": "12"}, "publication_number", NumberReason.NUMBER_NOT_RECOGNISED),
        ({"title": ""}, "title", CellReason.EMPTY),
        ({"title": "x" * 501}, "title", CellReason.TOO_LONG),
        ({"title": "a\x01b"}, "title", CellReason.UNREADABLE_TEXT),
        ({"filed_on": "2020-13-01"}, "filed_on", CellReason.NOT_A_DATE),
        ({"filed_on": "yesterday"}, "filed_on", CellReason.NOT_A_DATE),
        ({"filed_on": "0001-01-01"}, "filed_on", CellReason.NOT_A_DATE),
        ({"filed_on": "2026-03-03"}, "filed_on", RightReason.FILED_IN_THE_FUTURE),
        ({"granted_on": "2019-01-01"}, "granted_on", RightReason.GRANTED_BEFORE_FILED),
        ({"pledgee": "Bank", "pledge_rank": "0"}, "pledge_rank_1", RightReason.RANK_BELOW_ONE),
        ({"pledgee": "Bank", "pledge_rank": "first"}, "pledge_rank_1", CellReason.NOT_A_WHOLE_NUMBER),
        ({"pledge_claim": "100"}, "pledgee_1", RightReason.CLAIM_WITHOUT_HOLDER),
        ({"encumbrance_kind": "gift", "pledgee": "X"}, "encumbrance_kind_1", CellReason.NOT_A_CHOICE),
        ({"debtor": "X"}, "loan_reference", CellReason.EMPTY),
        ({"loan_reference": "L", "debtor": "X"}, "pledgor", CellReason.EMPTY),
        ({"start_price": "-1"}, "start_price", CellReason.NOT_AN_AMOUNT),
        ({"start_price": "1.005"}, "start_price", CellReason.NOT_AN_AMOUNT),
        ({"start_price": "1e6"}, "start_price", CellReason.NOT_AN_AMOUNT),
        ({"start_price": "1,0000"}, "start_price", CellReason.NOT_AN_AMOUNT),
        ({"start_price": "0"}, "start_price", TermsReason.PRICE_NOT_POSITIVE),
        ({"price_basis": "appraisal"}, "price_basis", TermsReason.BASIS_WITHOUT_PRICE),
        ({"reserve_public": "perhaps"}, "reserve_public", CellReason.NOT_YES_OR_NO),
        ({"reserve_public": "yes"}, "reserve_public", TermsReason.RESERVE_PUBLIC_WITHOUT_RESERVE),
        ({"currency": "XXX"}, "currency", CellReason.NOT_A_CHOICE),
        ({"rule_pack": "wild-west"}, "rule_pack", CellReason.NOT_A_CHOICE),
        ({"opens_at": "soon"}, "opens_at", CellReason.NOT_A_MOMENT),
        ({"opens_at": "0001-01-01 00:00"}, "opens_at", CellReason.NOT_A_MOMENT),
        (
            {"start_price": "699999.99", "reference_price": "1000000", "rule_pack": "cn-court"},
            "start_price",
            LimitReason.START_PRICE_BELOW_FLOOR,
        ),
        ({"start_price": "100", "reserve_price": "99"}, "reserve_price", LimitReason.RESERVE_BELOW_START),
        ({"consent_tier": "some"}, "consent_tier", CellReason.NOT_A_CHOICE),
        ({"consent_tier": "sealed", "rule_pack": "cn-court"}, "consent_tier", TermsReason.CONSENT_FIXED),
    ],
)
def test_a_row_is_refused_with_its_column(change: dict[str, str], column: str, reason: Any) -> None:
    assert problems(read(RIGHT | change)) == {2: {column: reason}}


def test_rows_of_one_lot_and_of_one_loan_must_agree() -> None:
    other = RIGHT | {"number": "202010123457", "start_price": "2.00"}
    assert problems(read(RIGHT | {"start_price": "1"}, other | {"start_price": "1.00"})) == {}
    found = problems(read(RIGHT | {"start_price": "1"}, other))
    assert found == {3: {"start_price": CellReason.DIFFERS_WITHIN_LOT}}
    loan = {"loan_reference": "L", "debtor": "X", "pledgor": "Y", "principal": "5"}
    found = problems(read(RIGHT | loan, RIGHT | loan | {"number": "202010123457", "principal": "6"}))
    assert found == {3: {"principal": CellReason.DIFFERS_WITHIN_CASE}}
    found = problems(read(RIGHT | loan, RIGHT | loan | {"number": "202010123457", "loan_reference": "M"}))
    assert found == {3: {"loan_reference": CellReason.DIFFERS_WITHIN_LOT}}
    found = problems(read(RIGHT | {"currency": "CNY"}, RIGHT | {"number": "202010123457", "currency": "USD"}))
    assert found == {3: {"currency": CellReason.DIFFERS_WITHIN_LOT}}
    found = problems(read(RIGHT, RIGHT | {"lot_reference": "A-2", "number": "ZL 2020 1 0123456.2"}))
    assert found == {3: {"number": CellReason.NUMBER_REPEATED}}


def test_the_amounts_of_all_rows_are_in_the_currency_of_the_lot() -> None:
    rows = (
        RIGHT | {"pledgee": "Bank", "pledge_claim": "5"},
        RIGHT | {"number": "202010123457", "currency": "JPY", "pledgee": "Bank", "pledge_claim": "7"},
    )
    lot = read(*rows).lots[0]
    assert [right.encumbrances[0].claim_minor for _, right in lot.rights] == [5, 7]
    assert lot.currency == "JPY"


def test_text_outside_the_columns_is_refused() -> None:
    content = b"lot_reference,right_type,number,title\nA-1,trademark,12345678,Mark,extra\n"
    found = problems(read_portfolio(content, now=NOW))
    assert found == {2: {"lot_reference": CellReason.BEYOND_HEADER}}
    content = b"lot_reference,right_type,,number,title\nA-1,trademark,stray,12345678,Mark\n"
    assert problems(read_portfolio(content, now=NOW)) == found


def bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (limits.MOST_UNPACKED_BYTES + 1))
    return stream.getvalue()


def laughing_workbook() -> bytes:
    """A workbook whose sheet expands entities."""
    good = zipfile.ZipFile(io.BytesIO(as_xlsx(["lot_reference"], ["A-1"])))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in good.namelist():
            body = good.read(name)
            if name.endswith("workbook.xml"):
                body = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>' + body
            archive.writestr(name, body)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "reason", "field"),
    [
        (b"", FileReason.NO_ROWS, "file"),
        (b"lot_reference,right_type,number,title\n", FileReason.NO_ROWS, "file"),
        (b"lot_reference,right_type,number\nA,b,c\n", FileReason.COLUMN_MISSING, "title"),
        (as_csv(RIGHT | {"reserve_prise": "1"}), FileReason.COLUMN_UNKNOWN, "reserve_prise"),
        (as_csv(RIGHT | {"Title": "1"}), FileReason.COLUMN_REPEATED, "Title"),
        (b"x" * (limits.MOST_BYTES + 1), FileReason.FILE_TOO_LARGE, "file"),
        (b"\xd0\xcf\x11\xe0 old Excel", FileReason.FILE_FORMAT_UNKNOWN, "file"),
        (b"PK\x03\x04 and nothing else", FileReason.FILE_DAMAGED, "file"),
        ("lot_reference\n".encode("utf-16"), FileReason.ENCODING_UNKNOWN, "file"),
        (b"lot_reference\n\xff\xff\xff\n", FileReason.ENCODING_UNKNOWN, "file"),
        (b'lot_reference\n"open', FileReason.FILE_DAMAGED, "file"),
        (b"a\n" * (limits.MOST_ROWS + 2), FileReason.TOO_MANY_ROWS, "file"),
        (b",".join([b"a"] * 202) + b"\n", FileReason.TOO_MANY_COLUMNS, "file"),
        (bomb(), FileReason.FILE_TOO_LARGE, "file"),
        (laughing_workbook(), FileReason.FILE_DAMAGED, "file"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(content: bytes, reason: FileReason, field: str) -> None:
    with pytest.raises(Refused, match=reason) as refused:
        read_portfolio(content, now=NOW)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Lot Reference *", "lot_reference"),
        ("PLEDGEE-2", "pledgee_2"),
        ("pledgee", "pledgee_1"),
        ("质权人 3", "pledgee_3"),
        ("申 请 号", "number"),
        ("公开（公告）号", "publication_number"),
        ("title_2", None),
        ("", None),
    ],
)
def test_headings_are_forgiving_about_form_only(written: str, name: str | None) -> None:
    assert column_name(written) == name


@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: as_csv(RIGHT | {"abstract": text})))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        portfolio = read_portfolio(content, now=NOW)
    except Refused:
        return
    assert len(portfolio.rows) >= 1


def test_other_encumbrances_than_pledges() -> None:
    row = RIGHT | {"encumbrance_kind": "查封", "holder": "Court", "pledge_number": "(2026) 12"}
    encumbrance = read(row).lots[0].rights[0][1].encumbrances[0]
    assert (encumbrance.kind, encumbrance.claim_minor) == (EncumbranceKind.SEIZURE, None)
