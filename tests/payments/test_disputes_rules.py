"""The rules of disputes and debts, with examples and by property."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.errors import Refused
from payments.disputes.rules import (
    DisputeReason,
    DisputeStatus,
    Outcome,
    next_reminder_days,
    outcome,
    reductions,
    set_off_minor,
)
from payments.waterfall import Step


def line(step: Step, party: str, paid: int, rank: int | None = None) -> dict[str, Any]:
    return {"step": step, "party": party, "paid": paid, "rank": rank, "kind": ""}


SETTLED = [
    line(Step.BUYER_COMMISSION, "scout", 30),
    line(Step.COST, "court", 50),
    line(Step.COMMISSION, "agency", 20),
    line(Step.CLAIM, "alice", 300, 1),
    line(Step.CLAIM, "bert", 200, 2),
    line(Step.CLAIM, "cora", 100, 2),
    line(Step.SURPLUS, "pledgor", 40),
]


def cut(minor: int) -> dict[str, int]:
    return {one.party: one.minor for one in reductions(SETTLED, minor)}


def test_the_surplus_goes_first() -> None:
    assert cut(25) == {"pledgor": 25}


def test_then_the_last_rank_in_proportion() -> None:
    assert cut(40 + 31) == {"pledgor": 40, "bert": 21, "cora": 10}


def test_then_the_first_rank_and_those_before_it() -> None:
    everything = cut(710)
    assert everything == {
        "pledgor": 40, "bert": 200, "cora": 100, "alice": 300, "agency": 20, "court": 50,
    }  # fmt: skip


def test_what_the_buyer_paid_beside_the_price_is_touched_last() -> None:
    assert cut(740)["scout"] == 30
    with pytest.raises(Refused) as refused:
        cut(741)
    assert refused.value.reason is DisputeReason.MORE_THAN_DISTRIBUTED


@given(
    paid=st.lists(st.integers(0, 10**9), min_size=1, max_size=7),
    share=st.fractions(min_value=0, max_value=1),
)
def test_the_parts_are_the_whole_and_nobody_loses_more_than_it_got(paid: list[int], share: Any) -> None:
    lines = [line(Step.CLAIM, f"party {rank}", minor, rank // 2) for rank, minor in enumerate(paid)]
    minor = int(sum(paid) * share)
    found = reductions(lines, minor)
    assert sum(one.minor for one in found) == minor
    got = {one["party"]: one["paid"] for one in lines}
    assert all(0 < one.minor <= got[one.party] for one in found)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("needs_response", Outcome(DisputeStatus.OPEN, 70)),
        ("warning_under_review", Outcome(DisputeStatus.OPEN, 70)),
        ("a word of next year", Outcome(DisputeStatus.OPEN, 70)),
        ("won", Outcome(DisputeStatus.WON, 0)),
        ("warning_closed", Outcome(DisputeStatus.WON, 0)),
        ("lost", Outcome(DisputeStatus.LOST, 100)),
    ],
)
def test_the_gateways_words(word: str, expected: Outcome) -> None:
    assert outcome(word, 100, 70) == expected


def test_reminders_come_more_seldom() -> None:
    assert [next_reminder_days(sent) for sent in range(6)] == [7, 14, 30, 60, 90, 120]


def test_a_set_off_takes_no_more_than_either() -> None:
    assert (set_off_minor(5, 9), set_off_minor(9, 5)) == (5, 5)
