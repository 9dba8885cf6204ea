"""After the end: the auction played again, its record as a file, and the keys that prove both."""

import uuid
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from auctions.asking import auction_or_404, reading
from auctions.confirmations import rows
from auctions.disclosure import names_winner
from auctions.keys import known_keys
from auctions.live.queries import own_registration
from auctions.models import Auction
from auctions.queries import registration_by_alias
from auctions.record.answering import DOWNLOADS_PER_MINUTE, send_record
from auctions.record.form import Record, load
from auctions.record.frames import Frame, frames
from auctions.record.rerun import rerun
from auctions.record.store import kept_record, kept_verdict
from auctions.record.texts import CHECKS
from auctions.routes.confirming import own_confirmations
from auctions.routes.player import Player
from auctions.routes.shared import blueprint
from auctions.rules import Outcome
from auctions.scenarios.recorded import never_opened
from auctions.written.terms import read_terms
from marketplace.web import limiter, optional_actor, public


@dataclass(frozen=True, slots=True)
class Played:
    """A record run again."""

    record: Record
    frames: tuple[Frame, ...]


@blueprint.get("/auctions/<uuid:auction_id>/replay")
@public
def replay(auction_id: uuid.UUID) -> BaseResponse | str:
    """Every entry with what stood after it, a chart, and what checking the record says."""
    auction = auction_or_404(auction_id)
    if auction.outcome is Outcome.OPEN or never_opened(auction):
        flash(gettext("The auction can be played again once it has ended."), "info")
        return redirect(url_for("auctions.room", auction_id=auction_id), code=303)
    played = _played(kept_record(reading(), auction))
    return render_template(
        "auctions/replay.html",
        auction=auction,
        lot=auction.lot,
        player=Player(
            frames=played.frames,
            path=f"{url_for('auctions.replay', auction_id=auction.id)}?",
            currency=auction.currency,
            opens_at=auction.opens_at,
            closed_at=auction.closed_at,
        ),
        verdict=kept_verdict(reading(), auction),
        checks=CHECKS,
        winner=_winner(auction),
        own_alias=_own_alias(auction),
        confirmed=bool(rows.of_auction(reading(), auction)),
        confirmations=own_confirmations(auction) if optional_actor() else [],
    )


@lru_cache(maxsize=4)
def _played(file: Path) -> Played:
    """The file never changes: another end of the journal has another name."""
    record = load(file)
    return Played(record, tuple(frames(record, rerun(record))))


def _winner(auction: Auction) -> str:
    """The winner's real name where the rules publish it; else empty."""
    alias = auction.state.get("winner")
    if alias is None or not names_winner(read_terms(auction.terms).pack, auction.outcome):
        return ""
    return registration_by_alias(reading(), auction.id, alias).institution.name


def _own_alias(auction: Auction) -> str | None:
    actor = optional_actor()
    own = own_registration(reading(), auction.id, actor.institution_id) if actor else None
    return own.alias if own else None


@blueprint.get("/auctions/<uuid:auction_id>/record.json")
@public
@limiter.limit(DOWNLOADS_PER_MINUTE)
def record(auction_id: uuid.UUID) -> Response:
    """The record as a file, the same bytes for everybody."""
    return send_record(auction_or_404(auction_id))


@blueprint.get("/keys")
@public
def keys() -> str:
    """The keys that sign receipts and records, with their fingerprints and history."""
    return render_template("auctions/keys.html", keys=known_keys(reading()))
