"""Lots as anybody sees them."""

import uuid

from flask import render_template

from marketplace import clock
from marketplace.access import Verb, may
from marketplace.listings import queries
from marketplace.listings.priority.queries import count_kinds
from marketplace.listings.routes.shared import blueprint, chosen, page_number, reading
from marketplace.listings.rules import PUBLIC_STATUSES, LotStatus, next_action
from marketplace.listings.views import lot_dates, public_lot
from marketplace.rights.rules import RightType
from marketplace.web import optional_actor, public


@blueprint.get("/lots")
@public
def lots() -> str:
    """What is on sale, what opens next first."""
    right_type, status = chosen("right_type", RightType), chosen("status", LotStatus)
    page = queries.public_lots(right_type, status, page_number())
    return render_template(
        "listings/lots.html",
        page=page,
        lots=[public_lot(lot) for lot in page.items],
        right_type=right_type,
        status=status,
        public_statuses=[status for status in LotStatus if status in PUBLIC_STATUSES],
    )


@blueprint.get("/lots/<uuid:lot_id>")
@public
def lot(lot_id: uuid.UUID) -> str:
    """A lot with its rights, terms and dates."""
    actor, now = optional_actor(), clock.now()
    found = queries.find_public_lot(reading(), lot_id)
    seen = public_lot(found)
    spans, picture = lot_dates(seen, now)
    return render_template(
        "listings/lot.html",
        lot=seen,
        priority=count_kinds(reading(), found.id),
        kin=[kin for kin in queries.kin_of(reading(), found) if kin.status in PUBLIC_STATUSES],
        spans=spans,
        picture=picture,
        next=next_action(found.status, found.opens_at, found.closes_at, now),
        own=actor is not None and actor.institution_id == found.institution_id,
        may_propose=actor is not None and may(actor, Verb.PROPOSE_MANDATE),
    )
