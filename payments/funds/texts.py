"""The words for money in funds and the documents behind it."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _

from payments.funds.rules import EvidenceKind, FirmSize, FundReason, MovementKind, MovementStatus

REFUSALS: dict[StrEnum, Any] = {
    FundReason.AMOUNT_NEEDED: _("The amount must be greater than zero."),
    FundReason.BANK_REFERENCE_NEEDED: _("Give the number of the line in the bank statement."),
    FundReason.BANK_REFERENCE_USED: _("This line of the bank statement has been recorded already."),
    FundReason.REASON_NEEDED: _("Say why."),
    FundReason.MORE_THAN_FREE: _("The fund holds less than this that is not promised to somebody."),
    FundReason.NOT_A_PARTY: _("This institution is no party to the agreement in force."),
    FundReason.DIGEST_MALFORMED: _("A SHA-256 digest has 64 hexadecimal digits."),
    FundReason.REFERENCE_NEEDED: _("Give the document's number and date."),
    FundReason.TOO_MANY_DOCUMENTS: _("There are %(most)s documents already; no more can be named."),
}

MOVEMENT_KINDS: dict[MovementKind, Any] = {
    MovementKind.CONTRIBUTION: _("Paid in"),
    MovementKind.WITHDRAWAL: _("Withdrawn"),
}

MOVEMENTS: dict[MovementStatus, Any] = {
    MovementStatus.PREPARED: _("waits for a second person"),
    MovementStatus.CONFIRMED: _("confirmed"),
    MovementStatus.REFUSED: _("not confirmed"),
}

MOVEMENT_TONES = {
    MovementStatus.PREPARED: "waiting",
    MovementStatus.CONFIRMED: "done",
    MovementStatus.REFUSED: "stopped",
}

EVIDENCE: dict[EvidenceKind, Any] = {
    EvidenceKind.LOAN_CONTRACT: _("Loan contract"),
    EvidenceKind.PLEDGE_CERTIFICATE: _("Certificate of pledge registration"),
    EvidenceKind.DEFAULT_NOTICE: _("Notice of default"),
    EvidenceKind.DISPOSAL_RECORD: _("Record of the disposal"),
    EvidenceKind.SETTLEMENT_STATEMENT: _("Settlement statement"),
    EvidenceKind.INVOICE: _("Invoice"),
    EvidenceKind.PROOF_OF_PAYMENT: _("Proof of payment"),
    EvidenceKind.TRANSFER_CONTRACT: _("Contract of transfer or licence"),
    EvidenceKind.PROOF_OF_SIZE: _("Proof of the firm's size"),
}

SIZES: dict[FirmSize, Any] = {
    FirmSize.MICRO: _("micro"),
    FirmSize.SMALL: _("small"),
    FirmSize.MEDIUM: _("medium"),
    FirmSize.LARGE: _("large"),
}
