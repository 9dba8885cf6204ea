"""The words for claims of a right of first refusal."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _

from auctions.priority.rules import ClaimReason, ClaimStatus, RightOutcome

CLAIM_STATUSES: dict[ClaimStatus, Any] = {
    ClaimStatus.CLAIMED: _("claimed, waits for an answer"),
    ClaimStatus.CONFIRMED: _("confirmed"),
    ClaimStatus.REFUSED: _("not confirmed"),
}

CLAIM_TONES: dict[ClaimStatus, str] = {
    ClaimStatus.CLAIMED: "waiting",
    ClaimStatus.CONFIRMED: "done",
    ClaimStatus.REFUSED: "stopped",
}

RIGHT_OUTCOMES: dict[RightOutcome, Any] = {
    RightOutcome.TOOK_PART: _("took part and bid"),
    RightOutcome.DEEMED_WAIVED: _("was told and did not bid: deemed to have waived"),
    RightOutcome.WAIVED: _("had waived in writing"),
}

REFUSALS: dict[StrEnum, Any] = {
    ClaimReason.BIDDING_HAS_BEGUN: _("Rights of first refusal are fixed once bidding has opened."),
    ClaimReason.NOT_REGISTERED: _("Register for the auction first."),
    ClaimReason.CLAIMED_ALREADY: _("You have claimed a right of first refusal already."),
    ClaimReason.PROOF_MISSING: _("Name the document that proves it."),
    ClaimReason.REASON_MISSING: _("State the reason."),
    ClaimReason.NOT_A_HOLDER: _("This is no holder on the lot's list. Enter the holder there first."),
    ClaimReason.NOT_NOTIFIED: _("Record the notice of sale to this holder first."),
    ClaimReason.RIGHT_IS_OVER: _("This right is waived, struck out or not confirmed by a second person."),
    ClaimReason.HOLDER_IS_ANOTHER: _("This right belongs to another institution."),
    ClaimReason.HOLDER_BIDS_ALREADY: _("Another bidder is confirmed as this holder."),
    ClaimReason.SECOND_PERSON_NEEDED: _("A second person must confirm: you entered this holder yourself."),
}
