"""Waiving the title on a deal's page: the seller asks, the operator answers."""

import uuid

from flask import request, url_for
from flask_babel import gettext

from marketplace.access import Verb
from marketplace.deals.routes.deals import show
from marketplace.deals.routes.shared import Page, act, blueprint
from marketplace.deals.waivers import service
from marketplace.web import allowed, current_actor


@blueprint.post("/deals/<uuid:deal_id>/waiver")
@allowed(Verb.WAIVE_TITLE)
def propose_waiver(deal_id: uuid.UUID) -> Page:
    """The seller asks that the money leave before the transfer is confirmed."""
    actor, reason = current_actor(), request.form.get("reason", "")
    return act(
        lambda session: service.propose(session, actor, deal_id, reason),
        gettext("Asked. The operator has to agree."),
        url_for("deals.deal", deal_id=deal_id),
        lambda problem: show(deal_id, problem),
    )


@blueprint.post("/deals/<uuid:deal_id>/waiver/<uuid:waiver_id>/<any(agree, refuse):answer>")
@allowed(Verb.RELEASE_MONEY)
def answer_waiver(deal_id: uuid.UUID, waiver_id: uuid.UUID, answer: str) -> Page:
    """The operator agrees, or does not."""
    actor, reason = current_actor(), request.form.get("reason", "")
    agreed = answer == "agree"
    return act(
        lambda session: service.answer(session, actor, waiver_id, agreed=agreed, reason=reason),
        gettext("Recorded."),
        url_for("deals.deal", deal_id=deal_id),
        lambda problem: show(deal_id, problem),
    )
