"""Lots like one lot: a page of its own, or a part of the lot's page that asks for it."""

import uuid

from flask import render_template, request

from marketplace.db import db
from marketplace.listings.queries import find_public_lot
from marketplace.listings.texts import LOT_TONES
from marketplace.web import limiter, public
from search import presentation, texts
from search.engines import Unavailable
from search.likeness import SHOWN, like
from search.routes.shared import blueprint, now_here

IN_PANEL = 5


@blueprint.get("/search/like/<uuid:lot_id>")
@limiter.limit("60/minute")
@public
def more_like(lot_id: uuid.UUID) -> tuple[str, int]:
    """Other lots by words and classes, and beside them what similar rights were sold for."""
    lot, inside = find_public_lot(db.session(), lot_id), request.headers.get("HX-Request") == "true"
    status, unavailable, rows = 200, False, []
    try:
        lots, auctions = like(db.session(), lot, IN_PANEL if inside else SHOWN)
        rows = presentation.rows(lots, auctions, (), now_here())
    except Unavailable as reason:
        # A part of another page is put there whatever it says; htmx leaves an error out.
        status, unavailable = 200 if inside else reason.status, True
    page = render_template(
        "search/_like.html" if inside else "search/like.html",
        lot=lot,
        rows=rows,
        unavailable=unavailable,
        statuses=texts.STATUSES,
        tones=LOT_TONES,
    )
    return page, status
