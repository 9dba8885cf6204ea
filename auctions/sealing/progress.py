"""How far an opening is: for each institution, which envelopes its officers have brought the shares of."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from auctions.models import JournalEntry
from auctions.sealing import queries
from auctions.sealing.models import Custody, OpeningContribution
from auctions.sealing.rules import KeyState
from marketplace import clock
from marketplace.parties.models import Institution


@dataclass(frozen=True, slots=True)
class Part:
    """One institution's part of an opening.

    Attributes:
        shares: how many of the envelopes can be opened as far as this institution goes.
        envelopes: how many there are.
        done: nothing more can come: every share is there, or everybody who could bring one has been heard.
    """

    institution: Institution
    contributions: tuple[OpeningContribution, ...]
    shares: int
    envelopes: int
    done: bool


def progress_of(session: Session, custody: Custody) -> tuple[Part, Part]:
    """Both institutions' parts, the seller's first."""
    contributions = queries.contributions_of(session, custody.auction_id)
    entries = [entry for entry, _ in queries.envelopes(session, custody.auction_id)]
    first, second = (
        _part(session, institution, contributions, entries) for institution in (custody.first, custody.second)
    )
    return first, second


def _part(
    session: Session,
    institution: Institution,
    contributions: Sequence[OpeningContribution],
    entries: Sequence[JournalEntry],
) -> Part:
    own = tuple(one for one in contributions if one.institution_id == institution.id)
    brought = {int(sequence) for one in own for sequence in one.shares}
    heard = {one.key.fingerprint for one in own}
    keys = queries.keys_of(session, institution.id)
    lost = {key.fingerprint for key in keys if queries.state_of(key, clock.now()) is KeyState.WITHDRAWN}
    waited_for = [
        entry
        for entry in entries
        if entry.sequence not in brought and not _boxes(entry, str(institution.id)) <= heard | lost
    ]
    shares = sum(entry.sequence in brought for entry in entries)
    return Part(institution, own, shares, len(entries), bool(own) and not waited_for)


def _boxes(entry: JournalEntry, institution_id: str) -> set[str]:
    return set(((entry.sealed or {}).get("shares") or {}).get(institution_id, {}).get("boxes", {}))
