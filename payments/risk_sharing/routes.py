"""A bank's page of the risk sharing about a lot."""

import uuid

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.access import Subject, Verb, may
from marketplace.db import atomic, db
from marketplace.errors import NotFound, Refused
from marketplace.listings.models import Lot
from marketplace.web import allowed, current_actor, refusal_text, show_refusal, signed_in
from payments.risk_sharing import queries, service
from payments.risk_sharing.forms import SharingForm
from payments.risk_sharing.rules import read_lines

blueprint = Blueprint("risk_sharing", __name__, template_folder="templates")

Page = str | Response | tuple[str, int]


@blueprint.get("/money/lots/<uuid:lot_id>/risk-sharing")
@signed_in
def agreements(lot_id: uuid.UUID) -> Page:
    """Who makes up for what the sale leaves unpaid, for the bank and whoever oversees the platform."""
    return _page(lot_id, SharingForm(formdata=None))


@blueprint.post("/money/lots/<uuid:lot_id>/risk-sharing")
@allowed(Verb.DRAFT_LOT)
def draft(lot_id: uuid.UUID) -> Page:
    """The first person of the bank."""
    form = SharingForm()
    _lot(lot_id)
    if not form.validate_on_submit():
        return _page(lot_id, form), 422
    try:
        with atomic() as session:
            service.draft(
                session,
                current_actor(),
                lot_id,
                document=str(form.document.data),
                shares=read_lines(str(form.shares.data)),
                reason=str(form.reason.data),
            )
    except Refused as refused:
        show_refusal(form, refused)
        return _page(lot_id, form), refused.status
    return redirect(url_for("risk_sharing.agreements", lot_id=lot_id), code=303)


@blueprint.post("/money/lots/<uuid:lot_id>/risk-sharing/<uuid:row_id>/<any(agree, refuse):answer>")
@allowed(Verb.APPROVE_LOT)
def decide(lot_id: uuid.UUID, row_id: uuid.UUID, answer: str) -> Page:
    """The second person of the bank."""
    _lot(lot_id)
    try:
        with atomic() as session:
            reason = request.form.get("reason", "")
            service.answer(session, current_actor(), row_id, agreed=answer == "agree", reason=reason)
    except Refused as refused:
        return _page(lot_id, SharingForm(formdata=None), refusal_text(refused)), refused.status
    return redirect(url_for("risk_sharing.agreements", lot_id=lot_id), code=303)


def _lot(lot_id: uuid.UUID) -> Lot:
    """The lot, for its bank, and from its publication on for the overseers."""
    actor, lot = current_actor(), db.session().get(Lot, lot_id)
    if lot is not None:
        oversees = lot.published_at is not None and may(actor, Verb.SEE_OPERATIONS)
        if oversees or actor.institution_id == lot.institution_id:
            return lot
    raise NotFound("lot")


def _page(lot_id: uuid.UUID, form: SharingForm, problem: str = "") -> str:
    lot, actor, session = _lot(lot_id), current_actor(), db.session()
    subject, rows = Subject(owner_id=lot.institution_id), queries.agreements_of(session, lot_id)
    open_ = not queries.settled(session, lot_id)
    return render_template(
        "risk_sharing/agreements.html",
        lot=lot,
        rows=rows,
        in_force=queries.agreement_in_force(session, lot_id),
        form=form,
        problem=problem,
        person_id=actor.person_id,
        may_draft=open_ and may(actor, Verb.DRAFT_LOT, subject) and not any(row.waits for row in rows),
        may_agree=open_ and may(actor, Verb.APPROVE_LOT, subject),
    )
