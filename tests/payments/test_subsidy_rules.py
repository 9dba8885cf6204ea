"""What a programme pays: rates, ceilings in their order, every reason against, and the terms' files."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.access import InstitutionKind
from marketplace.money import MalformedAmount
from marketplace.rights.rules import RightType
from marketplace.rule_packs import Basis
from payments.funds.rules import FirmSize
from payments.subsidies.queries import known_terms
from payments.subsidies.rules import (
    Asked,
    CostKind,
    SubsidyCap,
    SubsidyIneligible,
    Terms,
    assess,
    parse,
    read,
    reasons_against,
)


def terms(name: str) -> Terms:
    return read(known_terms()[name])


ASKED = Asked(
    applicant=InstitutionKind.BUYER,
    size=FirmSize.SMALL,
    costs={CostKind.SERVICE_FEE: 10_000_000},
    loan_minor=500_000_000,
    paid_on=date(2026, 3, 1),
    year=2026,
)


def test_beijing_pays_forty_percent_of_the_fees() -> None:
    found = assess(terms("beijing-pledge"), ASKED)
    assert found.minor == 4_000_000
    assert found.cuts == ()


def test_never_above_two_percent_of_the_loan_nor_above_the_cap_of_the_firm() -> None:
    asked = replace(ASKED, costs={CostKind.SERVICE_FEE: 100_000_000}, loan_minor=1_200_000_000)
    found = assess(terms("beijing-pledge"), replace(asked, firm_used=5_000_000))
    assert [(cut.cap, cut.minor) for cut in found.cuts] == [
        (SubsidyCap.PERCENT_OF_LOAN, 40_000_000 - 24_000_000),
        (SubsidyCap.PER_FIRM_AND_YEAR, 24_000_000 - 15_000_000),
    ]
    assert found.minor == 15_000_000


def test_hefei_pays_fees_in_full_and_half_of_the_interest() -> None:
    costs = {CostKind.GUARANTEE_FEE: 3_000_001, CostKind.APPRAISAL_FEE: 2_000_000, CostKind.INTEREST: 999}
    found = assess(terms("hefei-park"), replace(ASKED, costs=costs, loan_minor=None))
    assert found.parts == {
        CostKind.GUARANTEE_FEE: 3_000_001,
        CostKind.APPRAISAL_FEE: 2_000_000,
        CostKind.INTEREST: 499,
    }
    most = assess(terms("hefei-park"), replace(ASKED, costs={CostKind.APPRAISAL_FEE: 99_000_000}))
    assert most.minor == 15_000_000


PURCHASE = replace(
    ASKED, costs={CostKind.PURCHASE_PRICE: 100_000_000}, deal_types=frozenset({RightType.INVENTION})
)


def test_a_small_firm_has_forty_percent_of_a_purchase_up_to_a_million() -> None:
    assert assess(terms("beijing-purchase"), PURCHASE).minor == 40_000_000
    dear = replace(PURCHASE, costs={CostKind.PURCHASE_PRICE: 500_000_000})
    assert assess(terms("beijing-purchase"), dear).minor == 100_000_000
    assert reasons_against(terms("beijing-purchase"), PURCHASE) == ()


@pytest.mark.parametrize(
    ("name", "changes", "reasons"),
    [
        ("beijing-purchase", {"applicant": InstitutionKind.BANK}, (SubsidyIneligible.APPLICANT_KIND,)),
        ("beijing-pledge", {"size": FirmSize.LARGE}, (SubsidyIneligible.FIRM_SIZE,)),
        ("beijing-pledge", {"costs": {CostKind.INTEREST: 5}}, (SubsidyIneligible.COST_KIND,)),
        ("beijing-pledge", {"costs": {}}, (SubsidyIneligible.NO_COST,)),
        (
            "hefei-park",
            {"costs": {CostKind.INTEREST: -5, CostKind.APPRAISAL_FEE: 9}},
            (SubsidyIneligible.NO_COST,),
        ),
        ("beijing-pledge", {"loan_minor": None}, (SubsidyIneligible.LOAN_NEEDED,)),
        ("beijing-purchase", {"deal_types": None}, (SubsidyIneligible.DEAL_NEEDED,)),
        (
            "beijing-purchase",
            {"deal_types": frozenset({RightType.TRADEMARK})},
            (SubsidyIneligible.RIGHT_TYPE,),
        ),
        ("beijing-purchase", {"deal_used": True}, (SubsidyIneligible.DEAL_USED,)),
        ("beijing-pledge", {"paid_on": date(2025, 12, 31)}, (SubsidyIneligible.OTHER_YEAR,)),
        ("beijing-pledge", {"firm_used": 20_000_000}, (SubsidyIneligible.CAP_USED_UP,)),
    ],
)
def test_each_rule_gives_its_reason(
    name: str, changes: dict[str, Any], reasons: tuple[SubsidyIneligible, ...]
) -> None:
    asked = PURCHASE if name == "beijing-purchase" else ASKED
    assert reasons_against(terms(name), replace(asked, **changes)) == reasons


COSTS = st.dictionaries(st.sampled_from(CostKind), st.integers(min_value=0, max_value=10**12))


@given(
    name=st.sampled_from(sorted(known_terms())),
    costs=COSTS,
    loan=st.integers(0, 10**12),
    used=st.integers(0, 10**9),
)
def test_no_ceiling_is_ever_exceeded(name: str, costs: dict[CostKind, int], loan: int, used: int) -> None:
    found = assess(terms(name), replace(ASKED, costs=costs, loan_minor=loan, firm_used=used))
    limits = terms(name)
    assert 0 <= found.minor <= max(limits.cap_per_firm_and_year - used, 0)
    assert found.minor + sum(cut.minor for cut in found.cuts) == sum(found.parts.values())
    assert all(minor * 100 <= limits.rates[kind] * costs[kind] for kind, minor in found.parts.items())
    if limits.loan_percent_at_most is not None:
        assert found.minor * 100 <= limits.loan_percent_at_most * loan


def test_no_figure_of_a_programme_is_shown_as_law() -> None:
    """None of their texts was read: all are reported, or assumed here."""
    for raw in known_terms().values():
        assert {said.basis for said in read(raw).said} <= {Basis.SECONDARY, Basis.OWN}


GOOD = """
name = "x"
version = "1"
title = "甲"
title_en = "x"
area = "甲"
area_en = "x"
currency = "CNY"
cap_per_firm_and_year = { value = "1.00", basis = "S", source = "s" }
[rates]
interest = { value = 50, basis = "S", source = "s" }
"""


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("value = 50", "value = 101"),
        ("value = 50", 'value = "50"'),
        ('source = "s" }\n[', 'source = "" }\n['),
        ('basis = "S", source = "s" }\n[', 'basis = "Z", source = "s" }\n['),
        ("interest", "dinners"),
        ("[rates]", "colour = 1\n[rates]"),
        ('interest = { value = 50, basis = "S", source = "s" }', ""),
        ('version = "1"\n', ""),
        ('"1.00"', '"1,00"'),
    ],
)
def test_a_file_with_a_fault_is_refused(good: str, bad: str) -> None:
    parse(GOOD)
    with pytest.raises((ValueError, KeyError, MalformedAmount)):
        parse(GOOD.replace(good, bad))
