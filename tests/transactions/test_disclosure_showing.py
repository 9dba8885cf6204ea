"""What a reader may see of a record: the tiers, the ages, the coarse figures."""

import uuid
from dataclasses import fields, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transactions.disclosure.rules import (
    ANYBODY,
    EXACT_FIELDS,
    OfficeGroup,
    Reader,
    ReaderKind,
    Shown,
    generalised,
    months_before,
    old_enough,
    quarter_of,
    shown,
    two_figures,
)
from transactions.disclosure.rules.coarse import (
    count_band,
    middle_of_count,
    middle_of_size,
    office_group,
    size_band,
    subclass_of,
)
from transactions.rules.facts import FACT_NAMES, SaleFacts
from transactions.rules.words import ConsentTier, DatePrecision, RightSold

from .sale_builders import a_sale_of

ON = date(2026, 11, 22)
OWN, OTHER = "a" * 32, "b" * 32
MEMBER = Reader(ReaderKind.OWN, frozenset({"elsewhere"}), frozenset({OWN}))
STRANGER = Reader(ReaderKind.OWN, frozenset({"elsewhere"}), frozenset({OTHER}))

SECRET = a_sale_of(
    1,
    consent_tier=ConsentTier.POOL,
    seller_parent=OWN,
    title="Electric pump of Wang Ltd",
    evidence="CN101234567B",
    evidence_url="https://example.org/CN101234567B",
    classes=("H02K17/02", "F04D13/06"),
    country="CN",
    number_of_rights=7,
    forward_citations=9,
    price_minor=123_456_78,
    start_price_minor=98_765_43,
    filed_on=date(2015, 3, 4),
    bidders=3,
    region="CN-37",
    rate_to_base="0.1389",
    base_currency="USD",
)


def seen(facts: SaleFacts, reader: Reader = ANYBODY, *, on: date = ON, admitted: bool = False) -> Shown:
    view = shown(facts, reader, on, admitted=admitted)
    assert view is not None
    return view


def test_of_a_public_sale_everybody_sees_everything_but_the_parent() -> None:
    view = seen(replace(SECRET, consent_tier=ConsentTier.PUBLIC))
    assert view.withheld == {"seller_parent"}
    assert view.coarse == frozenset()
    assert replace(view.facts, seller_parent=OWN) == replace(SECRET, consent_tier=ConsentTier.PUBLIC)
    assert view.titled
    assert view.exact_price
    assert not view.confidential


def test_of_a_price_only_sale_nothing_names_the_right_or_a_party() -> None:
    view = seen(replace(SECRET, consent_tier=ConsentTier.PRICE_ONLY))
    facts = view.facts
    assert (facts.price_minor, facts.start_price_minor, facts.sold_on) == (12345678, 9876543, SECRET.sold_on)
    assert (facts.classes, facts.number_of_rights, facts.bidders) == (SECRET.classes, 7, 3)
    assert (facts.title, facts.evidence, facts.evidence_url, facts.source_id, facts.seller_parent) == (
        "",
    ) * 5
    assert facts.filed_on is None
    assert facts.forward_citations == 11
    assert facts.remaining_life_months == 132
    assert view.exact_price
    assert not view.titled


@pytest.mark.parametrize(("text", "told"), [("hammer price", "hammer price"), ("sold by Wang Ltd", "")])
def test_a_free_text_is_told_only_where_it_is_the_platforms_own(text: str, told: str) -> None:
    assert (
        seen(replace(SECRET, consent_tier=ConsentTier.PRICE_ONLY, price_basis=text)).facts.price_basis == told
    )


def test_a_pooled_sale_of_another_is_generalised() -> None:
    view = seen(SECRET, STRANGER, admitted=True)
    facts = view.facts
    assert (facts.price_minor, facts.start_price_minor) == (12_000_000, 9_900_000)
    assert (view.quarter, facts.sold_on, facts.date_precision) == (
        "2025Q2",
        date(2025, 4, 1),
        DatePrecision.MONTH,
    )
    assert (facts.classes, facts.country, facts.number_of_rights) == (("H02K",), "CN", 11)
    assert facts.forward_citations == 11
    assert (facts.source_marketplace, facts.region, facts.rate_to_base, facts.bidders) == ("", "", "", None)
    assert facts.remaining_life_months is None
    assert not view.exact_price
    assert view.confidential


