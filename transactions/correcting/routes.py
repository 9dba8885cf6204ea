"""The operator's pages of corrections."""

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from marketplace.access import Verb, may
from marketplace.clock import LOCAL_ZONE, now
from marketplace.db import atomic, db
from marketplace.errors import Refused
from marketplace.web import allowed, current_actor, refusal_text, show_refusal
from transactions.correcting import queries, service
from transactions.correcting.forms import CorrectionForm
from transactions.disclosure.readers import reader_of
from transactions.disclosure.rules import shown
from transactions.disclosure.texts import title_of
from transactions.models import TransactionRecord
from transactions.rules.written import choices_of
from transactions.texts import FIELDS

blueprint = Blueprint("correcting", __name__, template_folder="templates")

Page = str | Response | tuple[str, int]


@blueprint.get("/operator/records/corrections")
@allowed(Verb.SEE_OPERATIONS)
def index() -> Page:
    """Corrections that wait for their second person, and the latest of the others."""
    return _index()


@blueprint.post("/operator/records/corrections/<uuid:correction_id>/<any(agree, refuse):answer>")
@allowed(Verb.AGREE_CORRECTION)
def decide(correction_id: uuid.UUID, answer: str) -> Page:
    """The second person."""
    try:
        with atomic() as session:
            reason = request.form.get("reason", "")
            service.answer(session, current_actor(), correction_id, agreed=answer == "agree", answer=reason)
    except Refused as refused:
        return _index(refusal_text(refused)), refused.status
    return redirect(url_for("correcting.index"), code=303)


@blueprint.get("/operator/records/<uuid:record_id>/correction")
@allowed(Verb.PROPOSE_CORRECTION)
def correction(record_id: uuid.UUID) -> Page:
    """A form for what is wrong in a record."""
    return _form(service.find(db.session(), record_id), CorrectionForm())


@blueprint.post("/operator/records/<uuid:record_id>/correction")
@allowed(Verb.PROPOSE_CORRECTION)
def propose(record_id: uuid.UUID) -> Page:
    """The first person."""
    record, form = service.find(db.session(), record_id), CorrectionForm()
    if not form.validate_on_submit():
        return _form(record, form), 422
    try:
        with atomic() as session:
            title, wanted, reason = _title(record), form.wanted(), str(form.reason.data)
            service.propose(session, current_actor(), record_id, wanted, title=title, reason=reason)
    except Refused as refused:
        show_refusal(form, refused)
        return _form(record, form, refusal_text(refused)), refused.status
    flash(gettext("The correction waits for a second person."), "success")
    return redirect(url_for("correcting.index"), code=303)


def _title(record: TransactionRecord) -> str:
    """As the operator may see it: the exact title of a confidential sale is not theirs to read."""
    reader = reader_of(db.session(), current_actor())
    view = shown(record.facts(), reader, now().astimezone(LOCAL_ZONE).date())
    return title_of(view) if view is not None else ""


def _form(record: TransactionRecord, form: CorrectionForm, problem: str = "") -> str:
    return render_template(
        "correcting/correction.html",
        record=record,
        title=_title(record),
        form=form,
        problem=problem,
        words={name: choices_of(name) for name in FIELDS if choices_of(name)},
        field_words=FIELDS,
    )


def _index(problem: str = "") -> str:
    actor = current_actor()
    return render_template(
        "correcting/corrections.html",
        rows=queries.latest(db.session()),
        problem=problem,
        person_id=actor.person_id,
        may_agree=may(actor, Verb.AGREE_CORRECTION),
        field_words=FIELDS,
    )
