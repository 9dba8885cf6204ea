"""Days, amounts, codes, names, keys, gaps and shares: what is decided without a database."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.errors import Refused
from payments.bank.rules.cells import read_amount, read_day
from payments.bank.rules.columns import DateOrder
from payments.bank.rules.orders import OrderField, read_columns, write_columns
from payments.bank.rules.payers import Awaited, Payer, compare, suggestions
from payments.bank.rules.references import references_in
from payments.bank.rules.shares import Source, back_to
from payments.bank.rules.statements import (
    Gap,
    Span,
    Statement,
    StatementLine,
    gaps,
    line_keys,
)
from payments.bank.rules.words import FileFormat
from payments.rules import REFERENCE_ALPHABET, reference_code


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("2026-03-02 10:11:12", DateOrder.YEAR_FIRST, date(2026, 3, 2)),
        ("02.03.2026", DateOrder.DAY_FIRST, date(2026, 3, 2)),
        ("02/03/2026", DateOrder.MONTH_FIRST, date(2026, 2, 3)),
        ("20260302", DateOrder.MONTH_FIRST, date(2026, 3, 2)),
    ],
)
def test_days(text: str, order: DateOrder, day: date) -> None:
    assert read_day(text, order) == day


@pytest.mark.parametrize(
    "text", ["", "1.2.3", "1,23", "--1", "١٢", "1e3", "NaN", "0x1", "1 000", "99999999999999999"]
)
def test_what_is_no_amount(text: str) -> None:
    with pytest.raises(Refused):
        read_amount(text, "CNY")


@given(
    st.integers(min_value=0, max_value=10**14),
    st.sampled_from(["{:,.2f}", "¥{:.2f}", "{:.2f}元", " {:.2f} "]),
)
def test_an_amount_reads_as_it_was_written(minor: int, form: str) -> None:
    whole, rest = divmod(minor, 100)
    text = form.format(0).replace("0.00", f"{whole:,}.{rest:02d}")
    assert read_amount(text, "CNY") == minor
    assert read_amount(f"-{text.strip('¥ ')}", "CNY") == -minor


@given(st.text(REFERENCE_ALPHABET, min_size=9, max_size=9), st.text(max_size=40), st.text(max_size=40))
def test_a_code_is_found_in_any_text(body: str, before: str, after: str) -> None:
    signs = iter(body)
    code = reference_code(lambda _: next(signs))
    assert code in references_in(f"{before} {code} {after}")
    assert code in references_in(f"{before}{code.replace('-', ' ').lower()}{after}")


def test_one_wrong_sign_is_no_code() -> None:
    code = reference_code(lambda _: "A")
    wrong = code[:-1] + ("C" if code[-1] != "C" else "D")
    assert references_in(wrong) == ()
    assert references_in("") == ()


def test_payers_and_suggestions() -> None:
    assert compare("a", "a") is Payer.SAME
    assert compare("b", "a") is Payer.OTHER
    assert compare("", "a") is Payer.NOT_NAMED
    awaited = [Awaited(5, "x", 1), Awaited(7, "a", 2), Awaited(5, "a", 3), Awaited(9, "z", 4)]
    assert [one.row for one in suggestions(5, "a", awaited)] == [3, 2, 1]
    assert [one.row for one in suggestions(5, "", awaited, most=1)] == [1]


def test_keys_count_what_looks_the_same() -> None:
    line = StatementLine(1, date(2026, 3, 2), 5)
    known = StatementLine(2, date(2026, 3, 2), 5, bank_reference="R")
    keys = line_keys([line, known, line])
    assert keys[1] == "reference:R"
    assert (keys[0].endswith(":1"), keys[2].endswith(":2"), keys[0][:-1] == keys[2][:-1]) == (
        True,
        True,
        True,
    )


def test_a_statement_spans_its_lines() -> None:
    empty = Statement(FileFormat.CSV)
    assert (empty.first_day, empty.last_day) == (None, None)
    lines = [StatementLine(1, date(2026, 3, 2), 5), StatementLine(2, date(2026, 3, 1), 6)]
    spanned = Statement(FileFormat.CSV, lines=lines)
    assert (spanned.first_day, spanned.last_day) == (date(2026, 3, 1), date(2026, 3, 2))


def test_gaps_between_statements() -> None:
    first = Span("1", date(2026, 3, 1), date(2026, 3, 1), 0, 100)
    joined = Span("2", date(2026, 3, 2), date(2026, 3, 2), 100, 300)
    later = Span("4", date(2026, 3, 4), date(2026, 3, 4), 350, 400)
    mute = Span("3", date(2026, 3, 3), date(2026, 3, 3), None, None)
    assert gaps([later, mute, joined, first]) == [Gap(joined, later)]
    assert Gap(joined, later).missing == 50
    assert gaps([]) == []


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 50)), max_size=6), st.integers(0, 200))
def test_money_goes_back_to_where_it_came_from(paid: list[tuple[str, int]], minor: int) -> None:
    shares = back_to([Source(number, part) for number, part in paid], minor)
    whole = sum(part for _, part in paid)
    assert sum(part for _, part in shares) == min(minor, whole)
    assert len({number for number, _ in shares}) == len(shares)
    for number, part in shares:
        assert 0 < part <= sum(one for name, one in paid if name == number)


def test_columns_of_payment_tables() -> None:
    text = "Konto = number\nName = holder\nSumme = amount\nCode = reference\nLeer = empty"
    columns = read_columns(text)
    assert columns[0] == ("Konto", OrderField.NUMBER)
    assert write_columns(columns) == text
    for wrong in ("", "x = nothing", "a = number\nb = holder\nc = amount", text + "\n = bank", "a = number"):
        with pytest.raises(Refused):
            read_columns(wrong)
