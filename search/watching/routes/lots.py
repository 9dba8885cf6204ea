"""The watch list, and the star on the page of a lot."""

import uuid

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.db import atomic, db
from marketplace.errors import NotFound
from marketplace.listings.models import Lot
from marketplace.listings.rules import PUBLIC_STATUSES
from marketplace.listings.texts import LOT_TONES
from marketplace.web import current_actor, limiter, optional_actor, public, signed_in
from search.queries import open_auctions
from search.texts import STATUSES
from search.watching import queries
from search.watching.routes.shared import blueprint, reading
from search.watching.service import watches as service
from search.watching.texts import HAPPENINGS

LOTS_A_PAGE = 50


@blueprint.get("/watching/lots")
@signed_in
def lots() -> str:
    """The lots somebody watches, with what happened last; of a hidden one only that it is gone."""
    page = db.paginate(queries.watch_list(current_actor().person_id), per_page=LOTS_A_PAGE, error_out=False)
    ids = [watch.lot_id for watch in page.items]
    return render_template(
        "watching/lots.html",
        watches=page,
        events=queries.last_events(reading(), [watch.id for watch in page.items]),
        auctions=open_auctions(reading(), ids),
        seen=queries.sightings(reading(), ids),
        public_statuses=PUBLIC_STATUSES,
        happenings=HAPPENINGS,
        statuses=STATUSES,
        tones=LOT_TONES,
    )


@blueprint.get("/watching/lots/<uuid:lot_id>/star")
@public
def star(lot_id: uuid.UUID) -> str:
    """Whether the reader watches the lot, and the button that changes it; a fragment of the lot's page."""
    lot = _public_lot(lot_id)
    actor = optional_actor()
    watched = actor is not None and queries.watch(reading(), actor.person_id, lot_id) is not None
    return render_template("watching/_star.html", lot=lot, watched=watched, signed_in=actor is not None)


@blueprint.post("/watching/lots/<uuid:lot_id>")
@limiter.limit("60/minute")
@signed_in
def watch(lot_id: uuid.UUID) -> Response:
    with atomic() as session:
        service.watch(session, current_actor(), lot_id)
    return redirect(url_for("listings.lot", lot_id=lot_id), code=303)


@blueprint.post("/watching/lots/<uuid:lot_id>/stop")
@signed_in
def stop_watching(lot_id: uuid.UUID) -> Response:
    with atomic() as session:
        service.stop_watching(session, current_actor(), lot_id)
    to_list = request.args.get("from") == "list"
    return redirect(url_for("watching.lots") if to_list else url_for("listings.lot", lot_id=lot_id), code=303)


def _public_lot(lot_id: uuid.UUID) -> Lot:
    lot = reading().get(Lot, lot_id)
    if lot is None or lot.status not in PUBLIC_STATUSES:
        raise NotFound("lot")
    return lot