@pytest.mark.parametrize(
    ("facts", "reader", "admitted"),
    [
        (SECRET, ANYBODY, True),
        (SECRET, STRANGER, False),
        (replace(SECRET, sold_on=date(2025, 11, 23)), STRANGER, True),
        (replace(SECRET, sold_on=None, date_precision=DatePrecision.UNKNOWN), STRANGER, True),
        (replace(SECRET, consent_tier=ConsentTier.SEALED), STRANGER, True),
        (replace(SECRET, consent_tier=ConsentTier.SEALED), Reader(ReaderKind.REGULATOR), True),
        (replace(SECRET, consent_tier=ConsentTier.SEALED), Reader(ReaderKind.OPERATOR), True),
        (replace(SECRET, consent_tier=ConsentTier.PUBLIC, release_on=date(2026, 11, 23)), STRANGER, True),
        (SECRET, replace(MEMBER, marketplaces=frozenset({"another"})), False),
        (SECRET, replace(MEMBER, kind=ReaderKind.OPERATOR), False),
        (replace(SECRET, seller_parent=""), replace(MEMBER, seller_parents=frozenset({""})), False),
    ],
)
def test_who_may_not_know_of_it_sees_nothing(facts: SaleFacts, reader: Reader, admitted: bool) -> None:  # noqa: FBT001
    assert shown(facts, reader, ON, admitted=admitted) is None


@pytest.mark.parametrize("tier", list(ConsentTier))
def test_ones_own_sale_is_seen_exactly_at_once(tier: ConsentTier) -> None:
    facts = replace(SECRET, consent_tier=tier, sold_on=ON, release_on=date(2030, 1, 1))
    view = seen(facts, MEMBER)
    assert view.own
    assert view.exact_price
    assert view.facts.title == SECRET.title


def test_on_the_day_of_its_release_others_see_it() -> None:
    assert shown(replace(SECRET, consent_tier=ConsentTier.PRICE_ONLY, release_on=ON), ANYBODY, ON)


def test_every_field_is_either_named_or_kept_back() -> None:
    assert all(names <= set(FACT_NAMES) for names in EXACT_FIELDS.values())
    assert "seller_parent" not in set().union(*EXACT_FIELDS.values())


@given(st.integers(0, 10**15))
def test_two_figures_stay_within_five_per_cent_and_are_two(amount: int) -> None:
    rounded = two_figures(amount)
    assert len(str(rounded).rstrip("0")) <= 2
    assert abs(rounded - amount) * 20 <= max(amount, 1) or amount < 100
    assert two_figures(rounded) == rounded


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [(0, 0), (7, 7), (99, 99), (995, 1000), (125, 120), (135, 140), (1_263_000, 1_300_000)],
)
def test_two_figures_by_examples(amount: int, rounded: int) -> None:
    assert two_figures(amount) == rounded


# What a holder of the public registers, or of another copy of the catalogue, could tell two sales apart by.
TELLTALE = st.fixed_dictionaries(
    {
        "title": st.text(max_size=5),
        "source_id": st.text(max_size=5),
        "evidence": st.text(max_size=5),
        "filed_on": st.dates(date(2000, 1, 1), date(2020, 1, 1)),
        "claims": st.integers(1, 50),
        "family_size": st.integers(1, 50),
        "region": st.sampled_from(["", "CN-11", "CN-37"]),
        "remaining_life_months": st.integers(0, 240),
        "age_months": st.integers(0, 240),
        "bidders": st.integers(0, 9),
        "bids": st.integers(0, 99),
        "deposit_minor": st.integers(0, 10**6),
        "source_marketplace": st.sampled_from(["elsewhere", "another"]),
        "seller_kind": st.sampled_from(["bank", "agency"]),
        "rate_to_base": st.sampled_from(["", "0.1389", "0.1390"]),
        "legal_events": st.sampled_from([(), ("pledged",)]),
        "previous": st.sampled_from([None, uuid.UUID(int=7)]),
        "sold_on": st.dates(date(2025, 4, 1), date(2025, 6, 30)),
        "number_of_rights": st.integers(6, 20),
        "forward_citations": st.integers(6, 20),
        "price_minor": st.integers(11_950_000, 12_049_999),
    }
)


