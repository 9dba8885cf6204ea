"""Statement files: whatever banks write is read, whatever is wrong is refused with its place."""

import io
import zipfile
from datetime import date
from typing import Any

import openpyxl
import pytest

from marketplace.errors import Refused
from marketplace.listings.portfolio.columns import FileReason
from payments.bank.reading import read_statement, tables
from payments.bank.rules.columns import Column, ColumnMapping, DateOrder, guess_mapping, read_mapping
from payments.bank.rules.words import FileFormat, Reason

from .bank_scene import Booked, a_camt, a_csv

TWO = [Booked(12345, "张三有限公司", "货款", "R1"), Booked(-45, "", "手续费", "R2")]


def refused(content: bytes, mapping: ColumnMapping | None = None, **options: int) -> Refused:
    with pytest.raises(Refused) as caught:
        read_statement(content, "CNY", mapping, **options)
    return caught.value


@pytest.mark.parametrize("version", ["02", "04", "06", "08", "10", "13"])
def test_camt_of_every_version(version: str) -> None:
    read = read_statement(a_camt(TWO, opening=100, version=version), "CNY", None)
    assert [(line.minor, line.bank_reference, line.counterparty) for line in read.lines] == [
        (12345, "R1", "张三有限公司"),
        (-45, "R2", ""),
    ]
    assert (read.file_format, read.opening, read.closing) == (FileFormat.CAMT053, 100, 12400)
    assert read.account_number == "6225880100001234"
    assert not read.refused


def test_camt_as_banks_vary_it() -> None:
    whole = a_camt(TWO).decode()
    pending = whole.replace("<Cd>BOOK</Cd>", "<Cd>PDNG</Cd>", 1)
    other = read_statement(pending.replace("<Cd>CLBD</Cd>", "<Cd>ITBD</Cd>").encode(), "CNY", None)
    assert (other.not_booked, len(other.lines), other.closing) == (1, 1, None)
    two = '<TxDtls><Refs><AcctSvcrRef>A</AcctSvcrRef></Refs><Amt Ccy="CNY">100.00</Amt></TxDtls>'
    two += '<TxDtls><AmtDtls><TxAmt><Amt Ccy="CNY">23.45</Amt></TxAmt></AmtDtls></TxDtls>'
    start, end = whole.index("<NtryDtls>"), whole.index("</NtryDtls>")
    batched = read_statement((whole[:start] + "<NtryDtls>" + two + whole[end:]).encode(), "CNY", None)
    assert [(line.minor, line.bank_reference) for line in batched.lines] == [
        (10000, "A"),
        (2345, "R1/2"),
        (-45, "R2"),
    ]
    unsummed = (whole[:start] + "<NtryDtls>" + two.replace("23.45", "1.00") + whole[end:]).encode()
    assert [line.minor for line in read_statement(unsummed, "CNY", None).lines] == [12345, -45]


@pytest.mark.parametrize(
    ("old", "new", "reason", "column"),
    [
        (
            "<CdtDbtInd>CRDT</CdtDbtInd><Sts>",
            "<CdtDbtInd>X</CdtDbtInd><Sts>",
            Reason.BAD_DIRECTION,
            "CdtDbtInd",
        ),
        ('<Ntry><Amt Ccy="CNY">123.45', '<Ntry><Amt Ccy="CNY">1e5', Reason.BAD_AMOUNT, "Amt"),
        ('<Ntry><Amt Ccy="CNY">123.45', '<Ntry><Amt Ccy="CNY">0.00', Reason.NO_AMOUNT, "Amt"),
        ('<Ntry><Amt Ccy="CNY">123.45', '<Ntry><Amt Ccy="USD">123.45', Reason.OTHER_CURRENCY, "Amt"),
        ('<Ntry><Amt Ccy="CNY">123.45</Amt>', "<Ntry>", Reason.NO_AMOUNT, "Amt"),
        ("<BookgDt><Dt>2026-03-02", "<BookgDt><Dt>2026-13-02", Reason.BAD_DATE, "BookgDt"),
        ("<BookgDt><Dt>2026-03-02</Dt></BookgDt>", "", Reason.EMPTY_CELL, "BookgDt"),
        ("<Ustrd>货款", "<Ustrd>" + "x" * 1001, Reason.TEXT_TOO_LONG, "RmtInf"),
        ("<AcctSvcrRef>R1", "<AcctSvcrRef>" + "x" * 101, Reason.TEXT_TOO_LONG, "AcctSvcrRef"),
        ("<AcctSvcrRef>R2", "<AcctSvcrRef>R1", Reason.REFERENCE_REPEATED, ""),
    ],
)
def test_a_wrong_entry_is_refused_with_its_place(old: str, new: str, reason: Reason, column: str) -> None:
    whole = a_camt(TWO).decode()
    assert old in whole
    read = read_statement(whole.replace(old, new, 1).encode(), "CNY", None)
    (one,) = read.refused
    assert (one.why.reason, len(read.lines)) == (reason, 1)
    assert column in one.column


