"""Prices that were not paid in time: an officer decides, with a reason."""

import uuid

from flask import redirect, url_for
from werkzeug.wrappers import Response

from marketplace.access import Verb
from marketplace.db import atomic
from marketplace.errors import Refused
from marketplace.web import allowed, current_actor, refusal_text
from payments import service
from payments.forms import MoreTimeForm, ReasonForm
from payments.routes.desk import first_error, show_desk
from payments.routes.shared import blueprint

Page = Response | tuple[str, int]


@blueprint.post("/money/payments/<uuid:payment_id>/default")
@allowed(Verb.CONFIRM_MONEY)
def declare_default(payment_id: uuid.UUID) -> Page:
    """The buyer has defaulted: the deposit is forfeited and the lot goes on by its rule pack."""
    form = ReasonForm()
    if not form.validate_on_submit():
        return show_desk(problem=first_error(form)), 422
    with atomic() as session:
        service.declare_default(session, current_actor(), payment_id, str(form.reason.data))
    return redirect(url_for("payments.desk"), code=303)


@blueprint.post("/money/payments/<uuid:payment_id>/more-time")
@allowed(Verb.CONFIRM_MONEY)
def give_more_time(payment_id: uuid.UUID) -> Page:
    """The buyer may pay until so many days from now."""
    form = MoreTimeForm()
    if not form.validate_on_submit():
        return show_desk(problem=first_error(form)), 422
    try:
        with atomic() as session:
            days = form.days.data or 0
            service.give_more_time(session, current_actor(), payment_id, days, str(form.reason.data))
    except Refused as refused:
        return show_desk(problem=refusal_text(refused)), refused.status
    return redirect(url_for("payments.desk"), code=303)
