"""The live room: the page, its changing parts, its state as JSON, and the stream of changes."""

import uuid
from typing import Any

from flask import Response, abort, current_app, jsonify, make_response, render_template, request
from flask_limiter.util import get_remote_address

from auctions.asking import auction_or_404, person_key, reading
from auctions.forms import BidForm, ControlForm, MaximumForm
from auctions.live import handover, queries, snapshot
from auctions.live.fanout import hub
from auctions.live.room import Room, build
from auctions.live.stream import Seats
from auctions.models import Auction, JournalEntry
from auctions.routes.shared import blueprint
from marketplace import clock
from marketplace.clock import moment_text
from marketplace.config import Config
from marketplace.money import decimal_text
from marketplace.web import limiter, optional_actor, public

# A room full of colleagues behind one address watches the same auction; each change makes each of them ask.
READS = "3000/minute"


def room_of(auction: Auction) -> Room:
    """The auction as this reader sees it now."""
    return build(reading(), auction, optional_actor(), clock.now())


def show_room(auction: Auction, bid: BidForm | None = None, maximum: MaximumForm | None = None) -> str:
    """The whole page; forms that were refused are given, fresh ones are made."""
    room = room_of(auction)
    return render_template(
        "auctions/room.html",
        **forms_for(room, bid, maximum),
        control=ControlForm(formdata=None),
        receipt=_own_receipt(room, request.args.get("receipt", type=int)),
    )


def _own_receipt(room: Room, sequence: int | None) -> JournalEntry | None:
    """The entry that the page says thank you for: one of the reader's own, or none."""
    if sequence is None or room.own.registration is None:
        return None
    entry = queries.entry_at(reading(), room.auction.id, sequence)
    return entry if entry.registration_id == room.own.registration.id else None


def forms_for(room: Room, bid: BidForm | None = None, maximum: MaximumForm | None = None) -> dict[str, Any]:
    """The room with its forms, the next amount filled in."""
    least = room.least
    amount = None if least is None else decimal_text(least, room.state.currency)
    return {
        "room": room,
        "bid": bid or BidForm(formdata=None, amount=amount),
        "maximum": maximum or MaximumForm(formdata=None),
    }


@blueprint.get("/auctions/<uuid:auction_id>")
@public
def room(auction_id: uuid.UUID) -> str:
    """The auction's page: where it stands for anybody, and for this reader."""
    return show_room(auction_or_404(auction_id))


@blueprint.get("/auctions/<uuid:auction_id>/live")
@public
@limiter.limit(READS, key_func=person_key)
def room_fragment(auction_id: uuid.UUID) -> Response:
    """The parts of the page that change, for the script to put in place."""
    seen = room_of(auction_or_404(auction_id))
    return _fresh(make_response(render_template("auctions/_live.html", **forms_for(seen))))


@blueprint.get("/auctions/<uuid:auction_id>/state")
@public
@limiter.limit(READS, key_func=person_key)
def state(auction_id: uuid.UUID) -> Response:
    """The public state as JSON: what the stream sends, for those whose stream broke."""
    now = clock.now()
    current = snapshot.take(reading(), auction_or_404(auction_id), now)
    return _fresh(jsonify(current.as_json(now)))


@blueprint.get("/auctions/time")
@public
@limiter.limit(READS, key_func=person_key)
def server_time() -> Response:
    """The server's time: the page measures by it how long the way is, and counts down to the end."""
    return _fresh(jsonify(server_now=moment_text(clock.now())))


@blueprint.get("/auctions/<uuid:auction_id>/events")
@public
@limiter.limit(READS, key_func=person_key)
def events(auction_id: uuid.UUID) -> Response:
    """The stream of changes (Server-Sent Events). 503 when too many run here: the script then polls."""
    auction_or_404(auction_id)
    reading().rollback()  # a reader that lingers would hold up every bid on SQLite
    address = get_remote_address()
    if not seats().take(address):
        abort(503)
    stream = handover.begin(hub(), seats(), address, auction_id, _last_seen())
    response = Response(stream, mimetype="text/event-stream")
    response.headers["X-Accel-Buffering"] = "no"
    return _fresh(response)


def seats() -> Seats:
    """The seats of this process."""
    settings: Config = current_app.extensions["settings"]
    found: Seats = current_app.extensions.setdefault("auctions.seats", Seats(settings.live_streams))
    return found


def _last_seen() -> int:
    text = request.headers.get("Last-Event-ID", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _fresh(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
