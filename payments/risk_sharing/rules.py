"""What a risk-sharing agreement may say: pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from marketplace.errors import Refused

MOST_PARTIES = 20

_FRACTION = re.compile(r"0(?:\.[0-9]{1,12})?|1(?:\.0{1,12})?")


class SharingReason(StrEnum):
    NO_PARTIES = "no_parties"
    NOT_A_SHARE = "not_a_share"
    MORE_THAN_THE_WHOLE = "more_than_the_whole"
    PARTY_TWICE = "party_twice"
    DOCUMENT_NEEDED = "document_needed"
    SETTLED_ALREADY = "settled_already"
    DRAFT_WAITS = "draft_waits"


@dataclass(frozen=True, slots=True)
class Share:
    """One party of a draft, and its share as decimal text."""

    party: str
    share: str


def check_shares(shares: Sequence[Share]) -> None:
    """Refuse no parties, one that is named twice, and shares that are none or exceed the whole."""
    if not 0 < len(shares) <= MOST_PARTIES:
        raise Refused(SharingReason.NO_PARTIES, field="shares", most=MOST_PARTIES)
    if len({share.party for share in shares}) < len(shares):
        raise Refused(SharingReason.PARTY_TWICE, field="shares")
    for share in shares:
        if _FRACTION.fullmatch(share.share) is None or not Fraction(share.share):
            raise Refused(SharingReason.NOT_A_SHARE, field="shares", party=share.party)
    if sum(Fraction(share.share) for share in shares) > 1:
        raise Refused(SharingReason.MORE_THAN_THE_WHOLE, field="shares")


def read_lines(text: str) -> list[Share]:
    """One party per line: its name, then its share at the end, such as `City guarantee fund 0.4`."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    found = []
    for line in lines:
        party, _, share = line.rpartition(" ")
        if not party.strip():
            raise Refused(SharingReason.NOT_A_SHARE, field="shares", party=line[:60])
        found.append(Share(party.strip()[:200], share))
    return found
