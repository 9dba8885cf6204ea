"""Pure: the institutions that write into the shared record, their standing and their keys."""

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from marketplace.errors import Refused
from marketplace.status import Moves, terminal
from transactions.rules.words import ProofGrade
from transactions.sharing.rules.reasons import Reason


class ContributorKind(StrEnum):
    """What a contributor is, and so how well it can prove a price."""

    EXCHANGE = "exchange"
    COURT = "court"
    AGENCY = "agency"


class ContributorStatus(StrEnum):
    """Where a contributor stands. Two persons of an operator admit and refuse, one suspends."""

    APPLIED = "applied"
    ADMITTED = "admitted"
    REFUSED = "refused"
    SUSPENDED = "suspended"
    LEFT = "left"


APPLIED, ADMITTED, REFUSED = (
    ContributorStatus.APPLIED,
    ContributorStatus.ADMITTED,
    ContributorStatus.REFUSED,
)
SUSPENDED, LEFT = ContributorStatus.SUSPENDED, ContributorStatus.LEFT

MOVES: Moves[ContributorStatus] = {
    APPLIED: frozenset({ADMITTED, REFUSED, LEFT}),
    ADMITTED: frozenset({SUSPENDED, LEFT}),
    SUSPENDED: frozenset({ADMITTED, LEFT}),
    REFUSED: frozenset(),
    LEFT: frozenset(),
}

TERMINAL = terminal(MOVES)

# What takes two persons: one proposes, another decides.
BY_TWO_PERSONS = frozenset({ADMITTED, REFUSED})
# Whose records and keys everybody may look up: also those of who left, for its signatures stay.
LISTED = frozenset({ADMITTED, SUSPENDED, LEFT})

MOST_KEYS = 20

_CODE = re.compile(r"[a-z0-9](?:[a-z0-9-]{1,38}[a-z0-9])")

# A court confirms; an exchange certifies; an agency can point to an official record (words.ProofGrade).
_HIGHEST = {
    ContributorKind.COURT: ProofGrade.A,
    ContributorKind.EXCHANGE: ProofGrade.B,
    ContributorKind.AGENCY: ProofGrade.C,
}


def checked_code(text: str) -> str:
    """The name under which a contributor's records stand; raises Refused unless it is fit for that."""
    code = text.strip().lower()
    if not _CODE.fullmatch(code):
        raise Refused(Reason.CODE_MALFORMED, field="code")
    return code


def checked_key(text: str) -> str:
    """An Ed25519 public key, 32 bytes in base64; raises Refused for anything else."""
    try:
        raw = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != 32:
        raise Refused(Reason.KEY_MALFORMED, field="public_key")
    return base64.b64encode(raw).decode()


@dataclass(frozen=True, slots=True)
class Key:
    """A public key and when its signatures count.

    Attributes:
        fingerprint: 64 hexadecimal digits, the SHA-256 of the key's 32 bytes.
        public_key: base64.
        valid_until: exclusive; None where no end is set. revoked_at: from then on nothing counts.
    """

    fingerprint: str
    public_key: str
    valid_from: datetime
    valid_until: datetime | None = None
    revoked_at: datetime | None = None

    def counts_at(self, moment: datetime) -> bool:
        """Whether a signature made at that moment counts."""
        return moment >= self.valid_from and not self.ended_at(moment)

    def ended_at(self, moment: datetime) -> bool:
        """Whether the key was over by then; a marketplace may have signed before it was registered."""
        return any(end is not None and moment >= end for end in (self.valid_until, self.revoked_at))


def check_span(valid_from: datetime, valid_until: datetime | None) -> None:
    """Raise Refused unless a key's time ends after it begins."""
    if valid_until is not None and valid_until <= valid_from:
        raise Refused(Reason.KEY_SPAN, field="valid_until")


def check_room_for_key(keys: Iterable[Key], now: datetime) -> None:
    """Raise Refused when a contributor has as many keys as are kept of one."""
    if sum(key.revoked_at is None or key.revoked_at > now for key in keys) >= MOST_KEYS:
        raise Refused(Reason.TOO_MANY_KEYS, field="public_key", most=MOST_KEYS)


def check_grade(kind: ContributorKind, grade: ProofGrade, evidence_url: str) -> None:
    """Raise Refused when a contributor claims a better proof than one of its kind can give.

    Grades are A to D, so the better one comes first in the alphabet. An official record that can be looked up
    needs the address where.
    """
    if grade < _HIGHEST[kind]:
        raise Refused(Reason.GRADE_TOO_HIGH, field="proof_grade", highest=str(_HIGHEST[kind]))
    if grade is ProofGrade.C and not evidence_url:
        raise Refused(Reason.EVIDENCE_NEEDED, field="evidence_url")
