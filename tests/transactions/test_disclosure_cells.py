"""The cell rule, and that nothing which is ever told of can be put together to something that breaks it."""

import itertools
from collections.abc import Iterable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from soak import examples

from marketplace.errors import Refused
from transactions.disclosure.rules.cells import Block, Contribution, blocks, crowds, publishable
from transactions.disclosure.rules.differencing import (
    QUESTIONS_A_DAY,
    block_member,
    check_budget,
    check_question,
    earlier_answer,
    moved,
)
from transactions.disclosure.rules.figures import Tally, figures_of, quantile
from transactions.disclosure.rules.keys import BREAKDOWNS, LEVELS, Key, finest_key, part_of
from transactions.rules.words import AssetType, Channel, SaleOutcome


def sales(*values: tuple[str, int]) -> list[Contribution]:
    return [Contribution(str(number), parent, value) for number, (parent, value) in enumerate(values)]


FIVE = sales(*[(parent, 100) for parent in "abcde"])


@pytest.mark.parametrize(
    ("cell", "passes"),
    [
        (FIVE, True),
        (FIVE[:4], False),
        (sales(*[(parent, 100) for parent in "aabcd"]), False),
        # Above a quarter of the number: two of six.
        (sales(*[(parent, 100) for parent in "aabcde"]), False),
        (sales(*[(parent, 100) for parent in "aabcdefg"]), True),
        # Above a quarter of the value.
        (sales(("a", 101), *[(parent, 75) for parent in "bcde"]), False),
        (sales(("a", 100), *[(parent, 75) for parent in "bcde"]), True),
        # Nothing was paid: the number alone decides.
        (sales(*[(parent, 0) for parent in "abcde"]), True),
        # Sales whose parent is not known count as one's.
        (sales(*[("", 100)] * 9), False),
        ([], False),
    ],
)
def test_the_cell_rule(cell: list[Contribution], passes: bool) -> None:  # noqa: FBT001
    assert publishable(cell) is passes


def test_two_parents_above_seven_tenths_are_too_many_even_if_each_alone_were_not() -> None:
    """With a quarter as the limit of one, two never reach seven tenths; the rule stands all the same."""
    assert not publishable(sales(("a", 36), ("b", 36), ("c", 10), ("d", 9), ("e", 9)))


def test_an_index_needs_ten() -> None:
    assert not publishable(sales(*[(parent, 1) for parent in "abcdefghi"]), index=True)
    assert publishable(sales(*[(parent, 1) for parent in "abcdefghij"]), index=True)


