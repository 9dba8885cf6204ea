"""What stands in the way of a lot's terms, without a database."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from marketplace.errors import Refused
from marketplace.listings.rules import AuctionFormat, PriceBasis
from marketplace.listings.terms import (
    LotTerms,
    TermsReason,
    check_consent,
    check_draft,
    check_ready,
    warnings_of,
)
from marketplace.rule_packs import ConsentTier, load
from marketplace.rule_packs.ladder import Position
from marketplace.rule_packs.limits import LimitReason

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
TERMS = LotTerms(
    reference="L-1",
    title="Winding",
    reference_price_minor=15_000_000,
    reference_price_basis=PriceBasis.APPRAISAL,
    start_price_minor=10_500_000,
    deposit_minor=1_000_000,
    increment_minor=100_000,
    rule_pack="cn-court",
    opens_at=datetime(2026, 4, 20, 2, 0, tzinfo=UTC),
    closes_at=datetime(2026, 4, 22, 2, 0, tzinfo=UTC),
)


def reasons(found: list[Refused]) -> set[tuple[str | None, str]]:
    return {(refused.field, str(refused.reason)) for refused in found}


def test_good_terms_have_nothing_in_their_way() -> None:
    assert check_ready(TERMS, load("cn-court"), rights=1, now=NOW) == []


@pytest.mark.parametrize(
    ("pack", "auction_format", "missing"),
    [
        (
            "cn-court",
            AuctionFormat.ENGLISH,
            {
                "start_price_minor",
                "opens_at",
                "closes_at",
                "reference_price_minor",
                "reference_price_basis",
                "deposit_minor",
                "increment_minor",
            },
        ),
        ("cn-bank", AuctionFormat.SEALED, {"start_price_minor", "opens_at", "closes_at"}),
    ],
)
def test_everything_that_is_missing_is_said_at_once(
    pack: str, auction_format: AuctionFormat, missing: set[str]
) -> None:
    empty = LotTerms(reference="L", title="T", rule_pack=pack, auction_format=auction_format)
    found = check_ready(empty, load(pack), rights=0, now=NOW)
    expected = {(name, str(TermsReason.NEEDED_TO_SUBMIT)) for name in missing}
    assert reasons(found) == expected | {("right_ids", str(TermsReason.NO_RIGHTS))}
    assert check_draft(empty, load(pack)) == []


def test_a_limit_that_is_not_law_only_warns() -> None:
    low = replace(TERMS, rule_pack="cn-bank", deposit_minor=1, reserve_minor=10_500_000)
    pack = load("cn-bank")
    assert check_draft(low, pack) == []
    assert reasons(warnings_of(low, pack)) == {("deposit_minor", str(LimitReason.DEPOSIT_TOO_SMALL))}
    court = load("cn-court")
    assert reasons(check_draft(replace(low, rule_pack="cn-court"), court)) >= {
        ("deposit_minor", str(LimitReason.DEPOSIT_TOO_SMALL))
    }


def test_a_limit_is_shown_as_an_amount_a_moment_or_not_at_all() -> None:
    pack = load("cn-court")
    soon = replace(TERMS, opens_at=datetime(2026, 3, 3, 2, 0, tzinfo=UTC), start_price_minor=1)
    shown = {str(one.reason): one.details["limit"] for one in check_draft(soon, pack, published_at=NOW)}
    assert shown[LimitReason.NOTICE_TOO_SHORT] == "2026-04-01 10:00"
    assert shown[LimitReason.START_PRICE_BELOW_FLOOR] == "105000.00 CNY"
    secret = replace(TERMS, rule_pack="cn-state", reserve_minor=20_000_000)
    state = load("cn-state")
    said = check_draft(secret, state) + warnings_of(secret, state)
    (refused,) = [one for one in said if one.field == "reserve_public"]
    assert refused.details["limit"] == ""


def test_an_opening_in_the_past_and_prices_of_nothing() -> None:
    late = replace(TERMS, start_price_minor=0, opens_at=NOW)
    found = reasons(check_ready(late, load("open"), rights=1, now=NOW))
    assert ("opens_at", str(TermsReason.OPENS_IN_THE_PAST)) in found
    assert ("start_price_minor", str(TermsReason.PRICE_NOT_POSITIVE)) in found


def test_a_basis_without_a_price_and_a_public_reserve_that_is_none() -> None:
    odd = replace(TERMS, reference_price_minor=None, reserve_public=True)
    assert reasons(check_draft(odd, load("open"))) == {
        ("reference_price_basis", str(TermsReason.BASIS_WITHOUT_PRICE)),
        ("reserve_public", str(TermsReason.RESERVE_PUBLIC_WITHOUT_RESERVE)),
    }


SECOND = Position(2, 10_500_000, NOW)
LATER: dict[str, Any] = {
    "opens_at": datetime(2026, 3, 20, 2, tzinfo=UTC),
    "closes_at": datetime(2026, 3, 21, 2, tzinfo=UTC),
}


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"start_price_minor": 8_399_999}, "start_price_minor", LimitReason.PRICE_CUT_TOO_DEEP),
        ({"opens_at": datetime(2026, 3, 16, 2, tzinfo=UTC)}, "opens_at", LimitReason.NOTICE_TOO_SHORT),
        (
            {"opens_at": datetime(2026, 4, 2, tzinfo=UTC), "closes_at": datetime(2026, 4, 5, tzinfo=UTC)},
            "opens_at",
            LimitReason.OPENS_TOO_LATE,
        ),
        ({"auction_format": AuctionFormat.SALE_OFF}, "auction_format", LimitReason.SALE_OFF_NOT_YET),
    ],
)
def test_a_second_attempt_has_its_own_limits_with_their_article(
    changes: dict[str, Any], field: str, reason: LimitReason
) -> None:
    second = replace(TERMS, start_price_minor=8_400_000, **LATER)
    assert check_ready(second, load("cn-court"), rights=1, now=NOW, position=SECOND) == []
    (refused,) = check_ready(replace(second, **changes), load("cn-court"), rights=1, now=NOW, position=SECOND)
    assert (refused.field, refused.reason) == (field, reason)
    assert refused.details["article"] == "法释〔2016〕18号 art. 26"


def test_a_draft_of_a_second_attempt_is_measured_by_the_first() -> None:
    cheap = replace(TERMS, start_price_minor=8_399_999, opens_at=None, closes_at=None)
    found = check_draft(cheap, load("cn-court"), position=SECOND)
    assert reasons(found) == {("start_price_minor", LimitReason.PRICE_CUT_TOO_DEEP)}
    assert found[0].details["limit"] == "84000.00 CNY"


def test_working_days_that_cannot_be_counted_are_pointed_out() -> None:
    state = replace(TERMS, rule_pack="cn-state")
    published = datetime(2099, 12, 30, tzinfo=UTC)
    found = warnings_of(state, load("cn-state"), published_at=published)
    assert ("opens_at", LimitReason.NOTICE_NOT_COUNTED) in reasons(found)
    (counted,) = [one for one in found if one.reason is LimitReason.NOTICE_NOT_COUNTED]
    assert counted.details["limit"] == "2099"


def test_only_a_format_with_an_end_of_its_own_needs_one() -> None:
    open_ended = replace(TERMS, rule_pack="open", closes_at=None)
    needed = ("closes_at", str(TermsReason.NEEDED_TO_SUBMIT))
    assert needed in reasons(check_ready(open_ended, load("open"), rights=1, now=NOW))
    falling = replace(open_ended, auction_format=AuctionFormat.DUTCH)
    assert needed not in reasons(check_ready(falling, load("open"), rights=1, now=NOW))


@pytest.mark.parametrize(
    ("pack", "chosen", "tier"),
    [
        ("cn-bank", None, ConsentTier.PRICE_ONLY),
        ("cn-bank", ConsentTier.SEALED, ConsentTier.SEALED),
        ("cn-state", None, ConsentTier.PUBLIC),
        ("cn-state", ConsentTier.POOL, ConsentTier.POOL),
        ("cn-court", None, ConsentTier.PUBLIC),
        ("cn-court", ConsentTier.PUBLIC, ConsentTier.PUBLIC),
    ],
)
def test_what_others_see_is_the_packs_unless_the_seller_chooses(
    pack: str, chosen: ConsentTier | None, tier: ConsentTier
) -> None:
    assert check_consent(chosen, load(pack)) is tier


def test_what_the_law_publishes_nobody_hides() -> None:
    with pytest.raises(Refused) as refused:
        check_consent(ConsentTier.POOL, load("cn-court"))
    assert (refused.value.reason, refused.value.field) == (TermsReason.CONSENT_FIXED, "consent_tier")
    assert refused.value.details["article"]


def test_a_pack_that_says_nothing_lets_the_price_be_seen() -> None:
    assert check_consent(None, replace(load("open"), consent_tier=None)) is ConsentTier.PRICE_ONLY
