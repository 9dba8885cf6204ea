"""What the pages and the JSON of auctions have in common: reading what was asked for, and limits."""

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import abort, request
from flask_babel import lazy_gettext
from flask_limiter.util import get_remote_address
from flask_sqlalchemy.pagination import Pagination
from sqlalchemy.orm import Session

from auctions.live import queries
from auctions.models import Auction, JournalEntry
from marketplace.db import db
from marketplace.errors import NotFound
from marketplace.parties import sign_in
from marketplace.web import current_actor

BIDS_PER_MINUTE = "60/minute"
TOO_MANY = lazy_gettext("You have sent 60 bids within a minute. This one was not taken; wait a moment.")

# The parts of the list of auctions, in the order in which they are offered.
PARTS: dict[str, tuple[Any, Callable[[datetime, int], Pagination]]] = {
    "live": (lazy_gettext("Live"), queries.live_page),
    "upcoming": (lazy_gettext("Upcoming"), queries.upcoming_page),
    "ended": (lazy_gettext("Ended"), lambda _now, page: queries.ended_page(page)),
}


def reading() -> Session:
    """The session for reads."""
    return db.session()


def auction_or_404(auction_id: uuid.UUID) -> Auction:
    """The auction with its lot, as it is now."""
    return queries.find_auction(reading(), auction_id)


def part_asked_for() -> str:
    """Which part of the list; raises NotFound for what is none."""
    part = request.args.get("show", "live")
    if part not in PARTS:
        raise NotFound("part")
    return part


def page_number() -> int:
    """The page asked for; 404 for what is no page."""
    number = request.args.get("page", default=1, type=int)
    if not 1 <= number <= 10_000:
        abort(404)
    return number


def person_key() -> str:
    """Limits count per person; they are counted before access is checked, so a stranger counts by address."""
    person = sign_in.visitor()
    return f"person:{person.actor.person_id}" if person else get_remote_address()


def own_entry(auction_id: uuid.UUID, sequence: int) -> tuple[Auction, JournalEntry]:
    """An entry of the asker's own registration; raises NotFound for any other."""
    auction = auction_or_404(auction_id)
    entry = queries.entry_at(reading(), auction_id, sequence)
    own = queries.own_registration(reading(), auction_id, current_actor().institution_id)
    if own is None or entry.registration_id != own.id:
        raise NotFound("entry")
    return auction, entry