def key(field: int, year: int, channel: str = "x") -> Key:
    named = {
        "type": "invention",
        "family": "patent",
        "sector": str(field // 3),
        "field": str(field),
        "year": str(year),
        "quarter": f"{year}Q1",
        "channel": channel,
    }
    return tuple(sorted(named.items()))


MARKETS = st.lists(
    st.tuples(
        st.sampled_from("abcdefgh"),
        st.integers(0, 1000),
        st.integers(0, 8),
        st.integers(2020, 2022),
        st.sampled_from("xy"),
    ),
    max_size=60,
).map(
    lambda rows: [
        (Contribution(f"{number:03}", parent, value), key(field, year, channel))
        for number, (parent, value, field, year, channel) in enumerate(rows)
    ]
)


def cells(found: Iterable[Block[Key]]) -> dict[tuple[str, Key], frozenset[str]]:
    """Which sales are counted in every cell that can be asked for."""
    inside: dict[tuple[str, Key], frozenset[str]] = {}
    for block in found:
        for name, dimensions in BREAKDOWNS.items():
            cell = part_of(dict(block.key), dimensions)
            if cell is not None:
                members = frozenset(one.identity for one in block.members)
                inside[name, cell] = inside.get((name, cell), frozenset()) | members
    return inside


def smallest_differences(market: list[tuple[Contribution, Key]], found: Iterable[Block[Key]]) -> list[str]:
    """What is left when any told cell, or all of a table, is taken from another, and breaks the rule."""
    by_identity = {one.identity: one for one, _ in market}
    told = cells(found)
    leaks = []
    unions = {name: frozenset().union(*(m for (n, _), m in told.items() if n == name)) for name in BREAKDOWNS}
    sets = {*told.values(), *unions.values()}
    for first, second in itertools.permutations(sets, 2):
        left = first - second
        if left and not publishable(by_identity[one] for one in left):
            leaks.append(f"{sorted(left)} is left of {len(first)} and {len(second)} sales")
    return leaks


@settings(max_examples=examples(25))
@given(MARKETS)
def test_differences_of_any_two_cells_or_totals_pass_the_rule(market: list[tuple[Contribution, Key]]) -> None:
    found, left_over = blocks(market, LEVELS)
    assert all(publishable(block.members) for block in found)
    counted = [one.identity for block in found for one in block.members]
    assert sorted(counted + [one.identity for one in left_over]) == [one.identity for one, _ in market]
    assert not smallest_differences(market, found)


@settings(max_examples=examples(15))
@given(MARKETS, MARKETS)
def test_what_a_later_release_adds_passes_the_rule(
    first: list[tuple[Contribution, Key]], second: list[tuple[Contribution, Key]]
) -> None:
    """Blocks stay as they were told; later sales are blocked among themselves and with the left over."""
    earlier, left_over = blocks(first, LEVELS)
    keys = {one.identity: finest for one, finest in first}
    new = [(Contribution(f"n{one.identity}", one.parent, one.value_minor), finest) for one, finest in second]
    waiting = [(one, keys[one.identity]) for one in left_over] + new
    later, _ = blocks(waiting, LEVELS)
    assert not smallest_differences([*first, *new], [*earlier, *later])


def test_without_the_rule_the_attack_succeeds() -> None:
    """The harness can go red: with every group allowed, one sale is left when a total loses its cells."""
    market = [
        (Contribution(str(number), parent, 10), key(number // 5, 2020))
        for number, parent in enumerate("abcdeabcdef")
    ]
    found, _ = blocks(market, LEVELS, allowed=lambda members: bool(list(members)))
    assert smallest_differences(market, found)
    found, _ = blocks(market, LEVELS)
    assert not smallest_differences(market, found)


def test_two_institutions_that_pool_what_they_know_still_see_three_others() -> None:
    """Each told cell has five parents: take away the sales of any two, and three are left."""
    market = [(one, key(1, 2020)) for one in sales(*[(parent, 10) for parent in "abcdefgh"])]
    found, _ = blocks(market, LEVELS)
    for block in found:
        for pair in itertools.combinations("abcdefgh", 2):
            assert len({one.parent for one in block.members} - set(pair)) >= 3


def test_a_class_is_coarsened_before_a_period() -> None:
    market = [(one, key(number, 2020)) for number, one in enumerate(FIVE)]
    found, left_over = blocks(market, LEVELS)
    assert not left_over
    assert "year" in dict(found[0].key)
    assert "field" not in dict(found[0].key)


def test_an_own_trade_added_moves_nothing_that_was_told_by_itself() -> None:
    """Differencing by adding one's own: the sale waits until it has company, and what was told stays."""
    market = [(one, key(1, 2020)) for one in FIVE]
    found, _ = blocks(market, LEVELS)
    later, waiting = blocks([(Contribution("mine", "a", 50), key(1, 2020))], LEVELS)
    assert not later
    assert [one.identity for one in waiting] == ["mine"]
    assert len(found) == 1


def test_a_crowd_is_five_sales_of_five_parents() -> None:
    alike = [(str(number), parent, "tuple") for number, parent in enumerate("abcde")]
    assert crowds(alike) == set("01234")
    assert not crowds([*alike[:4], ("9", "a", "tuple")])
    assert crowds([*alike, ("x", "f", "another")]) == set("01234")


def test_a_filter_that_moves_one_sale_gets_the_earlier_answer() -> None:
    earlier = [(["p", "q"], {"offered": 7})]
    assert earlier_answer(["p", "q", "r"], earlier) == {"offered": 7}
    assert earlier_answer(["p", "q", "r", "s"], earlier) is None
    assert earlier_answer(["p", "q"], earlier) is None
    assert earlier_answer(["p", "q", block_member(1)], earlier) is None
    assert moved([block_member(1)], [block_member(2), "p"]) == 11


def test_a_question_is_spelled_in_one_way() -> None:
    known = {"field": ["6", "7"], "year": ["2024"]}
    assert check_question({"year": [], "field": ["7", "6", "7"]}, known) == {"field": ["6", "7"]}
    for wrong in ({"price": ["1"]}, {"year": ["2023"]}, {"field": ["6"] * 21}):
        with pytest.raises(Refused):
            check_question(wrong, known)


def test_the_budget_of_a_day() -> None:
    check_budget(QUESTIONS_A_DAY - 1)
    with pytest.raises(Refused):
        check_budget(QUESTIONS_A_DAY)


def test_figures_of_a_cell() -> None:
    outcomes = [SaleOutcome.SOLD] * 3 + [SaleOutcome.UNSOLD] * 2
    tally = Tally(prices=[101_00, 202_00, 303_00, 404_00, 505_00], coarse=True)
    tally.outcomes.update(outcomes)
    told = figures_of(tally)
    assert told is not None
    assert (told["offered"], told["sold"], told["unsold"], told["sale_rate"]) == (5, 3, 2, 60)
    assert (told["low_minor"], told["median_minor"], told["high_minor"]) == (20_000, 30_000, 40_000)
    tally.coarse = False
    exact = figures_of(tally)
    assert exact is not None
    assert exact["median_minor"] == 303_00


def test_too_few_are_not_told_of() -> None:
    assert figures_of(Tally(prices=[1, 2, 3, 4])) is None


def test_quartiles_lie_between_neighbours() -> None:
    assert [quantile([10, 20, 30, 41], quarter) for quarter in (1, 2, 3)] == [17, 25, 32]
    assert [quantile([7], quarter) for quarter in (1, 2, 3)] == [7, 7, 7]


def test_a_sale_without_a_technology_is_counted_under_the_rest() -> None:
    key = dict(finest_key(AssetType.TRADEMARK, None, date(2026, 5, 1), Channel.AUCTION_ENGLISH))
    assert key == {
        "family": "trademark",
        "type": "trademark",
        "year": "2026",
        "quarter": "2026Q2",
        "channel": "auction_english",
    }


def test_a_sale_is_counted_under_its_field_and_currency_where_it_has_them() -> None:
    day = date(2026, 3, 2)
    plain = dict(finest_key(AssetType.TRADEMARK, None, day, Channel.AUCTION_ENGLISH))
    assert "field" not in plain
    assert "currency" not in plain
    full = dict(finest_key(AssetType.INVENTION, 8, day, Channel.AUCTION_ENGLISH, "CNY"))
    assert full["field"] == "8"
    assert (full["currency"], full["quarter"]) == ("CNY", "2026Q1")


def test_a_key_too_coarse_for_a_table_is_counted_in_none_of_its_cells() -> None:
    assert part_of({"year": "2026", "field": "3"}, ("year", "field")) == (("year", "2026"), ("field", "3"))
    assert part_of({"year": "2026"}, ("year", "field")) is None
