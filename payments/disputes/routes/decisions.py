"""Refunds and waivers of a sale, and the second person's answer to whatever waits for it."""

import uuid
from collections.abc import Callable
from typing import Any

from flask import redirect, render_template, url_for

from marketplace.access import Verb
from marketplace.db import atomic
from marketplace.deals.models import Deal
from marketplace.deals.queries import find_deal
from marketplace.errors import Refused
from marketplace.web import allowed, current_actor, refusal_text, show_refusal
from payments.disputes import queries, service
from payments.disputes.forms import RefundForm
from payments.disputes.routes.shared import Page, blueprint, first_error, reading
from payments.disputes.rules import DecisionKind
from payments.disputes.views import refundable
from payments.forms import ReasonForm


@blueprint.get("/money/deals/<uuid:deal_id>/refund")
@allowed(Verb.SEE_OPERATIONS)
def sale(deal_id: uuid.UUID) -> Page:
    """What can go back to the buyer of a sale, and what was decided about its money."""
    return _page(find_deal(reading(), deal_id))


@blueprint.post("/money/deals/<uuid:deal_id>/refund")
@allowed(Verb.CONFIRM_MONEY)
def propose_refund(deal_id: uuid.UUID) -> Page:
    """The first person proposes a refund."""
    deal, form = find_deal(reading(), deal_id), RefundForm(prefix="refund")
    form.currency.data = deal.currency
    if not form.validate_on_submit():
        return _page(deal, form), 422
    try:
        with atomic() as session:
            service.propose_about_sale(
                session,
                current_actor(),
                DecisionKind.REFUND,
                deal_id,
                minor=form.minor,
                reason=str(form.reason.data),
                proof=str(form.proof.data),
            )
    except Refused as refused:
        show_refusal(form, refused)
        return _page(find_deal(reading(), deal_id), form), refused.status
    return redirect(url_for("disputes.sale", deal_id=deal_id), code=303)


@blueprint.post("/money/deals/<uuid:deal_id>/hold-back/waive")
@allowed(Verb.CONFIRM_MONEY)
def propose_waiver(deal_id: uuid.UUID) -> Page:
    """The first person proposes to pay out before the hold-back period ends."""
    deal, form = find_deal(reading(), deal_id), ReasonForm()
    if not form.validate_on_submit():
        return _page(deal, problem=first_error(form)), 422
    try:
        with atomic() as session:
            kind, reason = DecisionKind.WAIVE_HOLD_BACK, str(form.reason.data)
            service.propose_about_sale(session, current_actor(), kind, deal_id, reason=reason)
    except Refused as refused:
        return _page(find_deal(reading(), deal_id), problem=refusal_text(refused)), refused.status
    return redirect(url_for("disputes.sale", deal_id=deal_id), code=303)


@blueprint.post("/money/decisions/<uuid:decision_id>/approve")
@allowed(Verb.RELEASE_MONEY)
def approve(decision_id: uuid.UUID) -> Page:
    """The second person agrees."""
    return _answer(decision_id, service.approve)


@blueprint.post("/money/decisions/<uuid:decision_id>/refuse")
@allowed(Verb.RELEASE_MONEY)
def refuse(decision_id: uuid.UUID) -> Page:
    """The second person does not agree."""
    return _answer(decision_id, service.refuse)


def _answer(decision_id: uuid.UUID, verb: Callable[..., Any]) -> Page:
    form = ReasonForm()
    reason = str(form.reason.data) if form.validate_on_submit() else ""
    with atomic() as session:
        decision = verb(session, current_actor(), decision_id, reason)
    if decision.debt_id is not None:
        return redirect(url_for("disputes.debt", debt_id=decision.debt_id), code=303)
    return redirect(url_for("disputes.sale", deal_id=decision.deal_id), code=303)


def _page(deal: Deal, form: RefundForm | None = None, problem: str = "") -> str:
    session = reading()
    return render_template(
        "disputes/sale.html",
        deal=deal,
        lot=deal.lot,
        problem=problem,
        standing=refundable(session, deal),
        form=form or RefundForm(prefix="refund", formdata=None),
        disputes=queries.disputes_of_sale(session, deal.id),
        debts=queries.debts_of_sale(session, deal.id),
        decisions=queries.decisions_of_sale(session, deal.id),
        corrections=queries.corrections_of(session, deal.id),
    )
