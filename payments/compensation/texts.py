"""The words of risk compensation: roles, statuses, caps, and why a claim is not covered."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _

from payments.compensation.rules import (
    Cap,
    ClaimStatus,
    Covers,
    Ineligible,
    PartyRole,
    PoolReason,
    RecoveryStatus,
)

ROLES: dict[PartyRole, Any] = {
    PartyRole.FUND: _("Fund"),
    PartyRole.BANK: _("Claiming bank"),
    PartyRole.INSURER: _("Insurer"),
    PartyRole.GUARANTOR: _("Guarantor"),
    PartyRole.APPRAISER: _("Appraiser"),
}

COVERS: dict[Covers, Any] = {
    Covers.PRINCIPAL: _("the principal only"),
    Covers.CLAIM: _("the whole unpaid claim"),
}

CLAIMS: dict[ClaimStatus, Any] = {
    ClaimStatus.CLAIMED: _("to be reviewed"),
    ClaimStatus.REVIEWED: _("to be released"),
    ClaimStatus.RELEASED: _("being paid"),
    ClaimStatus.PAID: _("compensated"),
    ClaimStatus.PARTLY_RECOVERED: _("partly recovered"),
    ClaimStatus.RECOVERED: _("recovered in full"),
    ClaimStatus.REFUSED: _("refused"),
    ClaimStatus.WITHDRAWN: _("withdrawn"),
}

CLAIM_TONES = {
    ClaimStatus.CLAIMED: "waiting",
    ClaimStatus.REVIEWED: "waiting",
    ClaimStatus.RELEASED: "live",
    ClaimStatus.PAID: "done",
    ClaimStatus.PARTLY_RECOVERED: "done",
    ClaimStatus.RECOVERED: "done",
    ClaimStatus.REFUSED: "stopped",
    ClaimStatus.WITHDRAWN: "stopped",
}

RECOVERIES: dict[RecoveryStatus, Any] = {
    RecoveryStatus.REPORTED: _("waits for the money"),
    RecoveryStatus.CONFIRMED: _("shared back"),
    RecoveryStatus.DECLINED: _("not confirmed"),
}

CAPS: dict[Cap, Any] = {
    Cap.PER_CLAIM: _("Cap per claim"),
    Cap.PER_FIRM_AND_YEAR: _("Cap per firm and year"),
    Cap.PER_BANK_AND_YEAR: _("Cap per bank and year"),
    Cap.POOL_HOLDS: _("What the pool holds"),
}

INELIGIBLE: dict[Ineligible, Any] = {
    Ineligible.NO_AGREEMENT: _("No agreement of this pool is in force."),
    Ineligible.OTHER_CURRENCY: _("The loan is in another currency than the pool."),
    Ineligible.RIGHT_TYPE: _("The agreement does not cover a right of this type."),
    Ineligible.FIRM_SIZE: _("The agreement does not cover borrowers of this size."),
    Ineligible.LOAN_TOO_LARGE: _("The loan is larger than the agreement covers."),
    Ineligible.PLEDGE_NOT_REGISTERED: _("No registered pledge of the bank is on record for this lot."),
    Ineligible.TERM_TOO_LONG: _("The loan ran longer than the agreement covers."),
    Ineligible.DATES_OUT_OF_ORDER: _("The loan must be due after it was paid out."),
    Ineligible.WAITING_PERIOD: _("The waiting period since the default has not passed."),
    Ineligible.TOO_LATE: _("The time in which a claim may be made has passed."),
    Ineligible.POOL_FULL: _("The loans behind the pool's claims would exceed its multiple."),
    Ineligible.NO_LOSS: _("Nothing of a first-ranking claim is left unpaid."),
}

REFUSALS: dict[StrEnum, Any] = {
    PoolReason.NAME_NEEDED: _("Give a name and an area."),
    PoolReason.NAME_TAKEN: _("There is a pool of this name."),
    PoolReason.SHARES_NEEDED: _("The fund's share must be above zero, and no share below."),
    PoolReason.PARTY_NEEDED: _("Name the institution that bears this share."),
    PoolReason.SOURCE_NEEDED: _("Say where these figures come from."),
    PoolReason.VALID_FROM_PAST: _("An agreement is in force from today at the earliest."),
    PoolReason.AGREEMENT_WAITS: _("A version waits for its approval already."),
    PoolReason.AGREEMENT_APPROVED: _("This version is approved already."),
    PoolReason.NOT_ENDED: _("This is possible only once the disposal, or the compensation, is complete."),
    PoolReason.REDEEMED: _("The debtor has paid the debt; there is no loss."),
    PoolReason.NO_CASE: _("No defaulted loan stands behind this lot."),
    PoolReason.CLAIMED_ALREADY: _("There is a claim for this lot already."),
    PoolReason.EVIDENCE_LACKING: _("A document that the agreement asks for is not named yet."),
    PoolReason.REVIEWED_OTHERWISE: _("The claim has been reviewed, or reviewed again. Reload the page."),
    PoolReason.RECOVERY_WAITS: _("A report of this claim waits or has been answered; reload the page."),
    PoolReason.MORE_THAN_LOST: _("More than is still open cannot be shared back; the rest is the bank's."),
    PoolReason.NOT_ELIGIBLE: _("The agreement in force does not cover this loan."),
}


def in_words(reasons: Iterable[Ineligible]) -> list[str]:
    """Each reason in the reader's language."""
    return [str(INELIGIBLE[reason]) for reason in reasons]