@given(TELLTALE)
def test_two_pooled_sales_with_the_same_tuple_cannot_be_told_apart(changes: dict[str, object]) -> None:
    one = seen(replace(SECRET, price_minor=12_000_000), STRANGER, admitted=True)
    other = seen(replace(SECRET, **changes), STRANGER, admitted=True)  # type: ignore[arg-type]
    assert one == other


def test_the_tuple_of_a_pooled_sale() -> None:
    tuple_ = generalised(SECRET)
    assert tuple_ is not None
    assert (tuple_.quarter, tuple_.subclass, tuple_.office_group) == ("2025Q2", "H02K", OfficeGroup.CN)
    assert (tuple_.size_band, tuple_.citation_band, tuple_.right_sold) == (
        "6-20",
        "6-20",
        RightSold.OWNERSHIP,
    )
    assert generalised(replace(SECRET, sold_on=None)) is None
    bare = generalised(replace(SECRET, classes=()))
    assert bare is not None
    assert bare.subclass == ""


def test_bands_and_groups() -> None:
    assert [size_band(number) for number in (None, 1, 5, 6, 100, 101, 5000)] == [
        "",
        "1",
        "2-5",
        "6-20",
        "21-100",
        "101+",
        "101+",
    ]
    assert [count_band(number) for number in (None, 0, 1, 21)] == ["", "0", "1-5", "21+"]
    assert [middle_of_size(number) for number in (None, 1, 4, 5000)] == [None, 1, 3, 200]
    assert [middle_of_count(number) for number in (None, 0, 20)] == [None, 0, 11]
    assert [office_group(code) for code in ("CN", "DE", "KR", "BR", "")] == [
        OfficeGroup.CN,
        OfficeGroup.EUROPE,
        OfficeGroup.JAPAN_KOREA,
        OfficeGroup.OTHER,
        OfficeGroup.UNKNOWN,
    ]
    assert [subclass_of(code) for code in ("h02k 17/02", "25")] == ["H02K", "25"]


@pytest.mark.parametrize(
    ("sold_on", "precision", "old"),
    [
        (date(2025, 11, 22), DatePrecision.DAY, True),
        (date(2025, 11, 23), DatePrecision.DAY, False),
        (date(2025, 11, 1), DatePrecision.MONTH, False),
        (date(2025, 10, 1), DatePrecision.MONTH, True),
        (date(2025, 1, 1), DatePrecision.YEAR, False),
        (date(2024, 1, 1), DatePrecision.YEAR, True),
        (date(2000, 1, 1), DatePrecision.UNKNOWN, False),
        (None, DatePrecision.UNKNOWN, False),
    ],
)
def test_how_old_a_sale_is_at_least(sold_on: date | None, precision: DatePrecision, old: bool) -> None:  # noqa: FBT001
    assert old_enough(sold_on, precision, ON, 12) is old


def test_months_before() -> None:
    assert months_before(date(2026, 5, 31), 3) == date(2026, 2, 28)
    assert months_before(date(2026, 1, 15), 12) == date(2025, 1, 15)
    assert [quarter_of(date(2025, month, 1)) for month in (1, 3, 4, 12)] == [
        "2025Q1",
        "2025Q1",
        "2025Q2",
        "2025Q4",
    ]


def test_no_field_is_forgotten_when_facts_grow() -> None:
    """A new field is kept back until somebody names it: the views of a record with it set are the same."""
    named = EXACT_FIELDS[ConsentTier.PRICE_ONLY] | {field.name for field in fields(SaleFacts)}
    view = seen(replace(SECRET, consent_tier=ConsentTier.PRICE_ONLY))
    assert view.withheld | view.coarse | EXACT_FIELDS[ConsentTier.PRICE_ONLY] == named
    assert not view.withheld & EXACT_FIELDS[ConsentTier.PRICE_ONLY]
