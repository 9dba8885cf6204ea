"""Rates of the day for a deal: entered by one person of the operator, confirmed by another."""

import uuid

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from marketplace.access import Verb, may
from marketplace.db import atomic, db
from marketplace.deals.queries import find_deal
from marketplace.errors import Refused
from marketplace.web import allowed, current_actor, refusal_text, show_refusal
from payments.rates import queries, service
from payments.rates.forms import RateForm

blueprint = Blueprint("rates", __name__, template_folder="templates")

Page = str | Response | tuple[str, int]


@blueprint.get("/money/deals/<uuid:deal_id>/rates")
@allowed(Verb.SEE_OPERATIONS)
def rates(deal_id: uuid.UUID) -> Page:
    """What was entered and confirmed for the deal's claims in other currencies."""
    return _page(deal_id, _form(deal_id))


@blueprint.post("/money/deals/<uuid:deal_id>/rates")
@allowed(Verb.CONFIRM_MONEY)
def enter(deal_id: uuid.UUID) -> Page:
    """The first person."""
    form = _form(deal_id)
    if not form.validate_on_submit() or form.rate_on.data is None:
        return _page(deal_id, form), 422
    try:
        with atomic() as session:
            service.enter_rate(
                session,
                current_actor(),
                deal_id,
                currency=str(form.currency.data),
                rate=str(form.rate.data),
                rate_on=form.rate_on.data,
                source=str(form.source.data),
                reason=str(form.reason.data),
            )
    except Refused as refused:
        show_refusal(form, refused)
        return _page(deal_id, form), refused.status
    return redirect(url_for("rates.rates", deal_id=deal_id), code=303)


@blueprint.post("/money/deals/<uuid:deal_id>/rates/<uuid:rate_id>/<any(agree, refuse):answer>")
@allowed(Verb.RELEASE_MONEY)
def decide(deal_id: uuid.UUID, rate_id: uuid.UUID, answer: str) -> Page:
    """The second person."""
    try:
        with atomic() as session:
            reason = request.form.get("reason", "")
            service.answer_rate(session, current_actor(), rate_id, agreed=answer == "agree", answer=reason)
    except Refused as refused:
        return _page(deal_id, _form(deal_id), refusal_text(refused)), refused.status
    return redirect(url_for("rates.rates", deal_id=deal_id), code=303)


def _form(deal_id: uuid.UUID) -> RateForm:
    deal, form = find_deal(db.session(), deal_id), RateForm()
    codes = queries.currencies_to_convert(deal.lot, deal.currency)
    form.currency.choices = [SelectChoice(code, code) for code in codes]
    return form


def _page(deal_id: uuid.UUID, form: RateForm, problem: str = "") -> str:
    deal, actor = find_deal(db.session(), deal_id), current_actor()
    return render_template(
        "rates/rates.html",
        deal=deal,
        lot=deal.lot,
        rows=queries.rates_of(db.session(), deal_id),
        form=form,
        problem=problem,
        person_id=actor.person_id,
        may_enter=may(actor, Verb.CONFIRM_MONEY) and bool(form.currency.choices),
        may_confirm=may(actor, Verb.RELEASE_MONEY),
    )
