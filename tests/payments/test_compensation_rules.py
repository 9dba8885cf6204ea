"""How a loss is shared, capped and shared back; whom an agreement covers."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.errors import Refused
from marketplace.rights.rules import RightType
from payments.compensation.rules import (
    Agreement,
    Cap,
    Covers,
    Ineligible,
    LoanFacts,
    Party,
    PartyRole,
    PoolReason,
    Room,
    check_agreement,
    clocks,
    divide_loss,
    reasons_against,
    share_back,
)
from payments.compensation.rules.agreement import read, written
from payments.compensation.rules.eligibility import claimable_until, months_between
from payments.funds.rules import EvidenceKind, FirmSize, FundReason, check_amount, check_digest, check_said

FUND, BANK, INSURER, APPRAISER = (
    PartyRole.FUND,
    PartyRole.BANK,
    PartyRole.INSURER,
    PartyRole.APPRAISER,
)
ZHONGSHAN = Agreement(
    parties=(Party(FUND, 54, "f"), Party(BANK, 26), Party(INSURER, 16, "i"), Party(APPRAISER, 4, "a"))
)
PLENTY = Room(firm_used=0, bank_used=0, held=10**15)


def test_vector_9_a_loss_of_a_million_under_54_26_16_4() -> None:
    division = divide_loss(ZHONGSHAN, 100_000_000, 100_000_000, PLENTY)
    assert division.parts == {FUND: 54_000_000, BANK: 26_000_000, INSURER: 16_000_000, APPRAISER: 4_000_000}
    assert division.cuts == ()


@pytest.mark.parametrize(("bank", "fund", "parts"), [(1, 1, (51, 50)), (60, 40, (61, 40))])
def test_one_to_one_and_sixty_to_forty_leave_no_fen_over(
    bank: int, fund: int, parts: tuple[int, int]
) -> None:
    agreement = Agreement(parties=(Party(BANK, bank), Party(FUND, fund, "f")))
    division = divide_loss(agreement, 101, 101, PLENTY)
    assert (division.parts[BANK], division.parts[FUND]) == parts


def test_caps_are_applied_in_their_order_and_what_they_cut_stays_with_the_bank() -> None:
    terms = replace(ZHONGSHAN, cap_per_claim=500, cap_per_firm_and_year=900, cap_per_bank_and_year=2000)
    division = divide_loss(terms, 1000, 1000, Room(firm_used=500, bank_used=1650, held=300))
    assert [(cut.cap, cut.minor) for cut in division.cuts] == [
        (Cap.PER_CLAIM, 40),
        (Cap.PER_FIRM_AND_YEAR, 100),
        (Cap.PER_BANK_AND_YEAR, 50),
        (Cap.POOL_HOLDS, 50),
    ]
    assert division.parts == {FUND: 300, BANK: 260 + 240, INSURER: 160, APPRAISER: 40}


def test_what_is_no_principal_is_not_covered_where_the_agreement_says_so() -> None:
    division = divide_loss(replace(ZHONGSHAN, covers=Covers.PRINCIPAL), 1500, 1000, PLENTY)
    assert division.uncovered == 500
    assert division.parts == {FUND: 540, BANK: 260 + 500, INSURER: 160, APPRAISER: 40}


def test_a_bank_that_is_no_party_bears_what_is_cut() -> None:
    terms = Agreement(parties=(Party(FUND, 1, "f"),), cap_per_claim=10)
    assert divide_loss(terms, 100, 100, PLENTY).parts == {FUND: 10, BANK: 90}


AMOUNTS = st.integers(min_value=0, max_value=10**12)
CAPS = st.none() | AMOUNTS


@given(
    loss=AMOUNTS,
    principal=AMOUNTS,
    shares=st.lists(st.integers(min_value=0, max_value=100), min_size=3, max_size=3),
    caps=st.tuples(CAPS, CAPS, CAPS),
    room=st.builds(Room, AMOUNTS, AMOUNTS, AMOUNTS),
)
def test_the_parts_sum_to_the_loss_and_no_cap_is_ever_exceeded(
    loss: int,
    principal: int,
    shares: list[int],
    caps: tuple[int | None, int | None, int | None],
    room: Room,
) -> None:
    roles = (BANK, INSURER, APPRAISER)
    parties = (Party(FUND, 1, "f"), *(Party(*pair, "x") for pair in zip(roles, shares, strict=True)))
    terms = Agreement(
        parties=parties,
        covers=Covers.PRINCIPAL if principal % 2 else Covers.CLAIM,
        cap_per_claim=caps[0],
        cap_per_firm_and_year=caps[1],
        cap_per_bank_and_year=caps[2],
    )
    division = divide_loss(terms, loss, principal, room)
    assert sum(division.parts.values()) == loss
    assert min(division.parts.values()) >= 0
    fund = division.parts[FUND]
    assert fund <= room.held
    assert caps[0] is None or fund <= caps[0]
    assert caps[1] is None or fund <= max(caps[1] - room.firm_used, 0)
    assert caps[2] is None or fund <= max(caps[2] - room.bank_used, 0)


@given(
    borne=st.lists(st.integers(min_value=0, max_value=10**9), min_size=4, max_size=4),
    cuts=st.lists(st.integers(min_value=1, max_value=10**9), max_size=6),
)
def test_whatever_comes_back_in_whichever_parts_nobody_gets_more_than_it_bore(
    borne: list[int], cuts: list[int]
) -> None:
    parts = dict(zip((FUND, BANK, INSURER, APPRAISER), borne, strict=True))
    back = dict.fromkeys(parts, 0)
    left = sum(borne)
    for cut in [*cuts, left]:
        amount = min(cut, left)
        if not amount:
            continue
        shares = share_back(amount, parts, back)
        assert sum(shares.values()) == amount
        back = {role: back[role] + shares[role] for role in back}
        left -= amount
        assert all(0 <= back[role] <= parts[role] for role in parts)
    assert left or back == parts


def test_a_recovery_is_shared_in_the_proportion_of_the_loss() -> None:
    borne = {FUND: 54_000_000, BANK: 26_000_000, INSURER: 16_000_000, APPRAISER: 4_000_000}
    assert share_back(10_000_000, borne, {}) == {
        FUND: 5_400_000,
        BANK: 2_600_000,
        INSURER: 1_600_000,
        APPRAISER: 400_000,
    }
    with pytest.raises(ValueError, match="more was recovered"):
        share_back(100_000_001, borne, {})


FACTS = LoanFacts(
    right_types=frozenset({RightType.INVENTION}),
    size=FirmSize.SMALL,
    loan_minor=100,
    registered_pledge=True,
    lent_on=date(2024, 1, 1),
    due_on=date(2025, 1, 1),
    defaulted_on=date(2025, 2, 1),
    ended_on=date(2025, 6, 1),
    claimed_on=date(2025, 7, 1),
    loss_minor=50,
    loans_minor=850,
    contributed_minor=100,
)
STRICT = replace(
    ZHONGSHAN,
    right_types=(RightType.INVENTION,),
    sizes=(FirmSize.SMALL,),
    loan_at_most=100,
    term_months_at_most=12,
    waiting_days=30,
    claim_within_days=60,
    multiple=10,
)


def test_a_loan_within_every_rule_is_covered() -> None:
    assert reasons_against(STRICT, FACTS) == ()
    assert reasons_against(ZHONGSHAN, FACTS) == ()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"loss_minor": 0}, Ineligible.NO_LOSS),
        ({"right_types": frozenset({RightType.TRADEMARK})}, Ineligible.RIGHT_TYPE),
        ({"size": FirmSize.LARGE}, Ineligible.FIRM_SIZE),
        ({"loan_minor": 101}, Ineligible.LOAN_TOO_LARGE),
        ({"registered_pledge": False}, Ineligible.PLEDGE_NOT_REGISTERED),
        ({"due_on": date(2025, 1, 2)}, Ineligible.TERM_TOO_LONG),
        ({"defaulted_on": date(2025, 6, 15)}, Ineligible.WAITING_PERIOD),
        ({"claimed_on": date(2025, 8, 1)}, Ineligible.TOO_LATE),
        ({"loans_minor": 901}, Ineligible.POOL_FULL),
    ],
)
def test_each_rule_gives_its_reason(changes: dict[str, object], reason: Ineligible) -> None:
    assert reasons_against(STRICT, replace(FACTS, **changes)) == (reason,)  # type: ignore[arg-type]


def test_every_reason_is_given_at_once() -> None:
    facts = replace(FACTS, loss_minor=0, due_on=date(2023, 1, 1), loan_minor=10**6)
    assert reasons_against(STRICT, facts) == (
        Ineligible.NO_LOSS,
        Ineligible.DATES_OUT_OF_ORDER,
        Ineligible.LOAN_TOO_LARGE,
        Ineligible.POOL_FULL,
    )


def test_clocks_count_from_the_claim_and_from_the_review() -> None:
    assert clocks(ZHONGSHAN, date(2026, 1, 1), None) == (date(2026, 1, 21), None)
    assert clocks(ZHONGSHAN, date(2026, 1, 1), date(2026, 1, 5))[1] == date(2026, 1, 25)
    assert claimable_until(ZHONGSHAN, date(2026, 1, 1)) is None
    assert months_between(date(2024, 1, 31), date(2024, 2, 29)) == 1
    assert months_between(date(2024, 1, 15), date(2025, 1, 16)) == 13


def test_an_agreement_is_read_as_it_was_written() -> None:
    terms = replace(STRICT, evidence=(EvidenceKind.LOAN_CONTRACT,), cap_per_claim=5)
    assert read(written(terms)) == terms


@pytest.mark.parametrize(
    ("parties", "reason"),
    [
        ((Party(BANK, 1),), PoolReason.SHARES_NEEDED),
        ((Party(FUND, 0, "f"), Party(BANK, 1)), PoolReason.SHARES_NEEDED),
        ((Party(FUND, 1, "f"), Party(BANK, -1)), PoolReason.SHARES_NEEDED),
        ((Party(FUND, 1, "f"), Party(INSURER, 1)), PoolReason.PARTY_NEEDED),
    ],
)
def test_an_agreement_names_whoever_pays(parties: tuple[Party, ...], reason: PoolReason) -> None:
    with pytest.raises(Refused) as refused:
        check_agreement(Agreement(parties=parties))
    assert refused.value.reason is reason


def test_an_agreement_that_names_whoever_pays_is_taken() -> None:
    agreement = Agreement(parties=(Party(FUND, 60, "f"), Party(BANK, 40)))
    assert check_agreement(agreement) is agreement


def test_what_is_typed_about_money_and_documents_is_checked() -> None:
    assert check_amount(1) == 1
    assert check_said("  why ", FundReason.REASON_NEEDED, "reason") == "why"
    assert check_digest("") == ""
    assert check_digest(" " + "AB" * 32) == "ab" * 32
    for act in (
        lambda: check_amount(0),
        lambda: check_said(" ", FundReason.REASON_NEEDED, "reason"),
        lambda: check_digest("ab"),
        lambda: check_digest("xy" * 32),
    ):
        with pytest.raises(Refused):
            act()
