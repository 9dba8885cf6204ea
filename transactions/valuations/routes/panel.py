"""A lot's panel: what earlier sales and the model say of it, as far as the reader may see."""

import uuid

from flask import render_template, request

from marketplace.access import Verb, may
from marketplace.errors import NotFound
from marketplace.listings.models import Lot
from marketplace.listings.rules import PUBLIC_STATUSES
from marketplace.web import optional_actor, public
from transactions import queries
from transactions.comparables.values import DEFAULT
from transactions.disclosure.doors import note_at_door
from transactions.disclosure.readers import name_of, reader_of
from transactions.disclosure.rules.words import Purpose
from transactions.disclosure.service.noting import By
from transactions.valuations import showing
from transactions.valuations.materials import as_of_now
from transactions.valuations.queries.valuations import latest_of_lot
from transactions.valuations.routes.shared import blueprint, reading
from transactions.valuations.rules.plain import plain
from transactions.valuations.service import making
from transactions.valuations.subjects import of_lot


@blueprint.get("/lots/<uuid:lot_id>/comparables")
@public
def panel(lot_id: uuid.UUID) -> str:
    """A page of its own, or a part of the lot's page that asks for it.

    Everybody sees the comparables and the range; the lot's bank sees the curve of start prices too.
    """
    lot, actor, session = _visible_lot(lot_id), optional_actor(), reading()
    own = actor is not None and actor.institution_id == lot.institution_id
    as_of = as_of_now(session, making.today(), reader_of(session, actor))
    asked = of_lot(session, lot, as_of.on, curve=own)
    appraisal, materials = making.look(session, asked, as_of)
    kept = latest_of_lot(session, lot.institution_id, lot.id) if own else None
    may_make = own and actor is not None and may(actor, Verb.MAKE_VALUATION)
    inside = request.headers.get("HX-Request") == "true"
    page = render_template(
        "valuations/_panel.html" if inside else "valuations/panel.html",
        lot=lot,
        own=own,
        is_public=lot.status in PUBLIC_STATUSES,
        may_make=may_make,
        kept=kept,
        view=showing.view({"asked": plain(asked), "on": as_of.on.isoformat()}, appraisal.result),
        settings=DEFAULT,
    )
    if actor is not None and materials.seen:
        by = By(name_of(actor.institution_id), as_of.reader.kind, actor.person_id)
        note_at_door(by, Purpose.COMPARABLES, materials.seen)
    return page


def _visible_lot(lot_id: uuid.UUID) -> Lot:
    """Published lots for everybody; others for the bank that prepares them, and for nobody else."""
    lot, actor = queries.lot_of(reading(), lot_id), optional_actor()
    if lot is None:
        raise NotFound(str(lot_id))
    own = actor is not None and actor.institution_id == lot.institution_id
    if lot.status not in PUBLIC_STATUSES and not own:
        raise NotFound(str(lot_id))
    return lot
