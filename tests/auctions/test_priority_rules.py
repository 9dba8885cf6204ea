"""Which order a claimant of a right of first refusal gets, without a database."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from auctions.priority.rules import (
    Candidate,
    ClaimReason,
    RightOutcome,
    check_before_bidding,
    confirmed_order,
    outcome_of,
)
from marketplace.errors import Conflict, MarketplaceError, Refused
from marketplace.listings.priority.rules import Holder, HolderStatus

CAROL, DAVE, ALICE, AMY = (uuid.UUID(int=number) for number in range(1, 5))
NAMED = Candidate(Holder("Carol Ltd", HolderStatus.NOTIFIED, 2), institution_id=CAROL, entered_by_id=ALICE)
NOBODY = replace(NAMED, institution_id=None)


def test_the_order_is_the_entrys_own() -> None:
    assert confirmed_order(NAMED, claimant_id=CAROL, person_id=ALICE, two_persons=True) == 2
    assert confirmed_order(NOBODY, claimant_id=CAROL, person_id=AMY, two_persons=True) == 2
    assert confirmed_order(NOBODY, claimant_id=CAROL, person_id=ALICE, two_persons=False) == 2


@pytest.mark.parametrize(
    ("candidate", "error", "reason"),
    [
        (replace(NAMED, holder=replace(NAMED.holder, confirmed=False)), Refused, ClaimReason.RIGHT_IS_OVER),
        (replace(NAMED, institution_id=DAVE), Refused, ClaimReason.HOLDER_IS_ANOTHER),
        (replace(NAMED, in_use=True), Conflict, ClaimReason.HOLDER_BIDS_ALREADY),
        (NOBODY, Refused, ClaimReason.SECOND_PERSON_NEEDED),
    ],
)
def test_why_a_claimant_gets_none(
    candidate: Candidate, error: type[MarketplaceError], reason: ClaimReason
) -> None:
    with pytest.raises(error, match=reason):
        confirmed_order(candidate, claimant_id=CAROL, person_id=ALICE, two_persons=True)


def test_priority_is_settled_before_bidding() -> None:
    opens_at = datetime(2026, 3, 2, tzinfo=UTC)
    check_before_bidding(opens_at, opens_at - timedelta(microseconds=1))
    with pytest.raises(Refused) as refused:
        check_before_bidding(opens_at, opens_at)
    assert refused.value.reason is ClaimReason.BIDDING_HAS_BEGUN


def test_what_became_of_a_right() -> None:
    assert outcome_of(HolderStatus.WAIVED, has_bid=True) is RightOutcome.WAIVED
    assert outcome_of(HolderStatus.TAKES_PART, has_bid=True) is RightOutcome.TOOK_PART
    assert outcome_of(HolderStatus.NOTIFIED, has_bid=False) is RightOutcome.DEEMED_WAIVED
