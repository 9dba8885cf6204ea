"""The rules of risk compensation: terms, who is covered, how a loss is shared and shared back."""

from payments.compensation.rules.agreement import Agreement, Party, check_agreement
from payments.compensation.rules.eligibility import LoanFacts, clocks, reasons_against
from payments.compensation.rules.sharing import Division, Room, divide_loss, share_back
from payments.compensation.rules.words import (
    CLAIM_MOVES,
    COUNTED,
    RECOVERABLE,
    Cap,
    ClaimStatus,
    Covers,
    Ineligible,
    PartyRole,
    PoolReason,
    RecoveryStatus,
)

__all__ = [
    "CLAIM_MOVES",
    "COUNTED",
    "RECOVERABLE",
    "Agreement",
    "Cap",
    "ClaimStatus",
    "Covers",
    "Division",
    "Ineligible",
    "LoanFacts",
    "Party",
    "PartyRole",
    "PoolReason",
    "RecoveryStatus",
    "Room",
    "check_agreement",
    "clocks",
    "divide_loss",
    "reasons_against",
    "share_back",
]
