"""What says how good a right is, beside its dates: family, claims, citations, use, legal events. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from marketplace.errors import Refused
from marketplace.rights.rules import EncumbranceKind, RightReason


class LegalEvent(StrEnum):
    """What registers and courts say of a right; what lies on it (`Encumbrance`) says some of it too."""

    PLEDGED = "pledged"
    PLEDGE_RELEASED = "pledge_released"
    LICENSED = "licensed"
    EXCLUSIVELY_LICENSED = "exclusively_licensed"
    SEIZED = "seized"
    LITIGATION = "litigation"
    INVALIDATION_REQUESTED = "invalidation_requested"
    PARTLY_INVALIDATED = "partly_invalidated"
    UPHELD = "upheld"
    FEE_OVERDUE = "fee_overdue"
    LAPSED = "lapsed"
    RESTORED = "restored"
    TRANSFERRED = "transferred"


# Least and most of what is counted of a right; beyond the most somebody mistyped.
COUNTS = {"claims": (1, 10_000), "forward_citations": (0, 1_000_000), "family_size": (1, 10_000)}

_FAMILY = re.compile(r"[0-9A-Za-z][0-9A-Za-z ./:_-]{0,39}")


@dataclass(frozen=True, slots=True)
class Particulars:
    """What says how good a right is, beside its dates; None and empty for what nobody looked up.

    Attributes:
        family: whatever names the family or cluster, such as its earliest priority number; rights with the
            same name in it belong together.
        family_size: documents in the family, the right's own included.
        forward_citations: how often later documents cite it.
        evidence_of_use: whether somebody is known to practise it.
        legal_events: without those that follow from encumbrances.
    """

    family: str = ""
    family_size: int | None = None
    claims: int | None = None
    forward_citations: int | None = None
    evidence_of_use: bool | None = None
    legal_events: tuple[LegalEvent, ...] = ()


def check_particulars(particulars: Particulars) -> None:
    """Raise Refused, naming the field, for a count that cannot be and a family that cannot be written."""
    for name, (least, most) in COUNTS.items():
        count = getattr(particulars, name)
        if count is not None and not least <= count <= most:
            raise Refused(RightReason.COUNT_OUT_OF_RANGE, field=name, least=least, most=most)
    if particulars.family and not _FAMILY.fullmatch(particulars.family):
        raise Refused(RightReason.FAMILY_CHARACTERS, field="family")


def events_in_order(events: Iterable[LegalEvent]) -> tuple[LegalEvent, ...]:
    """Each event once, in the order of `LegalEvent`."""
    found = set(events)
    return tuple(event for event in LegalEvent if event in found)


_OF_ENCUMBRANCES = {
    EncumbranceKind.PLEDGE: LegalEvent.PLEDGED,
    EncumbranceKind.LICENCE: LegalEvent.LICENSED,
    EncumbranceKind.SEIZURE: LegalEvent.SEIZED,
}


def legal_events_of(
    recorded: Iterable[str], encumbrances: Iterable[EncumbranceKind]
) -> tuple[LegalEvent, ...]:
    """What is recorded of a right, and what lies on it, as one list."""
    known = [LegalEvent(event) for event in recorded]
    return events_in_order([*known, *(_OF_ENCUMBRANCES[kind] for kind in encumbrances)])
