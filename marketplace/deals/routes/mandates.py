"""Mandates: proposed by an agency, answered by its client, ended by either."""

import uuid
from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session

from marketplace.access import Verb, may, require
from marketplace.db import atomic
from marketplace.deals import queries
from marketplace.deals.forms import MandateForm
from marketplace.deals.models import Mandate
from marketplace.deals.routes.shared import Page, act, blueprint, page_number, read_id, reading
from marketplace.deals.rules import DealReason, MandateStatus
from marketplace.deals.service import mandates as service
from marketplace.errors import Refused
from marketplace.listings.models import Lot
from marketplace.listings.rules import PUBLIC_STATUSES
from marketplace.web import allowed, current_actor, limiter, show_refusal


@blueprint.get("/mandates")
@allowed(Verb.SEE_OFFER)
def mandates() -> str:
    """The mandates of the institution, as client or as agency."""
    actor = current_actor()
    page = queries.mandates_of(actor.institution_id, page_number())
    return render_template(
        "deals/mandates.html", page=page, may_propose=may(actor, Verb.PROPOSE_MANDATE), own=actor
    )


@blueprint.route("/mandates/new", methods=["GET", "POST"])
@allowed(Verb.PROPOSE_MANDATE)
@limiter.limit("30/hour", methods=["POST"])
def new_mandate() -> Page:
    """Propose to act for a client, named by its registration number."""
    form = MandateForm()
    lot = _public_lot(form.lot.data or request.args.get("lot"))
    if not form.is_submitted() and lot is not None:
        form.lot.data, form.client.data = str(lot.id), lot.institution.registration_number
    if not form.validate_on_submit():
        return _form_page(form, lot)
    try:
        with atomic() as session:
            mandate = _propose(session, form, lot)
    except Refused as refused:
        show_refusal(form, refused)
        return _form_page(form, lot)
    flash(gettext("Proposed. The client's approver has to accept it."), "success")
    return redirect(url_for("deals.mandate", mandate_id=mandate.id), code=303)


def _propose(session: Session, form: MandateForm, lot: Lot | None) -> Mandate:
    client = queries.institution_by_number(session, form.client.data or "")
    if client is None or form.valid_until.data is None:
        raise Refused(DealReason.CLIENT_UNKNOWN, field="client")
    return service.propose(
        session,
        current_actor(),
        client_id=client.id,
        lot_id=lot.id if lot else None,
        commission_basis_points=form.basis_points(),
        valid_until=form.valid_until.data,
    )


def _public_lot(text: str | None) -> Lot | None:
    lot_id = read_id(text)
    lot = reading().get(Lot, lot_id) if lot_id else None
    return lot if lot is not None and lot.status in PUBLIC_STATUSES else None


def _form_page(form: MandateForm, lot: Lot | None) -> Page:
    page = render_template("deals/new_mandate.html", form=form, lot=lot)
    return (page, 422) if form.is_submitted() else page


@blueprint.get("/mandates/<uuid:mandate_id>")
@allowed(Verb.SEE_OFFER)
def mandate(mandate_id: uuid.UUID) -> str:
    """One mandate: for whom, what, how long, for how much."""
    return _show(mandate_id)


def _show(mandate_id: uuid.UUID, problem: str = "") -> str:
    actor, found = current_actor(), queries.find_mandate(reading(), mandate_id)
    subject = service.subject_of_mandate(found)
    require(actor, Verb.SEE_OFFER, subject)
    answers = may(actor, Verb.ACCEPT_MANDATE, subject)
    agency = may(actor, Verb.MAKE_OFFER, subject)
    return render_template(
        "deals/mandate.html",
        mandate=found,
        problem=problem,
        may_answer=answers and found.status is MandateStatus.PROPOSED,
        may_end=(answers or agency) and found.status is MandateStatus.ACCEPTED,
    )


@blueprint.post("/mandates/<uuid:mandate_id>/accept")
@allowed(Verb.ACCEPT_MANDATE)
def accept_mandate(mandate_id: uuid.UUID) -> Page:
    """The client's approver gives the order."""
    actor = current_actor()
    return _act(mandate_id, lambda session: service.accept(session, actor, mandate_id), gettext("Accepted."))


@blueprint.post("/mandates/<uuid:mandate_id>/decline")
@allowed(Verb.ACCEPT_MANDATE)
def decline_mandate(mandate_id: uuid.UUID) -> Page:
    """The client's approver does not want it."""
    actor = current_actor()
    return _act(mandate_id, lambda session: service.decline(session, actor, mandate_id), gettext("Declined."))


@blueprint.post("/mandates/<uuid:mandate_id>/end")
@allowed(Verb.SEE_OFFER)
def end_mandate(mandate_id: uuid.UUID) -> Page:
    """Either side ends it."""
    actor = current_actor()
    return _act(mandate_id, lambda session: service.end(session, actor, mandate_id), gettext("Ended."))


def _act(mandate_id: uuid.UUID, verb: Callable[[Session], object], done: str) -> Page:
    url = url_for("deals.mandate", mandate_id=mandate_id)
    return act(verb, done, url, lambda problem: _show(mandate_id, problem))