ANOTHER = b"<Stmt><Acct><Id><IBAN>X</IBAN></Id></Acct></Stmt>"


LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>"""


EXTERNAL = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>"""


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (LAUGHS + a_camt(TWO).partition(b"?>")[2], Reason.XML_FORBIDDEN),
        (EXTERNAL + a_camt(TWO).partition(b"?>")[2].replace(b"R1", b"&a;"), Reason.XML_FORBIDDEN),
        (b'<!DOCTYPE x SYSTEM "http://x/x.dtd">' + a_camt(TWO).partition(b"?>")[2], Reason.XML_FORBIDDEN),
        (a_camt(TWO)[:-40], Reason.FILE_UNREADABLE),
        (a_camt(TWO).replace("张".encode(), b"\xff\xfe"), Reason.FILE_UNREADABLE),
        (a_camt(TWO).replace(b'encoding="UTF-8"', b'encoding="no-such"'), Reason.FILE_UNREADABLE),
        (b"<" + b"a>" * 3, Reason.NOT_CAMT),
        (a_camt(TWO).replace(b"camt.053", b"camt.054"), Reason.NOT_CAMT),
        (a_camt(TWO).replace(b"<Ntry>", b"<Ntry>" + b"<x>" * 60, 1), Reason.FILE_UNREADABLE),
        (a_camt(TWO).replace(b"123.00", b"124.00"), Reason.BALANCE_DIFFERS),
        (a_camt([]), Reason.NO_LINES),
        (a_camt(TWO).replace(b"</Stmt>", b"</Stmt>" + ANOTHER), Reason.SEVERAL_ACCOUNTS),
        (a_camt(TWO).replace(b'</Tp><Amt Ccy="CNY"', b'</Tp><Amt Ccy="EUR"'), Reason.OTHER_CURRENCY),
        (b"", FileReason.NO_ROWS),
        (b"\x00\x01\x02", FileReason.ENCODING_UNKNOWN),
        (b"%PDF-1.7", FileReason.FILE_FORMAT_UNKNOWN),
        (b"PK\x03\x04 no zip", FileReason.FILE_DAMAGED),
        (a_csv(TWO).replace("交易日期".encode("gb18030"), b"x"), Reason.NOT_MAPPED),
        (b"a,b\n1,2\n", Reason.HEADER_MISSING),
    ],
)  # fmt: skip
def test_a_file_that_is_no_statement_is_refused(content: bytes, reason: Reason) -> None:
    assert refused(content).reason == reason


def test_what_is_too_large_is_refused_before_it_is_read() -> None:
    assert refused(b"<" * (97 * 1024**2)).reason is Reason.FILE_TOO_LARGE
    assert refused(a_csv(TWO), most_bytes=50).reason is Reason.FILE_TOO_LARGE


def test_a_packed_file_that_would_unpack_to_more_than_there_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (101 * 1024**2))
    assert refused(file.getvalue()).reason is FileReason.FILE_TOO_LARGE


def test_too_many_entries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("payments.bank.reading.MOST_LINES", 1)
    assert refused(a_camt(TWO)).reason is Reason.TOO_MANY_LINES
    assert refused(a_csv(TWO)).reason is FileReason.TOO_MANY_ROWS


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig"])
def test_a_table_in_each_encoding_with_its_balances(encoding: str) -> None:
    content = a_csv(TWO, opening=1000).decode("gb18030").encode(encoding)
    read = read_statement(content, "CNY", None)
    assert (read.opening, read.closing) == (1000, 13300)
    assert [line.fee for line in read.lines] == [False, True]
    newest_first = "\n".join(
        [content.decode(encoding).splitlines()[0], *content.decode(encoding).splitlines()[:0:-1]]
    )
    turned = read_statement(newest_first.encode(encoding), "CNY", None)
    assert (turned.opening, [line.minor for line in turned.lines]) == (1000, [12345, -45])
    assert refused(content.replace(b"133.00", b"134.00")).reason is Reason.BALANCE_DIFFERS


