"""Arguments of an address become a question, or a refusal that names the argument."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from marketplace.errors import Refused
from marketplace.money import MINOR_LIMIT
from search.engines import All, Everything, Sort, Term
from search.prices import price_key
from search.reasons import SearchReason
from search.rules import Order, Question, read, request_for

# A Monday in Shanghai.
NOW = datetime(2026, 3, 2, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_no_arguments_ask_for_the_newest_of_everything() -> None:
    assert read({}) == Question()
    request = request_for(Question(), NOW)
    assert (request.node, request.sort, request.offset) == (
        Everything(),
        Sort("published", descending=True),
        0,
    )
    assert (request.filters, request.ranges) == ({}, {})


def test_everything_at_once() -> None:
    question = read(
        {
            "q": [" glass "],
            "status": ["sold", ""],
            "type": ["invention", "design"],
            "field": ["7"],
            "class": [" h01m 10/00 "],
            "price_from": ["1,000.50"],
            "price_to": ["2000"],
            "currency": ["CNY"],
            "sort": ["closing"],
            "page": ["3"],
            "size": ["50"],
        }
    )
    assert question.text == "glass"
    assert question.chosen == {"status": {"sold"}, "type": {"invention", "design"}, "field": {"7"}}
    assert question.symbol == "H01M10"
    request = request_for(question, NOW)
    assert request.node == All((question.words.strict, Term("classes", "H01M10", 0.0)))
    assert request_for(question, NOW, loose=True).node == All(
        (question.words.loose, Term("classes", "H01M10", 0.0))
    )
    assert request.filters == {
        "status": {"sold"},
        "right_type": {"invention", "design"},
        "technology_field": {"7"},
    }
    assert request.ranges == {"price": (100050, 200000)}
    assert (request.sort, request.offset, request.limit) == (Sort("closes"), 100, 50)


def test_words_are_ordered_by_relevance_unless_said_otherwise() -> None:
    assert read({"q": ["glass"]}).order is Order.RELEVANCE
    assert read({"q": ["glass"], "sort": ["newest"]}).order is Order.NEWEST


@pytest.mark.parametrize(
    ("arguments", "bounds"),
    [
        ({"price_from": ["5"]}, (500, MINOR_LIMIT - 1)),
        ({"price_to": ["5"]}, (0, 500)),
        ({"price_from": ["0"], "price_to": ["0"]}, (0, 0)),
    ],
)
def test_one_bound_of_the_price_stays_within_the_currency(
    arguments: dict[str, list[str]], bounds: tuple[int, int]
) -> None:
    assert request_for(read(arguments), NOW).ranges == {"price": bounds}


def test_prices_of_two_currencies_never_meet() -> None:
    assert price_key(MINOR_LIMIT - 1, "CNY") < price_key(0, "USD") < 2**62
    usd = request_for(read({"price_from": ["1"], "currency": ["USD"]}), NOW).ranges["price"]
    assert usd == (price_key(100, "USD"), price_key(MINOR_LIMIT - 1, "USD"))


@pytest.mark.parametrize(
    ("arguments", "reason", "field"),
    [
        ({"q": ["x*y"]}, SearchReason.WILDCARD_PLACE, "q"),
        ({"status": ["drafted"]}, SearchReason.UNKNOWN_CHOICE, "status"),
        ({"status": ["sold", "nonsense"]}, SearchReason.UNKNOWN_CHOICE, "status"),
        ({"type": ["nonsense"]}, SearchReason.UNKNOWN_CHOICE, "type"),
        ({"field": ["36"]}, SearchReason.UNKNOWN_CHOICE, "field"),
        ({"field": ["٣"]}, SearchReason.UNKNOWN_CHOICE, "field"),
        ({"sort": ["nonsense"]}, SearchReason.UNKNOWN_CHOICE, "sort"),
        ({"currency": ["XXX"]}, SearchReason.UNKNOWN_CHOICE, "currency"),
        ({"class": ["热"]}, SearchReason.BAD_CLASS, "class"),
        ({"class": ["H" * 21]}, SearchReason.BAD_CLASS, "class"),
        ({"price_from": ["-1"]}, SearchReason.BAD_PRICE, "price_from"),
        ({"price_to": ["1e9"]}, SearchReason.BAD_PRICE, "price_to"),
        ({"price_to": ["1.005"]}, SearchReason.BAD_PRICE, "price_to"),
        ({"price_from": ["2"], "price_to": ["1"]}, SearchReason.PRICES_CROSSED, "price_to"),
        ({"page": ["0"]}, SearchReason.BAD_PAGE, "page"),
        ({"page": ["201"]}, SearchReason.BAD_PAGE, "page"),
        ({"page": ["9" * 5000]}, SearchReason.BAD_PAGE, "page"),
        ({"page": ["²"]}, SearchReason.BAD_PAGE, "page"),
        ({"size": ["51"]}, SearchReason.BAD_PAGE, "size"),
    ],
)
def test_what_is_refused(arguments: dict[str, list[str]], reason: SearchReason, field: str) -> None:
    with pytest.raises(Refused) as refusal:
        read(arguments)
    assert (refusal.value.reason, refusal.value.field) == (reason, field)
