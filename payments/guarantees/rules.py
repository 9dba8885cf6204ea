"""Which letters stand for a deposit, and what becomes of them. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from marketplace.errors import Refused
from marketplace.status import Moves

MOST_BYTES = 5 * 1024 * 1024
_PDF = b"%PDF-"

# Whoever gave the letter needs time to renew it, and so does the bidder to find another way.
WARN_BEFORE = timedelta(days=7)


class GuaranteeReason(StrEnum):
    NOT_TAKEN = "guarantee_not_taken"
    TOO_SMALL = "guarantee_too_small"
    ENDS_TOO_EARLY = "guarantee_ends_too_early"
    NOT_A_PDF = "guarantee_not_a_pdf"
    TOO_LARGE = "guarantee_too_large"
    STANDS_ELSEWHERE = "guarantee_stands_elsewhere"


class GuaranteeStatus(StrEnum):
    HANDED_IN = "handed_in"
    CHECKED = "checked"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    RETURNED = "returned"
    LAPSED = "lapsed"
    CALLED = "called"
    PAID = "paid"
    DISHONOURED = "dishonoured"


# handed in → an officer asks the guarantor → another accepts → it goes back, runs out, or is called and paid.
GUARANTEE_MOVES: Moves[GuaranteeStatus] = {
    GuaranteeStatus.HANDED_IN: frozenset(
        {GuaranteeStatus.CHECKED, GuaranteeStatus.REFUSED, GuaranteeStatus.WITHDRAWN}
    ),
    GuaranteeStatus.CHECKED: frozenset(
        {GuaranteeStatus.ACCEPTED, GuaranteeStatus.REFUSED, GuaranteeStatus.WITHDRAWN}
    ),
    GuaranteeStatus.ACCEPTED: frozenset(
        {GuaranteeStatus.RETURNED, GuaranteeStatus.LAPSED, GuaranteeStatus.CALLED}
    ),
    GuaranteeStatus.CALLED: frozenset({GuaranteeStatus.PAID, GuaranteeStatus.DISHONOURED}),
    GuaranteeStatus.REFUSED: frozenset(),
    GuaranteeStatus.WITHDRAWN: frozenset(),
    GuaranteeStatus.RETURNED: frozenset(),
    GuaranteeStatus.LAPSED: frozenset(),
    GuaranteeStatus.PAID: frozenset(),
    GuaranteeStatus.DISHONOURED: frozenset(),
}

# A letter in one of these stands for a deposit, or may yet.
ALIVE = (
    GuaranteeStatus.HANDED_IN,
    GuaranteeStatus.CHECKED,
    GuaranteeStatus.ACCEPTED,
    GuaranteeStatus.CALLED,
)


@dataclass(frozen=True, slots=True)
class Letter:
    """What a letter says.

    Attributes:
        minor: the most its guarantor pays, in minor units of the deposit's currency.
        valid_until: the first moment at which it binds the guarantor no more.
    """

    guarantor: str
    number: str
    minor: int
    valid_until: datetime


def needed_until(closes_at: datetime, payment_days: int) -> datetime:
    """How long a letter must bind: until the price is due if the auction closes as announced."""
    return closes_at + timedelta(days=payment_days)


def check_letter(letter: Letter, deposit_minor: int, until: datetime) -> None:
    """Refuse a letter for less than the deposit, or one that ends before the price is due.

    Raises:
        Refused: `TOO_SMALL` or `ENDS_TOO_EARLY`, with the field.
    """
    if letter.minor < deposit_minor:
        raise Refused(GuaranteeReason.TOO_SMALL, field="amount")
    if letter.valid_until < until:
        raise Refused(GuaranteeReason.ENDS_TOO_EARLY, field="valid_until", until=until.date().isoformat())


def check_document(content: bytes) -> None:
    """Refuse a file that is no PDF or longer than 5 MB.

    Raises:
        Refused: `NOT_A_PDF` or `TOO_LARGE`.
    """
    if len(content) > MOST_BYTES:
        raise Refused(GuaranteeReason.TOO_LARGE, field="document")
    if not content.startswith(_PDF):
        raise Refused(GuaranteeReason.NOT_A_PDF, field="document")
