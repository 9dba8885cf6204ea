"""Debts: the list, one debt and what can be done about it, and an institution's own."""

import uuid
from collections.abc import Callable
from typing import Any

from flask import redirect, render_template, url_for

from marketplace.access import Verb, may
from marketplace.db import atomic, db
from marketplace.errors import NotFound, Refused
from marketplace.web import allowed, current_actor, refusal_text, show_refusal, signed_in
from payments.disputes import queries, service
from payments.disputes.access import require_to_see_debt
from payments.disputes.forms import LineForm, SetOffForm
from payments.disputes.models import Debt
from payments.disputes.routes.shared import PER_PAGE, Page, blueprint, first_error, reading
from payments.disputes.rules import DecisionKind
from payments.forms import ReasonForm


@blueprint.get("/money/debts")
@signed_in
def debts() -> Page:
    """The overseers' list of all debts; for anybody else their own."""
    actor = current_actor()
    everything = may(actor, Verb.SEE_OPERATIONS)
    statement = queries.debts() if everything else queries.own_debts(actor.institution_id)
    page = db.paginate(statement, per_page=PER_PAGE, error_out=False)
    return render_template("disputes/debts.html", page=page, everything=everything)


@blueprint.get("/money/debts/<uuid:debt_id>")
@signed_in
def debt(debt_id: uuid.UUID) -> Page:
    """One debt: what it comes of, what is still owed, how it can be paid."""
    found = queries.find_debt(reading(), debt_id)
    require_to_see_debt(current_actor(), found)
    return _page(found)


@blueprint.post("/money/debts/<uuid:debt_id>/payments")
@allowed(Verb.CONFIRM_MONEY)
def record_payment(debt_id: uuid.UUID) -> Page:
    """A payment of it stands on the bank statement."""
    form = LineForm(prefix="line")
    found = queries.find_debt(reading(), debt_id)
    form.currency.data = found.currency
    if not form.validate_on_submit():
        return _page(found, line=form), 422
    try:
        with atomic() as session:
            reference = str(form.bank_reference.data)
            service.record_payment(
                session, current_actor(), debt_id, minor=form.minor, bank_reference=reference
            )
    except Refused as refused:
        show_refusal(form, refused)
        return _page(queries.find_debt(reading(), debt_id), line=form), refused.status
    return redirect(url_for("disputes.debt", debt_id=debt_id), code=303)


@blueprint.post("/money/debts/<uuid:debt_id>/set-off")
@allowed(Verb.CONFIRM_MONEY)
def set_off(debt_id: uuid.UUID) -> Page:
    """Keep what the debtor is to be paid."""
    form = SetOffForm()
    if not form.validate_on_submit():
        return _page(queries.find_debt(reading(), debt_id), problem=first_error(form)), 422
    try:
        payout_id = uuid.UUID(str(form.payout.data))
    except ValueError:
        raise NotFound("payout") from None
    return _done(
        debt_id,
        lambda session: service.set_off(session, current_actor(), debt_id, payout_id, str(form.reason.data)),
    )


@blueprint.post("/money/debts/<uuid:debt_id>/charge-to-sale")
@allowed(Verb.CONFIRM_MONEY)
def charge_to_sale(debt_id: uuid.UUID) -> Page:
    """Propose that the payees of the sale bear it."""
    return _propose(debt_id, DecisionKind.CHARGE_TO_SALE)


@blueprint.post("/money/debts/<uuid:debt_id>/write-off")
@allowed(Verb.CONFIRM_MONEY)
def write_off(debt_id: uuid.UUID) -> Page:
    """Propose that it is given up."""
    return _propose(debt_id, DecisionKind.WRITE_OFF)


def _propose(debt_id: uuid.UUID, kind: DecisionKind) -> Page:
    form = ReasonForm()
    if not form.validate_on_submit():
        return _page(queries.find_debt(reading(), debt_id), problem=first_error(form)), 422
    reason = str(form.reason.data)
    return _done(
        debt_id,
        lambda session: service.propose_about_debt(session, current_actor(), kind, debt_id, reason=reason),
    )


def _done(debt_id: uuid.UUID, verb: Callable[[Any], object]) -> Page:
    try:
        with atomic() as session:
            verb(session)
    except Refused as refused:
        found = queries.find_debt(reading(), debt_id)
        return _page(found, problem=refusal_text(refused)), refused.status
    return redirect(url_for("disputes.debt", debt_id=debt_id), code=303)


def _page(found: Debt, line: LineForm | None = None, problem: str = "") -> str:
    session, desk = reading(), may(current_actor(), Verb.SEE_OPERATIONS)
    return render_template(
        "disputes/debt.html",
        debt=found,
        desk=desk,
        problem=problem,
        line_form=line or LineForm(prefix="line", formdata=None),
        payouts=queries.payouts_to_set_off(session, found) if desk and found.institution_id else [],
        decisions=queries.decisions_about(session, found.id) if desk else [],
    )
