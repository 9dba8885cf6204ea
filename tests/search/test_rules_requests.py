"""Bands of one number are alternatives, each counted as if none of its own were chosen."""

import uuid
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.errors import Refused
from search.engines import All, Between, Document, Either, Everything, Term
from search.engines.oracle import OracleEngine
from search.prices import price_key
from search.reasons import SearchReason
from search.rules import BANDED, CHOICES_LIMIT, Question, counting_requests, read, request_for
from search.rules.bands import bands_of

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
FIELDS = {name: field for name, (field, _) in BANDED.items()}


def test_one_band_is_a_range_that_engines_lift_themselves() -> None:
    question = read({"price": ["0-100000"], "life": ["3-5"]})
    request = request_for(question, NOW)
    assert request.node == Everything()
    assert request.ranges == {
        "price": bands_of("price", "CNY", NOW)["0-100000"],
        "expires": bands_of("life", "CNY", NOW)["3-5"],
    }
    assert counting_requests(question, NOW) == {}


def test_several_bands_are_alternatives_in_the_node_and_counted_apart() -> None:
    question = read({"price": ["0-100000", "10000000-"], "class": ["H02K"], "q": ["ti=glass"]})
    request = request_for(question, NOW, loose=True)
    bands = bands_of("price", "CNY", NOW)
    chosen = Either((Between("price", *bands["0-100000"]), Between("price", *bands["10000000-"])))
    assert request.node == All((question.words.loose, Term("classes", "H02K", 0.0), chosen))
    (apart,) = counting_requests(question, NOW).values()
    assert apart.node == All((question.words.strict, Term("classes", "H02K", 0.0)))
    assert (apart.bands, apart.limit, apart.offset) == ({"price": tuple(bands.values())}, 1, 0)


def test_a_band_beside_bounds_of_ones_own_narrows_them() -> None:
    question = read({"price": ["0-100000"], "price_from": ["7"]})
    request = request_for(question, NOW)
    assert request.ranges["price"][0] == price_key(700, "CNY")
    assert request.node == All(
        (question.words.strict, Either((Between("price", *bands_of("price", "CNY", NOW)["0-100000"]),)))
    )


def test_years_of_life_in_a_query_are_reckoned_from_the_moment_of_the_request() -> None:
    question = read({"q": ["rl>3"]})
    assert question.words.needs_day
    later = NOW.replace(year=2036)
    assert request_for(question, NOW).node != request_for(question, later).node


@pytest.mark.parametrize(
    "value", ["", "7", str(uuid.UUID(int=0xABC)).upper(), "{" + str(uuid.UUID(int=0xABC)) + "}"]
)
def test_a_seller_is_an_id_written_as_addresses_write_it(value: str) -> None:
    known = str(uuid.UUID(int=0xABC))
    assert read({"seller": [known]}).chosen == {"seller": {known}}
    if value:
        with pytest.raises(Refused) as refusal:
            read({"seller": [value]})
        assert refusal.value.reason is SearchReason.UNKNOWN_CHOICE


def test_only_so_many_values_of_a_facet() -> None:
    values = [f"A{number // 26 + 10}{chr(65 + number % 26)}" for number in range(CHOICES_LIMIT + 1)]
    assert len(read({"subclass": values[:-1]}).chosen["subclass"]) == CHOICES_LIMIT
    with pytest.raises(Refused) as refusal:
        read({"subclass": values})
    assert (refusal.value.reason, refusal.value.field) == (SearchReason.TOO_MANY_CHOICES, "subclass")


numbers = st.fixed_dictionaries(
    {},
    optional={
        "price": st.integers(0, 12_000_000).map(lambda units: price_key(units * 100, "CNY")),
        "expires": st.integers(-2, 20).map(lambda years: NOW.date().replace(year=2026 + years).toordinal()),
        "opens": st.integers(-5, 150).map(lambda days: int(NOW.timestamp()) + days * 86_400),
    },
)
choices = st.fixed_dictionaries(
    {},
    optional={
        name: st.frozensets(st.sampled_from(sorted(names)), max_size=3) for name, (_, names) in BANDED.items()
    },
)


def lies_in(document: Document, name: str, band: str) -> bool:
    number = document.numbers.get(FIELDS[name])
    least, most = bands_of(name, "CNY", NOW)[band]
    return number is not None and (least is None or least <= number) and (most is None or number <= most)


def passes(document: Document, chosen: dict[str, frozenset[str]], lifted: str = "") -> bool:
    return all(
        not bands or name == lifted or any(lies_in(document, name, band) for band in bands)
        for name, bands in chosen.items()
    )


@given(st.lists(numbers, max_size=12), choices)
def test_totals_and_counts_are_those_of_counting_by_hand(
    held: list[dict[str, int]], chosen: dict[str, frozenset[str]]
) -> None:
    documents = [Document(id=str(at), version="1", numbers=values) for at, values in enumerate(held)]
    engine = OracleEngine()
    engine.rebuild(documents)
    question = Question(chosen=chosen)
    answer = engine.search(request_for(question, NOW))
    assert answer.total == sum(passes(document, chosen) for document in documents)
    counted = dict(answer.bands) | {
        name: engine.search(request).bands[name] for name, request in counting_requests(question, NOW).items()
    }
    for name, field in FIELDS.items():
        by_hand = [
            sum(
                lies_in(document, name, band) and passes(document, chosen, lifted=name)
                for document in documents
            )
            for band in bands_of(name, "CNY", NOW)
        ]
        assert list(counted[field]) == by_hand


def test_counting_by_hand_would_tell_if_nothing_were_counted_apart() -> None:
    prices = [50_000, 200_000, 12_000_000]
    engine = OracleEngine()
    engine.rebuild(
        Document(id=str(price), version="1", numbers={"price": price_key(price * 100, "CNY")})
        for price in prices
    )
    question = Question(chosen={"price": frozenset({"0-100000", "10000000-"})})
    together = engine.search(request_for(question, NOW)).bands["price"]
    (apart,) = counting_requests(question, NOW).values()
    assert sum(together) == 2
    assert sum(engine.search(apart).bands["price"]) == 3
