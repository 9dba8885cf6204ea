"""Roles, statuses and reasons of risk compensation."""

from enum import StrEnum

from marketplace.status import Moves


class PartyRole(StrEnum):
    """Who bears a part of the loss of a loan (风险分担)."""

    FUND = "fund"
    BANK = "bank"
    INSURER = "insurer"
    GUARANTOR = "guarantor"
    APPRAISER = "appraiser"


class Covers(StrEnum):
    """What of the loss an agreement covers."""

    PRINCIPAL = "principal"
    CLAIM = "claim"


class ClaimStatus(StrEnum):
    CLAIMED = "claimed"
    REVIEWED = "reviewed"
    RELEASED = "released"
    PAID = "paid"
    PARTLY_RECOVERED = "partly_recovered"
    RECOVERED = "recovered"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


# claimed → the fund's officer reviews → another person releases → everybody has paid → what comes in later is
# shared back. A second person who does not agree sends it back to be reviewed again.
CLAIM_MOVES: Moves[ClaimStatus] = {
    ClaimStatus.CLAIMED: frozenset({ClaimStatus.REVIEWED, ClaimStatus.REFUSED, ClaimStatus.WITHDRAWN}),
    ClaimStatus.REVIEWED: frozenset({ClaimStatus.RELEASED, ClaimStatus.CLAIMED, ClaimStatus.REFUSED}),
    ClaimStatus.RELEASED: frozenset({ClaimStatus.PAID}),
    ClaimStatus.PAID: frozenset({ClaimStatus.PARTLY_RECOVERED, ClaimStatus.RECOVERED}),
    ClaimStatus.PARTLY_RECOVERED: frozenset({ClaimStatus.PARTLY_RECOVERED, ClaimStatus.RECOVERED}),
    ClaimStatus.RECOVERED: frozenset(),
    ClaimStatus.REFUSED: frozenset(),
    ClaimStatus.WITHDRAWN: frozenset(),
}

# What counts toward the caps of a firm and a bank: every part that is promised or was paid.
COUNTED = (
    ClaimStatus.REVIEWED,
    ClaimStatus.RELEASED,
    ClaimStatus.PAID,
    ClaimStatus.PARTLY_RECOVERED,
    ClaimStatus.RECOVERED,
)
RECOVERABLE = (ClaimStatus.PAID, ClaimStatus.PARTLY_RECOVERED)


class RecoveryStatus(StrEnum):
    REPORTED = "reported"
    CONFIRMED = "confirmed"
    DECLINED = "declined"


class Cap(StrEnum):
    """What limits the fund's part, in the order in which it is applied."""

    PER_CLAIM = "per_claim"
    PER_FIRM_AND_YEAR = "per_firm_and_year"
    PER_BANK_AND_YEAR = "per_bank_and_year"
    POOL_HOLDS = "pool_holds"


class Ineligible(StrEnum):
    """Why a loan is not covered by an agreement."""

    NO_AGREEMENT = "no_agreement"
    OTHER_CURRENCY = "other_currency"
    RIGHT_TYPE = "right_type"
    FIRM_SIZE = "firm_size"
    LOAN_TOO_LARGE = "loan_too_large"
    PLEDGE_NOT_REGISTERED = "pledge_not_registered"
    TERM_TOO_LONG = "term_too_long"
    DATES_OUT_OF_ORDER = "dates_out_of_order"
    WAITING_PERIOD = "waiting_period"
    TOO_LATE = "too_late"
    POOL_FULL = "pool_full"
    NO_LOSS = "no_loss"


class PoolReason(StrEnum):
    NAME_NEEDED = "name_needed"
    NAME_TAKEN = "name_taken"
    SHARES_NEEDED = "shares_needed"
    PARTY_NEEDED = "party_needed"
    SOURCE_NEEDED = "source_needed"
    VALID_FROM_PAST = "valid_from_past"
    AGREEMENT_WAITS = "agreement_waits"
    AGREEMENT_APPROVED = "agreement_approved"
    NOT_ENDED = "not_ended"
    REDEEMED = "redeemed"
    NO_CASE = "no_case"
    CLAIMED_ALREADY = "claimed_already"
    EVIDENCE_LACKING = "evidence_lacking"
    REVIEWED_OTHERWISE = "reviewed_otherwise"
    RECOVERY_WAITS = "recovery_waits"
    MORE_THAN_LOST = "more_than_lost"
    NOT_ELIGIBLE = "not_eligible"
