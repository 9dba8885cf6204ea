"""What is wrong with a query, and where."""

from enum import StrEnum

import pytest
from language_cast import TODAY

from marketplace.errors import Refused
from search.language.grammar import DEPTH_LIMIT, TERM_LIMIT
from search.language.reasons import LanguageReason as Reason
from search.parsing import LENGTH_LIMIT, parse, tree
from search.reasons import SearchReason


@pytest.mark.parametrize(
    ("text", "reason", "position", "piece"),
    [
        ("a AND (b", Reason.OPEN_PARENTHESIS, 7, "("),
        ("a (", Reason.OPEN_PARENTHESIS, 3, "("),
        ("ti=(a OR b", Reason.OPEN_PARENTHESIS, 4, "("),
        ("a) b", Reason.CLOSING_PARENTHESIS, 2, ")"),
        (") b", Reason.CLOSING_PARENTHESIS, 1, ")"),
        ("a ()", Reason.EMPTY_PARENTHESES, 3, "("),
        ("（a） （ ）", Reason.EMPTY_PARENTHESES, 5, "("),
        ('ti=a "b c', Reason.OPEN_QUOTE, 6, '"'),
        ("a AND", Reason.OPERATOR_ALONE, 3, "AND"),
        ("OR a", Reason.OPERATOR_ALONE, 1, "OR"),
        ("a OR AND b", Reason.OPERATOR_ALONE, 3, "OR"),
        ("a AND OR b", Reason.OPERATOR_ALONE, 3, "AND"),
        ("(a) 与", Reason.OPERATOR_ALONE, 5, "与"),
        ("NOT", Reason.OPERATOR_ALONE, 1, "NOT"),
        ("(a NOT )", Reason.OPERATOR_ALONE, 4, "NOT"),
        ("a NEAR/3", Reason.OPERATOR_ALONE, 3, "NEAR/3"),
        ("NEAR/3 a", Reason.OPERATOR_ALONE, 1, "NEAR/3"),
        ("ti=", Reason.FIELD_ALONE, 1, "ti"),
        ("a ti= AND b", Reason.FIELD_ALONE, 3, "ti"),
        ('ti=""', Reason.FIELD_ALONE, 1, "ti"),
        ("标题：—", Reason.FIELD_ALONE, 1, "标题"),
        ("ti=-a", Reason.FIELD_ALONE, 1, "ti"),
        ("ti=(a OR ab=b)", Reason.FIELD_IN_FIELD, 10, "ab"),
        ("titel=a", Reason.UNKNOWN_FIELD, 1, "titel"),
        ("a titel:b", Reason.UNKNOWN_FIELD, 3, "titel"),
        ("标题名：电池", Reason.UNKNOWN_FIELD, 1, "标题名"),
        ("purity > 99", Reason.UNKNOWN_FIELD, 1, "purity"),
        ("st=lost", Reason.UNKNOWN_VALUE, 4, "lost"),
        ("rg=Atlantis", Reason.UNKNOWN_VALUE, 4, "Atlantis"),
        ("rg=CN-99", Reason.UNKNOWN_VALUE, 4, "CN-99"),
        ("ti>=5", Reason.NOT_MEASURED, 1, "ti"),
        ("ti=[a TO b]", Reason.NOT_MEASURED, 4, "[a"),
        ("a NEAR/3 b NEAR/3 c", Reason.NEAR_WHAT, 12, "NEAR/3"),
        ("a NEAR/3 NOT b", Reason.NEAR_WHAT, 3, "NEAR/3"),
        ("a NEAR/3 (b c)", Reason.NEAR_WHAT, 3, "NEAR/3"),
        ("ti=a NEAR/3 b", Reason.NEAR_WHAT, 6, "NEAR/3"),
        ("a NEAR/3 bcde*", Reason.NEAR_WHAT, 3, "NEAR/3"),
        ("a NEAR/3 电池，电极", Reason.NEAR_WHAT, 3, "NEAR/3"),
        ("nr=(123456 NEAR/1 123457)", Reason.NEAR_WHAT, 12, "NEAR/1"),
        ("a NEAR/3 电", Reason.NEAR_LONE, 10, "电"),
        ("a NEAR/51 b", Reason.NEAR_TOO_FAR, 3, "NEAR/51"),
        ("a W/5000 b", Reason.NEAR_TOO_FAR, 3, "W/5000"),
        ("(a OR b OR c OR d OR e) NEAR/1 (a OR b OR c OR d)", Reason.NEAR_TOO_MANY, 25, "NEAR/1"),
        ("*cell", Reason.LEADING_WILDCARD, 1, "*cell"),
        ("a ti=*cell", Reason.LEADING_WILDCARD, 6, "*cell"),
        ("ti=so*lar", SearchReason.WILDCARD_PLACE, 4, "so*lar"),
        ('ti="solar cell*"', SearchReason.WILDCARD_PLACE, 4, "solar cell*"),
        ('"solar cell*"', SearchReason.WILDCARD_PLACE, 1, "solar cell*"),
        ("ti=so*", SearchReason.SHORT_PREFIX, 4, "so*"),
        ("a 电*", SearchReason.SHORT_PREFIX, 3, "电*"),
        ("nr=2011*", Reason.WILDCARD_IN_VALUE, 4, "2011*"),
        ("st=so*", Reason.WILDCARD_IN_VALUE, 4, "so*"),
        ("ti=方?", Reason.OTHER_WILDCARD, 4, "方?"),
        ("ti=wom#n", Reason.OTHER_WILDCARD, 4, "wom#n"),
        ("(cell OR batter?)", Reason.OTHER_WILDCARD, 10, "batter?"),
        ("ic=XX", Reason.BAD_SYMBOL, 4, "XX"),
        ("ic=H0*", Reason.BAD_SYMBOL, 4, "H0*"),
        ("ic=H01M4/*", Reason.BAD_SYMBOL, 4, "H01M4/*"),
        ("nc=46", Reason.BAD_NICE, 4, "46"),
        ("nc=0", Reason.BAD_NICE, 4, "0"),
        ("nc=nine", Reason.BAD_NICE, 4, "nine"),
        ("nc=999", Reason.BAD_NICE, 4, "999"),
        ("nr=abc", Reason.BAD_NUMBER, 4, "abc"),
        ("dt=2026-13", Reason.BAD_DATE, 4, "2026-13"),
        ("dt=2026-02-30", Reason.BAD_DATE, 4, "2026-02-30"),
        ("dt=20261399", Reason.BAD_DATE, 4, "20261399"),
        ("dt>=soon", Reason.BAD_DATE, 5, "soon"),
        ("fd=1899", Reason.BAD_DATE, 4, "1899"),
        ("fd=2200", Reason.BAD_DATE, 4, "2200"),
        ("dt=[2026 TO x]", Reason.BAD_DATE, 4, "x"),
        ("pr=cheap", Reason.BAD_AMOUNT, 4, "cheap"),
        ("pr>=-5", Reason.BAD_AMOUNT, 5, "-5"),
        ("pr=1.005", Reason.BAD_AMOUNT, 4, "1.005"),
        ("pr=JPY1.5", Reason.BAD_AMOUNT, 4, "JPY1.5"),
        ("pr=XYZ5", Reason.BAD_AMOUNT, 4, "XYZ5"),
        ("pr=USD5CNY", Reason.BAD_AMOUNT, 4, "USD5CNY"),
        ("pr=999999999999999亿", Reason.BAD_AMOUNT, 4, "999999999999999亿"),
        ("rl>=long", Reason.BAD_YEARS, 5, "long"),
        ("rl>=100", Reason.BAD_YEARS, 5, "100"),
        ("dt=[2026]", Reason.BAD_SPAN, 4, "[2026]"),
        ("dt=[2026 TO 2027", Reason.BAD_SPAN, 4, "[2026 TO 2027"),
        ("dt>=[2026 TO 2027]", Reason.BAD_SPAN, 5, "[2026 TO 2027]"),
        ("dt>=(2026)", Reason.BAD_SPAN, 5, "("),
        ("dt=[2027 TO 2026]", Reason.SPAN_CROSSED, 4, "[2027 TO 2026]"),
        ("pr=[5 TO 4]", Reason.SPAN_CROSSED, 4, "[5 TO 4]"),
        ("pr=[CNY 4 TO USD 5]", Reason.TWO_CURRENCIES, 4, "[CNY 4 TO USD 5]"),
        ("(" * (DEPTH_LIMIT + 1) + "a" + ")" * (DEPTH_LIMIT + 1), Reason.TOO_DEEP, DEPTH_LIMIT + 1, "("),
        ("NOT " * (DEPTH_LIMIT + 1) + "a", Reason.TOO_DEEP, 4 * DEPTH_LIMIT + 1, "NOT"),
        ("(a) " + "b " * TERM_LIMIT, SearchReason.TOO_MANY_TERMS, 2 * TERM_LIMIT + 3, "b"),
        ("ti=" + "x*" * 30, SearchReason.WILDCARD_PLACE, 4, ("x*" * 30)[:40]),
    ],
)
def test_what_is_wrong_and_where(text: str, reason: StrEnum, position: int, piece: str) -> None:
    with pytest.raises(Refused) as refusal:
        parse(text, TODAY)
    wrong = refusal.value
    assert (wrong.reason, wrong.field) == (reason, "q")
    assert (wrong.details["position"], wrong.details["piece"]) == (position, piece)


def test_the_nearest_field_and_some_values_are_named() -> None:
    for text, nearest in (
        ("titel=a", "title"),
        ("发名称=a", "发明名称"),
        ("申情人=a", "申请人"),
        ("xx=a", "cpc"),
    ):
        with pytest.raises(Refused) as refusal:
            parse(text)
        assert refusal.value.reason is Reason.UNKNOWN_FIELD
        if text != "xx=a":
            assert refusal.value.details["nearest"] == nearest
    with pytest.raises(Refused) as refusal:
        parse("st=lost")
    assert refusal.value.details["examples"] == "published, reserved, sold, unsold"


def test_what_is_too_long() -> None:
    for call in (parse, tree):
        with pytest.raises(Refused) as refusal:
            call("a" * (LENGTH_LIMIT + 1))
        assert refusal.value.reason is SearchReason.TOO_LONG
    assert parse("(" + "a" * (LENGTH_LIMIT - 2) + ")").marks


def test_depth_is_given_back_when_a_parenthesis_closes() -> None:
    assert tree(" ".join(["((a))"] * TERM_LIMIT)) is not None
    assert tree("NOT a " * TERM_LIMIT) is not None
