"""After the end: the auction played again, its record as a file, and the keys that prove both."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from auctions.asking import auction_or_404, page_number, reading
from auctions.confirmations import rows
from auctions.disclosure import names_winner
from auctions.keys import known_keys
from auctions.live.queries import own_registration
from auctions.models import Auction
from auctions.queries import registration_by_alias
from auctions.record.answering import DOWNLOADS_PER_MINUTE, send_record
from auctions.record.form import Record, load
from auctions.record.rerun import rerun
from auctions.record.store import kept_record, kept_verdict
from auctions.replay_words import CHECKS, REFUSALS
from auctions.replaying import Frame, frames
from auctions.routes.confirming import own_confirmations
from auctions.routes.shared import blueprint
from auctions.rules import Outcome, Reason
from auctions.terms import read_terms
from marketplace.charts import Dot, PriceChart, price_steps
from marketplace.errors import NotFound
from marketplace.web import limiter, optional_actor, public

FRAMES_A_PAGE = 200
DOTS_DRAWN = 1000


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
    if auction.outcome is Outcome.OPEN:
        flash(gettext("The auction can be played again once it has ended."), "info")
        return redirect(url_for("auctions.room", auction_id=auction_id), code=303)
    played = _played(kept_record(reading(), auction))
    number, step = _place(played)
    chart = _chart(auction, played)
    first = (number - 1) * FRAMES_A_PAGE
    return render_template(
        "auctions/replay.html",
        auction=auction,
        lot=auction.lot,
        played=played,
        shown=played.frames[first : first + FRAMES_A_PAGE],
        page=number,
        pages=_pages(played),
        step=step,
        chart=chart,
        place=_placing(chart, auction, played),
        verdict=kept_verdict(reading(), auction),
        checks=CHECKS,
        refusal=_refusal,
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


def _pages(played: Played) -> int:
    return max((len(played.frames) - 1) // FRAMES_A_PAGE + 1, 1)


def _place(played: Played) -> tuple[int, Frame | None]:
    """The page and the step asked for; without one the page's first."""
    sequence = request.args.get("step", type=int)
    if sequence is not None:
        if not 1 <= sequence <= len(played.frames):
            raise NotFound("step")
        return (sequence - 1) // FRAMES_A_PAGE + 1, played.frames[sequence - 1]
    number = page_number()
    if number > _pages(played):
        raise NotFound("page")
    return number, played.frames[(number - 1) * FRAMES_A_PAGE] if played.frames else None


def _chart(auction: Auction, played: Played) -> PriceChart | None:
    """The price over time; of very many bids the first and the last are drawn."""
    dots = [
        Dot(frame.at, frame.price, frame.leader or "")
        for frame in played.frames
        if frame.price is not None and frame.accepted and frame.amount_minor is not None
    ]
    if not dots:
        return None
    half = DOTS_DRAWN // 2
    drawn = dots if len(dots) <= DOTS_DRAWN else [*dots[:half], *dots[-half:]]
    start, end = _span(auction, played)
    return price_steps(drawn, start=start, end=end)


def _span(auction: Auction, played: Played) -> tuple[datetime, datetime]:
    moments = [frame.at for frame in played.frames]
    start = min([auction.opens_at, *moments[:1]])
    return start, max([auction.closed_at or auction.opens_at, *moments[-1:], start])


def _placing(chart: PriceChart | None, auction: Auction, played: Played) -> Any:
    """Where a moment lies on the chart, in its units; for the line that the script moves."""
    start, end = _span(auction, played)

    def place(moment: datetime) -> int:
        if chart is None or end == start:
            return 0
        return chart.left + round((chart.right - chart.left) * ((moment - start) / (end - start)))

    return place


def _refusal(reason: str) -> str:
    return str(REFUSALS[Reason(reason)])


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
