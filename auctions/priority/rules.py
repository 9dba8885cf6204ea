"""A right of first refusal in an auction: when it may be claimed and as whom it may be confirmed. Pure."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from marketplace.errors import Conflict, Refused
from marketplace.listings.priority.rules import Holder, HolderStatus, order_of
from marketplace.status import Moves


class ClaimStatus(StrEnum):
    CLAIMED = "claimed"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


# A confirmed claim may still fall before bidding begins, when it turns out to be somebody else's right.
CLAIM_MOVES: Moves[ClaimStatus] = {
    ClaimStatus.CLAIMED: frozenset({ClaimStatus.CONFIRMED, ClaimStatus.REFUSED}),
    ClaimStatus.CONFIRMED: frozenset({ClaimStatus.REFUSED}),
    ClaimStatus.REFUSED: frozenset(),
}


class RightOutcome(StrEnum):
    TOOK_PART = "took_part"
    DEEMED_WAIVED = "deemed_waived"
    WAIVED = "waived"


class ClaimReason(StrEnum):
    """Values begin with `claim_`: two enums that share a value would share its sentence."""

    BIDDING_HAS_BEGUN = "claim_bidding_has_begun"
    NOT_REGISTERED = "claim_not_registered"
    CLAIMED_ALREADY = "claim_made_already"
    PROOF_MISSING = "claim_proof_missing"
    REASON_MISSING = "claim_reason_missing"
    NOT_A_HOLDER = "claim_not_a_holder"
    NOT_NOTIFIED = "claim_not_notified"
    RIGHT_IS_OVER = "claim_right_is_over"
    HOLDER_IS_ANOTHER = "claim_holder_is_another"
    HOLDER_BIDS_ALREADY = "claim_holder_bids_already"
    SECOND_PERSON_NEEDED = "claim_second_person_needed"


@dataclass(frozen=True, slots=True)
class Candidate:
    """The entry a claim is to be confirmed as.

    Attributes:
        institution_id: who the bank says it is on the platform; None where it named nobody.
        entered_by_id: the person who entered it.
        in_use: whether another bidder of this auction is this holder already.
    """

    holder: Holder
    institution_id: uuid.UUID | None
    entered_by_id: uuid.UUID
    in_use: bool = False


def check_before_bidding(opens_at: datetime, now: datetime) -> None:
    """Refuse once bidding has begun: who has priority is settled before (法释〔2016〕18号 arts. 14, 19)."""
    if now >= opens_at:
        raise Refused(ClaimReason.BIDDING_HAS_BEGUN)


def confirmed_order(
    candidate: Candidate, *, claimant_id: uuid.UUID, person_id: uuid.UUID, two_persons: bool
) -> int:
    """The order that the claimant gets: the entry's own, never one that somebody types.

    Where the bank's entry names an institution, only that one can be confirmed. Where it names nobody, the
    person who ties it to the claimant must not be the one who made the entry, so that no single officer can
    give a bidder of his choice an order.

    Raises:
        Refused: the right is waived, not confirmed, or another institution's; the same person made the entry.
        Conflict: another bidder is confirmed as this holder.
    """
    order = order_of(candidate.holder)
    if order is None:
        raise Refused(ClaimReason.RIGHT_IS_OVER, field="holder_id")
    if candidate.institution_id not in {None, claimant_id}:
        raise Refused(ClaimReason.HOLDER_IS_ANOTHER, field="holder_id")
    if candidate.in_use:
        raise Conflict(ClaimReason.HOLDER_BIDS_ALREADY, field="holder_id")
    if candidate.institution_id is None and two_persons and candidate.entered_by_id == person_id:
        raise Refused(ClaimReason.SECOND_PERSON_NEEDED, field="holder_id")
    return order


def outcome_of(status: HolderStatus, *, has_bid: bool) -> RightOutcome:
    """What became of a right by the end: used by a bid, waived in writing, else deemed waived (art. 16)."""
    if status is HolderStatus.WAIVED:
        return RightOutcome.WAIVED
    return RightOutcome.TOOK_PART if has_bid else RightOutcome.DEEMED_WAIVED
