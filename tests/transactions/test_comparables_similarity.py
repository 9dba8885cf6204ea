"""How alike two lots are, feature by feature: pure."""

import math
from dataclasses import replace
from typing import Any

import pytest

from transactions.comparables import similarity
from transactions.comparables.offices import office_group
from transactions.comparables.technology import UNKNOWN, technology_difference
from transactions.rules.words import AssetType, Channel

from .test_comparables import ON, SUBJECT, a_sale


def test_a_twin_has_no_distance_and_a_stranger_the_largest() -> None:
    assert similarity.distance(SUBJECT, a_sale()) == 0
    stranger = a_sale(
        technology_field=35,
        asset_type=AssetType.DESIGN,
        number_of_rights=10,
        remaining_life_months=0,
        channel=Channel.PRIVATE_SALE,
        forced=True,
        sold_on=ON.replace(year=2010),
    )
    assert similarity.distance(SUBJECT, stranger) == 1


def test_differences_feature_by_feature() -> None:
    near = a_sale(
        technology_field=9,
        asset_type=AssetType.PATENT,
        channel=Channel.AUCTION_SEALED,
        remaining_life_months=60,
    )
    parts = similarity.differences(SUBJECT, near)
    assert (parts["technology"], parts["type"], parts["channel"], parts["life"]) == (0.5, 0.5, 0.5, 0.5)
    unknown = a_sale(technology_field=None, remaining_life_months=None, number_of_rights=None, sold_on=None)
    parts = similarity.differences(SUBJECT, unknown)
    assert {parts[name] for name in ("technology", "size", "life", "age")} == {UNKNOWN}


RICH = replace(
    SUBJECT,
    country="CN",
    classes=("H02K 17/02",),
    family_size=4,
    claims=10,
    forward_citations=12,
    age_months=48,
    evidence_of_use=True,
    forced=True,
    attempt=1,
)


def test_what_is_not_known_of_the_subject_tells_nothing() -> None:
    assert "life" not in similarity.differences(replace(SUBJECT, remaining_life_months=None), a_sale())
    assert not {"office", "evidence", "citations", "family_size", "claims"} & set(
        similarity.differences(SUBJECT, a_sale())
    )
    parts = similarity.differences(RICH, a_sale(forced=True))
    assert {parts[name] for name in ("office", "evidence", "citations", "family_size", "claims")} == {UNKNOWN}


def test_differences_of_the_richer_features() -> None:
    twin: dict[str, Any] = {
        "country": "CN",
        "classes": ("H02K17/30",),
        "family_size": 4,
        "claims": 10,
        "forward_citations": 6,
        "age_months": 24,
        "evidence_of_use": True,
        "forced": True,
    }
    assert similarity.distance(RICH, a_sale(**twin)) == 0
    other = similarity.differences(
        RICH,
        a_sale(
            **twin | {"family_size": 40, "claims": 1, "forward_citations": 0, "evidence_of_use": False},
            attempt=2,
        ),
    )
    assert [other[name] for name in ("family_size", "claims", "evidence", "context")] == pytest.approx(
        [1, 1, 1, 0.5]
    )
    assert other["citations"] == pytest.approx(math.log(4) / math.log(10))
    assert similarity.differences(RICH, a_sale())["context"] == 1
    bankrupt = replace(RICH, channel=Channel.BANKRUPTCY_AUCTION)
    assert similarity.differences(bankrupt, a_sale(channel=Channel.BANKRUPTCY_SALE))["context"] == 0


def test_the_first_year_counts_whole_for_citations() -> None:
    assert replace(RICH, age_months=3).citations_a_year == 12
    assert replace(RICH, age_months=None).citations_a_year is None


@pytest.mark.parametrize(
    ("classes", "field", "expected"),
    [
        (("H02K17/30", "A01B"), 35, 0.0),
        (("h02k 0017/9",), 35, 0.0),
        (("H02K15/02",), 35, 0.25),
        (("H02P",), 13, 0.5),
        (("H04L",), 13, 0.75),
        (("G06F",), 13, 1.0),
        ((), 13, 0.25),
        ((), 9, 0.75),
        ((), 35, 1.0),
        ((), None, 0.5),
        (("no symbol",), None, 0.5),
    ],
)
def test_technology_by_the_depth_that_is_shared(
    classes: tuple[str, ...], field: int | None, expected: float
) -> None:
    sale = a_sale(classes=classes, technology_field=field)
    assert technology_difference(RICH, sale) == expected


def test_technology_without_symbols() -> None:
    assert technology_difference(SUBJECT, a_sale(technology_field=9)) == 0.5
    mark = replace(SUBJECT, technology_field=None, classes=("9", "42"))
    assert technology_difference(mark, a_sale(technology_field=None, classes=("42",))) == 0
    assert technology_difference(mark, a_sale(technology_field=None, classes=("25",))) == 1
    assert technology_difference(mark, a_sale(technology_field=None)) == 0.5
    assert technology_difference(replace(mark, classes=()), a_sale()) is None


def test_offices_in_groups() -> None:
    found = [office_group(code) for code in ("CN", "DE", "EP", "JP", "JP-KR", "WO", "")]
    assert found == ["CN", "EP", "EP", "JP-KR", "JP-KR", "", ""]


def test_nothing_to_compare_by() -> None:
    assert similarity.distance(SUBJECT, a_sale(), dict.fromkeys(similarity.WEIGHTS, 0.0)) == 0.5