def test_a_workbook_with_a_preamble_and_a_formula() -> None:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    for row in (
        ["账户明细"],
        ["账号", "6225"],
        ["交易日期", "收入", "支出", "对方户名", "附言"],
        [date(2026, 3, 2), 123.45, None, "张三", "x"],
        ["2026年3月3日", "=1+1", "", "张三", ""],
    ):
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    read = read_statement(file.getvalue(), "CNY", None)
    assert [(line.row, line.minor, line.purpose) for line in read.lines] == [(4, 12345, "x")]
    (one,) = read.refused
    assert (one.row, one.column, one.why.reason) == (5, "收入", Reason.FORMULA_CELL)
    rows, header = tables.preview(file.getvalue(), most_lines=100, most_bytes=10**6)
    assert (header, rows[2][1][0]) == (2, "交易日期")


HEAD = "date,amount,direction,name\n"


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("2026-03-02,1.00,x,A", "direction", Reason.BAD_DIRECTION),
        (",1.00,C,A", "date", Reason.EMPTY_CELL),
        ("2026-02-30,1.00,C,A", "date", Reason.BAD_DATE),
        ("1026-02-20,1.00,C,A", "date", Reason.BAD_DATE),
        ("soon,1.00,C,A", "date", Reason.BAD_DATE),
        ("2026-03-02,1.001,C,A", "amount", Reason.BAD_AMOUNT),
        ("2026-03-02,,C,A", "amount", Reason.NO_AMOUNT),
        (f"2026-03-02,1.00,C,{'A' * 201}", "name", Reason.TEXT_TOO_LONG),
    ],
)
def test_a_wrong_row_is_refused_with_row_and_column(row: str, column: str, reason: Reason) -> None:
    read = read_statement(f"{HEAD}2026-03-02,5.00,贷,A\n{row}\n".encode(), "CNY", None)
    (one,) = read.refused
    assert (one.row, one.column, one.why.reason) == (3, column, reason)
    assert [line.minor for line in read.lines] == [500]


def test_directions_signs_and_two_columns() -> None:
    directed = read_statement(f"{HEAD}20260302,5.00,借,A\n2026/3/2,5.00,Credit,A\n".encode(), "CNY", None)
    assert [line.minor for line in directed.lines] == [-500, 500]
    signed = read_statement(b"date,amount,name\n2026-03-02,-1,A\n2026.03.02,+2,A\n", "CNY", None)
    assert [line.minor for line in signed.lines] == [-100, 200]
    both = read_statement(b"date,credit,debit,name\n2026-03-02,1,1,A\n", "CNY", None)
    assert both.refused[0].why.reason is Reason.TWO_AMOUNTS


def test_a_mapping_is_saved_and_read_strictly() -> None:
    headings = {Column.BOOKED_ON: "Day", Column.AMOUNT: "Sum", Column.COUNTERPARTY: "Who"}
    mapping = ColumnMapping(headings, DateOrder.DAY_FIRST, decimal_comma=True)
    assert read_mapping(mapping.as_json()) == mapping
    read = read_statement(b"Day;Sum;Who\n02/03/2026;-1.234,56;A\n", "CNY", mapping)
    assert (read.lines[0].booked_on, read.lines[0].minor) == (date(2026, 3, 2), -123456)
    assert refused(b"Day;Sum\n1;2\n", mapping).reason is Reason.COLUMN_MISSING
    assert refused(b"a;b\n1;2\n", mapping).reason is Reason.HEADER_MISSING
    for wrong in (
        {"headings": {"nothing": "x"}},
        {"headings": {"booked_on": "x"}, "date_order": "no"},
        {"headings": {"amount": "x", "counterparty": "y"}},
        {"headings": {"booked_on": "x", "credit": "y", "counterparty": "z"}},
        {"headings": {"booked_on": "x", "amount": "y"}},
        {},
    ):
        with pytest.raises(Refused) as caught:
            read_mapping(wrong)
        assert caught.value.reason is Reason.NOT_MAPPED
    assert guess_mapping(["交易日期", "金额（元）", "无关", None, "金额"]).headings == {
        Column.BOOKED_ON: "交易日期",
        Column.AMOUNT: "金额（元）",
    }
