"""The bids that everybody sees, as rows and as a picture."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext
from sqlalchemy.orm import Session

from auctions.live.snapshot import Snapshot
from auctions.models import Auction, JournalEntry, Registration
from auctions.queries import public_bids
from auctions.sealing.queries import shown_amounts
from auctions.written.terms import read_terms
from marketplace.charts import Dot, Level, PriceChart, price_steps

BIDS_DRAWN = 200


@dataclass(frozen=True, slots=True)
class BidRow:
    """One bid of the record. `automatic` is known to its owner only."""

    sequence: int
    at: datetime
    alias: str
    amount_minor: int
    mine: bool
    automatic: bool


def bid_rows(session: Session, auction: Auction, own: Registration | None, state: Snapshot) -> list[BidRow]:
    """The last bids that everybody may see, the newest first."""
    own_id, hidden = own.id if own else None, state.phase.hidden
    rows = public_bids(session, auction.id, hidden=hidden, limit=BIDS_DRAWN)
    amounts = shown_amounts(session, auction, [entry for entry, _ in rows])
    return [
        _bid_row(entry, alias, amounts[entry.sequence], own_id)
        for entry, alias in rows
        if entry.sequence in amounts
    ]


def _bid_row(entry: JournalEntry, alias: str, amount: int, own_id: uuid.UUID | None) -> BidRow:
    mine = entry.registration_id == own_id
    automatic = mine and entry.caused_by is not None
    return BidRow(entry.sequence, entry.at, alias, amount, mine, automatic)


def price_over_time(
    auction: Auction, rows: Sequence[BidRow], state: Snapshot, now: datetime
) -> PriceChart | None:
    """The price from the opening to now, or to the end; None before the first bid."""
    if not rows:
        return None
    dots = [
        Dot(row.at, row.amount_minor, row.alias, "own" if row.mine else "plain") for row in reversed(rows)
    ]
    end = auction.closed_at or min(now, state.closes_at or now)
    start = max(auction.opens_at, dots[0].moment - (end - dots[0].moment) / 4)
    return price_steps(dots, start=start, end=max(end, dots[-1].moment), levels=_levels(auction))


def _levels(auction: Auction) -> list[Level]:
    terms = read_terms(auction.terms)
    levels = [Level(gettext("Start price"), terms.start_price)]
    if auction.lot.reserve_public and terms.reserve_price not in {None, terms.start_price}:
        levels.append(Level(gettext("Reserve"), terms.reserve_price or 0))
    return levels
