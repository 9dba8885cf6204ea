"""Money paid into a fund and withdrawn from it: statuses, reasons, and caps that are applied one by one."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from marketplace.errors import Refused
from marketplace.status import Moves


class FundReason(StrEnum):
    AMOUNT_NEEDED = "amount_needed"
    BANK_REFERENCE_NEEDED = "bank_reference_needed"
    BANK_REFERENCE_USED = "bank_reference_used"
    REASON_NEEDED = "reason_needed"
    MORE_THAN_FREE = "more_than_free"
    NOT_A_PARTY = "not_a_party"
    DIGEST_MALFORMED = "digest_malformed"
    REFERENCE_NEEDED = "reference_needed"
    TOO_MANY_DOCUMENTS = "too_many_documents"


class MovementKind(StrEnum):
    CONTRIBUTION = "contribution"
    WITHDRAWAL = "withdrawal"


class MovementStatus(StrEnum):
    PREPARED = "prepared"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


# One person prepares it, another confirms or refuses it.
MOVEMENT_MOVES: Moves[MovementStatus] = {
    MovementStatus.PREPARED: frozenset({MovementStatus.CONFIRMED, MovementStatus.REFUSED}),
    MovementStatus.CONFIRMED: frozenset(),
    MovementStatus.REFUSED: frozenset(),
}


class EvidenceKind(StrEnum):
    """What a document behind a claim or an application proves."""

    LOAN_CONTRACT = "loan_contract"
    PLEDGE_CERTIFICATE = "pledge_certificate"
    DEFAULT_NOTICE = "default_notice"
    DISPOSAL_RECORD = "disposal_record"
    SETTLEMENT_STATEMENT = "settlement_statement"
    INVOICE = "invoice"
    PROOF_OF_PAYMENT = "proof_of_payment"
    TRANSFER_CONTRACT = "transfer_contract"
    PROOF_OF_SIZE = "proof_of_size"


DOCUMENTS_MOST = 40


class FirmSize(StrEnum):
    """Of the borrower or applicant, as the statistical classification has it (大中小微型企业划分)."""

    MICRO = "micro"
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


@dataclass(frozen=True, slots=True)
class Limit:
    """What a cap leaves at most, in minor units; `most` is None where there is no such cap."""

    cap: StrEnum
    most: int | None


@dataclass(frozen=True, slots=True)
class Cut:
    """What a cap takes away, in minor units."""

    cap: StrEnum
    minor: int


def apply_limits(minor: int, limits: Sequence[Limit]) -> tuple[int, tuple[Cut, ...]]:
    """What is left of an amount once each cap has been applied, in the given order, and what each took."""
    cuts = []
    for limit in limits:
        over = 0 if limit.most is None else minor - max(limit.most, 0)
        if over > 0:
            cuts.append(Cut(limit.cap, over))
            minor -= over
    return minor, tuple(cuts)


def remaining(cap: int | None, used: int) -> int | None:
    """What a cap still allows; None where there is none."""
    return None if cap is None else max(cap - used, 0)


def check_amount(minor: int) -> int:
    """The amount; raises Refused where it is not above zero."""
    if minor <= 0:
        raise Refused(FundReason.AMOUNT_NEEDED, field="amount")
    return minor


def check_said(text: str, reason: StrEnum, field: str, most: int = 500) -> str:
    """What somebody has to say, trimmed; raises Refused where nothing is said."""
    if not text.strip():
        raise Refused(reason, field=field)
    return text.strip()[:most]


_HEX = frozenset("0123456789abcdef")


def check_digest(text: str) -> str:
    """A SHA-256 digest in lower case, or empty for a document without; raises Refused for anything else."""
    digest = text.strip().lower()
    if digest and (len(digest) != 64 or not _HEX.issuperset(digest)):
        raise Refused(FundReason.DIGEST_MALFORMED, field="digest")
    return digest
