"""What is on: the list of auctions, and what a lot's page shows of its auction."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import render_template

from auctions.asking import PARTS, page_number, part_asked_for, reading
from auctions.live import queries
from auctions.live.room import build, is_seller
from auctions.live.snapshot import Snapshot, take
from auctions.live.stage import ENDED
from auctions.models import Auction
from auctions.routes.shared import blueprint
from marketplace import clock
from marketplace.access import Subject, Verb, may
from marketplace.errors import NotFound
from marketplace.listings.models import Lot
from marketplace.listings.rules import PUBLIC_STATUSES, LotStatus
from marketplace.web import current_actor, optional_actor, public, signed_in

MOST_ON_FIRST_PAGE = 6


@dataclass(frozen=True, slots=True)
class Row:
    """One auction of a list."""

    auction: Auction
    lot: Lot
    state: Snapshot


@blueprint.get("/auctions")
@public
def blotter() -> str:
    """Auctions that are live, to come or ended."""
    part, now = part_asked_for(), clock.now()
    page = PARTS[part][1](now, page_number())
    return render_template(
        "auctions/blotter.html", part=part, parts=PARTS, page=page, rows=_rows(page.items, now), now=now
    )


def _rows(auctions: Sequence[Auction], now: datetime) -> list[Row]:
    return [Row(auction, auction.lot, take(reading(), auction, now)) for auction in auctions]


@blueprint.get("/auctions/now")
@public
def live_fragment() -> str:
    """For the first page: the auctions that end next."""
    now = clock.now()
    page = queries.live_page(now, 1)
    return render_template("auctions/_now.html", rows=_rows(page.items[:MOST_ON_FIRST_PAGE], now), page=page)


@blueprint.get("/auctions/today")
@signed_in
def today_fragment() -> str:
    """For the reader's day: open auctions that the institution sells or bids in; all for the operator."""
    actor, now = current_actor(), clock.now()
    everything = may(actor, Verb.SEE_OPERATIONS)
    found = queries.open_auctions(reading(), None if everything else actor.institution_id)
    rooms = [build(reading(), auction, actor, now) for auction in found]
    return render_template("auctions/_today.html", rooms=rooms)


@blueprint.get("/lots/<uuid:lot_id>/auction")
@public
def lot_fragment(lot_id: uuid.UUID) -> str:
    """What the lot's page shows of its auction: where it stands, and the way there."""
    lot, actor, now = reading().get(Lot, lot_id), optional_actor(), clock.now()
    owned = lot is not None and actor is not None and actor.institution_id == lot.institution_id
    if lot is None or not (owned or lot.status in PUBLIC_STATUSES):
        raise NotFound("lot")
    auction = queries.latest_auction(reading(), lot_id)
    row = _rows([auction], now)[0] if auction else None
    may_schedule = (
        actor is not None
        and may(actor, Verb.SCHEDULE_AUCTION, Subject(owner_id=lot.institution_id))
        and lot.status is LotStatus.PUBLISHED
        and (row is None or row.state.stage in ENDED)
    )
    return render_template(
        "auctions/_lot.html",
        lot=lot,
        row=row,
        may_schedule=may_schedule,
        may_decide=owned and lot.status is LotStatus.UNSOLD,
        sells=auction is not None and is_seller(actor, auction),
    )
