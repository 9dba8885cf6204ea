"""The operator's money desk: what came in, what goes out, who has to sign."""

import uuid
from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from marketplace import clock
from marketplace.access import Verb, may
from marketplace.db import atomic, db
from marketplace.deals.queries import find_deal
from marketplace.errors import Refused
from marketplace.language import money
from marketplace.web import allowed, current_actor, show_refusal
from payments import queries, service
from payments.cards.queries import holds_running_out
from payments.forms import CollectForm, CostForm, PaidForm, ReasonForm, ReceiptForm
from payments.gateways.bank_transfer import Received
from payments.models import Payout
from payments.queries import pages
from payments.routes.shared import blueprint, reading
from payments.rules import PayoutStatus
from payments.service import releasing

Page = str | Response | tuple[str, int]
PER_PAGE = 50


@blueprint.get("/money/desk")
@allowed(Verb.SEE_OPERATIONS)
def desk() -> Page:
    """Incoming money to confirm, payouts to prepare, approve and confirm."""
    return show_desk()


@blueprint.post("/money/desk/receipts")
@allowed(Verb.CONFIRM_MONEY)
def confirm_receipt() -> Page:
    """Record a line of the bank statement."""
    form = ReceiptForm(prefix="receipt")
    if not form.validate_on_submit():
        return show_desk(receipt=form), 422
    try:
        with atomic() as session:
            received = service.confirm_receipt(
                session,
                current_actor(),
                reference=str(form.reference.data),
                minor=form.minor,
                currency=str(form.currency.data),
                bank_reference=str(form.bank_reference.data),
            )
    except Refused as refused:
        show_refusal(form, refused)
        return show_desk(receipt=form), refused.status
    flash(_told(received, str(form.currency.data)))
    return redirect(url_for("payments.desk"), code=303)


@blueprint.post("/money/desk/collected")
@allowed(Verb.CONFIRM_MONEY)
def collect() -> Page:
    """Record that the card gateway has paid out to the bank account."""
    form = CollectForm(prefix="collect")
    if not form.validate_on_submit():
        return show_desk(collected=form), 422
    try:
        with atomic() as session:
            service.collect_from_gateway(
                session,
                current_actor(),
                minor=form.minor,
                currency=str(form.currency.data),
                bank_reference=str(form.bank_reference.data),
            )
    except Refused as refused:
        show_refusal(form, refused)
        return show_desk(collected=form), refused.status
    return redirect(url_for("payments.desk"), code=303)


@blueprint.post("/money/payouts/<uuid:payout_id>/prepare")
@allowed(Verb.CONFIRM_MONEY)
def prepare_payout(payout_id: uuid.UUID) -> Page:
    """The first person."""
    return _with_reason(payout_id, service.prepare_payout)


@blueprint.post("/money/payouts/<uuid:payout_id>/approve")
@allowed(Verb.RELEASE_MONEY)
def approve_payout(payout_id: uuid.UUID) -> Page:
    """The second person."""
    return _with_reason(payout_id, service.approve_payout)


@blueprint.post("/money/payouts/<uuid:payout_id>/send-back")
@allowed(Verb.RELEASE_MONEY)
def send_payout_back(payout_id: uuid.UUID) -> Page:
    """The second person does not agree."""
    return _with_reason(payout_id, service.send_back)


@blueprint.post("/money/payouts/<uuid:payout_id>/paid")
@allowed(Verb.CONFIRM_MONEY)
def confirm_paid(payout_id: uuid.UUID) -> Page:
    """The bank has paid it."""
    form = PaidForm()
    if not form.validate_on_submit():
        return show_desk(problem=first_error(form)), 422
    with atomic() as session:
        service.confirm_paid(session, current_actor(), payout_id, str(form.bank_reference.data))
    return redirect(url_for("payments.desk"), code=303)


@blueprint.get("/money/deals/<uuid:deal_id>/costs")
@allowed(Verb.CONFIRM_MONEY)
def costs(deal_id: uuid.UUID) -> Page:
    """Record what the sale of a lot has cost."""
    return _costs(deal_id, CostForm())


@blueprint.post("/money/deals/<uuid:deal_id>/costs")
@allowed(Verb.CONFIRM_MONEY)
def record_cost(deal_id: uuid.UUID) -> Page:
    form = CostForm()
    form.currency.data = find_deal(reading(), deal_id).currency
    if not form.validate_on_submit():
        return _costs(deal_id, form), 422
    try:
        with atomic() as session:
            service.record_cost(
                session,
                current_actor(),
                deal_id,
                payee=str(form.payee.data),
                kind=str(form.kind.data),
                minor=form.minor,
            )
    except Refused as refused:
        show_refusal(form, refused)
        return _costs(deal_id, form), refused.status
    return redirect(url_for("payments.costs", deal_id=deal_id), code=303)


def _with_reason(payout_id: uuid.UUID, verb: Callable[..., Any]) -> Page:
    form = ReasonForm()
    if not form.validate_on_submit():
        return show_desk(problem=first_error(form)), 422
    with atomic() as session:
        verb(session, current_actor(), payout_id, str(form.reason.data))
    return redirect(url_for("payments.desk"), code=303)


def first_error(form: FlaskForm) -> str:
    """The first thing that is wrong with a form that has no page of its own, with the field's name."""
    label, errors = next((form[name].label.text, errors) for name, errors in form.errors.items() if name)
    return f"{label}{gettext(': ')}{errors[0]}"


def _told(received: Received, currency: str) -> str:
    if received.asked == 0:
        return str(gettext("Recorded. It was not awaited any more and goes back to the buyer."))
    if received.missing:
        missing = money(received.missing, currency)
        return str(gettext("Recorded. %(amount)s is still missing.", amount=missing))
    if received.over:
        over = money(received.over, currency)
        return str(gettext("Recorded. %(amount)s is too much and stays the buyer's.", amount=over))
    return str(gettext("Recorded. The amount is complete."))


def show_desk(
    *, receipt: ReceiptForm | None = None, collected: CollectForm | None = None, problem: str = ""
) -> str:
    """The desk, with a form that was refused or the problem of one that has no fields of its own."""
    session = reading()
    return render_template(
        "payments/desk.html",
        receipt_form=receipt or ReceiptForm(prefix="receipt", formdata=None),
        collect_form=collected or CollectForm(prefix="collect", formdata=None),
        problem=problem,
        mine=_mine,
        blockers_of=lambda payout: releasing.blockers_of(session, payout),
        overdue=pages.overdue_payments(session),
        deposits=pages.waiting_deposits(session, None),
        payments=pages.waiting_payments(session, None),
        payouts=db.paginate(pages.open_payouts(), per_page=PER_PAGE, error_out=False),
        holds=holds_running_out(session, clock.now()),
        refused=pages.refused_calls(session),
        unsettled=pages.unsettled_for_currency(session),
        cash=pages.cash_accounts(session),
    )


def _mine(payout: Payout) -> bool:
    """Whether it is this reader who has to do the next step of a payout."""
    actor = current_actor()
    if payout.status is PayoutStatus.PREPARED:
        return may(actor, Verb.RELEASE_MONEY) and payout.prepared_by_id != actor.person_id
    return may(actor, Verb.CONFIRM_MONEY)


def _costs(deal_id: uuid.UUID, form: CostForm) -> str:
    deal = find_deal(reading(), deal_id)
    return render_template(
        "payments/costs.html", deal=deal, lot=deal.lot, form=form, costs=queries.costs_of(reading(), deal_id)
    )
