"""The opening of one auction as a reader sees it: nothing that this holds is secret."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from auctions.models import Auction, JournalEntry
from auctions.queries import ACCEPTED
from auctions.rules import Outcome
from auctions.sealing import queries
from auctions.sealing.models import Custody, OpenedBid, Opening, OpeningKey
from auctions.sealing.progress import Part, progress_of
from marketplace.access import Actor, Subject, Verb, may
from marketplace.listings.models import Lot

BIDS_SHOWN = 500


@dataclass(frozen=True, slots=True)
class Row:
    """A sealed bid of the record, and after the opening what came out; refused ones once they are opened."""

    entry: JournalEntry
    alias: str
    opened: OpenedBid | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningPage:
    """What the template reads.

    Attributes:
        keys: the keys in use of each institution, the seller's first: to whom bids are sealed now.
        rows: none before the close: how many have bid is nobody's business until then.
        takes_part: whether the reader may bring a contribution now.
    """

    auction: Auction
    lot: Lot
    custody: Custody
    keys: tuple[list[OpeningKey], list[OpeningKey]]
    parts: tuple[Part, Part] | None
    opening: Opening | None
    rows: list[Row]
    cancelled: bool
    takes_part: bool


def opening_page(
    session: Session, auction: Auction, actor: Actor | None, now: datetime
) -> OpeningPage | None:
    """The page for this reader; None where the bids are not sealed."""
    custody = queries.custody_of(session, auction.id)
    if custody is None:
        return None
    closed = custody.closed_at is not None
    waits = auction.awaits_opening and custody.open_by is not None and now <= custody.open_by
    subject = Subject(owner_id=custody.first_id, parties=frozenset({custody.second_id}))
    return OpeningPage(
        auction=auction,
        lot=auction.lot,
        custody=custody,
        keys=(
            queries.keys_in_use(session, custody.first_id, now),
            queries.keys_in_use(session, custody.second_id, now),
        ),
        parts=progress_of(session, custody) if closed else None,
        opening=queries.opening_of(session, auction.id),
        rows=_rows(session, auction) if closed else [],
        cancelled=auction.outcome is Outcome.CANCELLED,
        takes_part=waits and actor is not None and may(actor, Verb.HOLD_OPENING_KEY, subject),
    )


def _rows(session: Session, auction: Auction) -> list[Row]:
    bids = queries.opened_bids(session, auction.id)
    found = queries.envelopes(session, auction.id)
    rows = [Row(entry, alias, bids.get(entry.sequence)) for entry, alias in found]
    return [row for row in rows if row.entry.decision == ACCEPTED][:BIDS_SHOWN]
