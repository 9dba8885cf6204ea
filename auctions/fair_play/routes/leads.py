"""Leads: the list, one lead with its evidence, and what a person makes of it."""

import uuid

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from auctions.fair_play import queries
from auctions.fair_play.forms import ConclusionForm
from auctions.fair_play.models import Lead
from auctions.fair_play.routes.shared import Page, blueprint, found_or_404, names_of, page_number, reading
from auctions.fair_play.rules.leads import LeadStatus
from auctions.fair_play.service import leads as service
from auctions.models import Auction
from marketplace.access import Verb, may
from marketplace.db import atomic, db
from marketplace.errors import NotFound, Refused
from marketplace.web import allowed, current_actor, show_refusal


@blueprint.get("/operator/fair-play/leads")
@allowed(Verb.SEE_FAIR_PLAY)
def leads() -> str:
    """Leads by state, the strongest first."""
    asked = request.args.get("status", LeadStatus.OPENED.value)
    status = {one.value: one for one in LeadStatus}.get(asked)
    if status is None:
        raise NotFound("status")
    page = db.paginate(queries.leads(status), page=page_number(), per_page=queries.PAGE, error_out=False)
    names = names_of({subject for lead in page.items for subject in lead.subjects})
    return render_template("fair_play/leads.html", page=page, status=status, names=names)


@blueprint.get("/operator/fair-play/leads/<uuid:lead_id>")
@allowed(Verb.SEE_FAIR_PLAY)
def lead(lead_id: uuid.UUID) -> Page:
    """One lead: whom it is about, the evidence, and what can be done."""
    return _page(found_or_404(Lead, lead_id), ConclusionForm())


def _page(found: Lead, form: ConclusionForm, status: int = 200) -> tuple[str, int]:
    seller = names_of([found.context]) if _is_institution(found) else {}
    auction_ids = {line["auction"] for one in found.evidence for line in one.lines if line["auction"]}
    auctions = {one: reading().get(Auction, uuid.UUID(one)) for one in auction_ids}
    page = render_template(
        "fair_play/lead.html",
        lead=found,
        names=names_of(found.subjects),
        seller=seller.get(found.context),
        auctions=auctions,
        form=form,
        acts=may(current_actor(), Verb.KEEP_FAIR_PLAY),
    )
    return page, status


def _is_institution(found: Lead) -> bool:
    return found.kind == "shill" and bool(found.context)


@blueprint.post("/operator/fair-play/leads/<uuid:lead_id>/look")
@allowed(Verb.KEEP_FAIR_PLAY)
def look_into(lead_id: uuid.UUID) -> Response:
    """Take it in hand."""
    with atomic() as session:
        service.look_into(session, current_actor(), lead_id)
    return redirect(url_for("fair_play.lead", lead_id=lead_id), code=303)


@blueprint.post("/operator/fair-play/leads/<uuid:lead_id>/dismiss")
@allowed(Verb.KEEP_FAIR_PLAY)
def dismiss(lead_id: uuid.UUID) -> Page:
    """There is nothing in it."""
    form = ConclusionForm()
    if not form.validate_on_submit():
        return _page(found_or_404(Lead, lead_id), form, 422)
    try:
        with atomic() as session:
            service.dismiss(session, current_actor(), lead_id, str(form.reason.data))
    except Refused as refused:
        show_refusal(form, refused)
        return _page(found_or_404(Lead, lead_id), form, refused.status)
    return redirect(url_for("fair_play.lead", lead_id=lead_id), code=303)
