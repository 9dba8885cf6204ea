"""Answering a wanted notice, and taking one down."""

import uuid

from flask import redirect, url_for

from marketplace.access import Verb
from marketplace.db import atomic
from marketplace.errors import Refused
from marketplace.web import allowed, current_actor, limiter, show_refusal
from search.watching.forms import AnswerForm, TakeDownForm
from search.watching.routes.shared import Page, blueprint
from search.watching.routes.wanted import notice_page
from search.watching.service import wanted as service


@blueprint.post("/wanted/<uuid:wanted_id>/answer")
@limiter.limit("10/minute")
@allowed(Verb.ANSWER_WANTED)
def answer_wanted(wanted_id: uuid.UUID) -> Page:
    """Write to the buyer."""
    form = AnswerForm()
    if not form.validate_on_submit():
        return notice_page(wanted_id, form, TakeDownForm(formdata=None)), 422
    try:
        with atomic() as session:
            service.answer(session, current_actor(), wanted_id, str(form.text.data), form.lot_id)
    except Refused as refused:
        show_refusal(form, refused)
        return notice_page(wanted_id, form, TakeDownForm(formdata=None)), refused.status
    return redirect(url_for("watching.wanted_notice", wanted_id=wanted_id, sent=1), code=303)


@blueprint.post("/wanted/<uuid:wanted_id>/take-down")
@allowed(Verb.MODERATE_WANTED)
def take_down_wanted(wanted_id: uuid.UUID) -> Page:
    """The operator ends it, with a reason that the buyer reads."""
    form = TakeDownForm()
    if not form.validate_on_submit():
        return notice_page(wanted_id, AnswerForm(formdata=None), form), 422
    with atomic() as session:
        service.take_down(session, current_actor(), wanted_id, str(form.reason.data))
    return redirect(url_for("watching.wanted_notice", wanted_id=wanted_id), code=303)
