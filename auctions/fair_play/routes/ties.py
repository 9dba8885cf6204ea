"""The operator's pages about ties: those of an institution, and who is what to an auction."""

import uuid

from flask import redirect, render_template, url_for

from auctions.asking import auction_or_404
from auctions.fair_play import queries
from auctions.fair_play.forms import ButtonForm, ExemptionForm, PartyForm, ReasonForm, TieForm
from auctions.fair_play.models import InstitutionTie
from auctions.fair_play.routes.shared import Page, blueprint, found_or_404, reading
from auctions.fair_play.rules.standing import Standing
from auctions.fair_play.service import exempting, ties
from auctions.fair_play.service.barring import acting_for, standing_of
from auctions.models import Auction, Registration
from auctions.queries import registrations_of
from marketplace.access import Verb, may
from marketplace.db import atomic
from marketplace.errors import NotFound, Refused
from marketplace.parties.models import Institution
from marketplace.web import allowed, current_actor, show_refusal


@blueprint.get("/operator/fair-play/institutions/<uuid:institution_id>/ties")
@allowed(Verb.SEE_FAIR_PLAY)
def institution_ties(institution_id: uuid.UUID) -> Page:
    """What is known of an institution's ties, and the form to record one."""
    return _ties_page(found_or_404(Institution, institution_id), TieForm(formdata=None))


def _ties_page(found: Institution, form: TieForm, status: int = 200) -> tuple[str, int]:
    page = render_template(
        "fair_play/ties.html",
        institution=found,
        ties=queries.ties_of(reading(), queries.node_of(found)),
        form=form,
        end_form=ReasonForm(formdata=None),
        person_id=current_actor().person_id,
        acts=may(current_actor(), Verb.KEEP_FAIR_PLAY),
    )
    return page, status


@blueprint.post("/operator/fair-play/institutions/<uuid:institution_id>/ties")
@allowed(Verb.KEEP_FAIR_PLAY)
def record_tie(institution_id: uuid.UUID) -> Page:
    """Record a tie with its evidence; it counts at once."""
    form = TieForm()
    if not form.validate_on_submit():
        return _ties_page(found_or_404(Institution, institution_id), form, 422)
    try:
        with atomic() as session:
            ties.record_tie(session, current_actor(), institution_id, kind=form.kind.data, **form.what())
    except Refused as refused:
        show_refusal(form, refused)
        return _ties_page(found_or_404(Institution, institution_id), form, refused.status)
    return redirect(url_for("fair_play.institution_ties", institution_id=institution_id), code=303)


@blueprint.post("/operator/fair-play/institutions/<uuid:institution_id>/ties/<uuid:tie_id>/end")
@allowed(Verb.KEEP_FAIR_PLAY)
def end_tie(institution_id: uuid.UUID, tie_id: uuid.UUID) -> Page:
    """Another person ends the tie."""
    found, form = found_or_404(Institution, institution_id), ReasonForm()
    tie = found_or_404(InstitutionTie, tie_id)
    if queries.node_of(found) not in {tie.node, tie.other_node}:
        raise NotFound("tie")
    with atomic() as session:
        ties.end_tie(session, current_actor(), tie_id, str(form.reason.data or ""))
    return redirect(url_for("fair_play.institution_ties", institution_id=institution_id), code=303)


@blueprint.get("/operator/fair-play/auctions/<uuid:auction_id>")
@allowed(Verb.SEE_FAIR_PLAY)
def auction(auction_id: uuid.UUID) -> Page:
    """How everybody who is registered stands to the auction, and who is what to its lot."""
    return _auction_page(auction_or_404(auction_id), PartyForm(formdata=None))


def _auction_page(found: Auction, form: PartyForm, status: int = 200) -> tuple[str, int]:
    rows = [(one, _standing(found, one)) for one in registrations_of(reading(), found.id)[:200]]
    rows = [row for row in rows if row[1].bars or row[1].reviews or row[0].barred]
    page = render_template(
        "fair_play/auction.html",
        auction=found,
        parties=queries.parties_of_lot(reading(), found.lot_id),
        rows=rows,
        form=form,
        exemption_form=ExemptionForm(formdata=None),
        exemptions=[one for one in queries.exemptions_to_confirm(reading()) if one.lot_id == found.lot_id],
        button=ButtonForm(formdata=None),
        person_id=current_actor().person_id,
        acts=may(current_actor(), Verb.KEEP_FAIR_PLAY),
    )
    return page, status


def _standing(found: Auction, registration: Registration) -> Standing:
    return standing_of(reading(), found, registration.institution_id, acting_for(registration))


@blueprint.post("/operator/fair-play/auctions/<uuid:auction_id>/parties")
@allowed(Verb.KEEP_FAIR_PLAY)
def record_party(auction_id: uuid.UUID) -> Page:
    """Record who is debtor, appraiser or helper of the lot; it counts at once."""
    found, form = auction_or_404(auction_id), PartyForm()
    if not form.validate_on_submit():
        return _auction_page(found, form, 422)
    try:
        with atomic() as session:
            capacity, actor = form.capacity.data, current_actor()
            ties.record_party(session, actor, found.lot_id, capacity=capacity, **form.what())
    except Refused as refused:
        show_refusal(form, refused)
        return _auction_page(auction_or_404(auction_id), form, refused.status)
    return redirect(url_for("fair_play.auction", auction_id=auction_id), code=303)


@blueprint.post("/operator/fair-play/auctions/<uuid:auction_id>/exemptions")
@allowed(Verb.KEEP_FAIR_PLAY)
def propose_exemption(auction_id: uuid.UUID) -> Page:
    """Propose to except a buyer; a second person confirms."""
    form = ExemptionForm()
    if not form.validate_on_submit():
        raise NotFound("exemption")
    with atomic() as session:
        institution_id = uuid.UUID(str(form.institution_id.data))
        code, reason = str(form.code.data), str(form.reason.data)
        exempting.propose(session, current_actor(), auction_id, institution_id, code=code, reason=reason)
    return redirect(url_for("fair_play.auction", auction_id=auction_id), code=303)


@blueprint.post("/operator/fair-play/auctions/<uuid:auction_id>/exemptions/<uuid:exemption_id>")
@allowed(Verb.KEEP_FAIR_PLAY)
def confirm_exemption(auction_id: uuid.UUID, exemption_id: uuid.UUID) -> Page:
    """A second person confirms the exception."""
    with atomic() as session:
        exempting.confirm(session, current_actor(), exemption_id)
    return redirect(url_for("fair_play.auction", auction_id=auction_id), code=303)
