"""A programme's budget and money, each time by two persons."""

import uuid

from flask import redirect, url_for
from flask_babel import gettext

from marketplace.access import Verb
from marketplace.web import allowed, current_actor, signed_in
from payments.funds.queries import find_movement
from payments.subsidies import queries, service
from payments.subsidies.forms import BudgetForm, ContributionForm, WithdrawalForm
from payments.subsidies.routes.programmes import show_programme
from payments.subsidies.routes.shared import Page, blueprint, done, reading


@blueprint.post("/subsidies/programmes/<uuid:programme_id>/budget")
@allowed(Verb.KEEP_FUND)
def add_budget(programme_id: uuid.UUID) -> Page:
    """Add to the budget."""
    form = BudgetForm()
    form.currency = queries.find_programme(reading(), programme_id).currency
    problem = done(
        form,
        lambda session: service.add_budget(session, current_actor(), programme_id, form.minor("budget") or 0),
        gettext("Proposed: a second person has to approve it."),
    )
    return back_to(programme_id, problem)


@blueprint.post("/subsidies/budgets/<uuid:budget_id>/approve")
@allowed(Verb.RELEASE_FUND)
def approve_budget(budget_id: uuid.UUID) -> Page:
    """The second person."""
    programme_id = queries.find_budget(reading(), budget_id).programme_id
    act = lambda session: service.approve_budget(session, current_actor(), budget_id)  # noqa: E731
    return back_to(programme_id, done(None, act, gettext("Approved.")))


@blueprint.post("/subsidies/programmes/<uuid:programme_id>/contributions")
@allowed(Verb.CONFIRM_MONEY)
def contribute(programme_id: uuid.UUID) -> Page:
    """The keeper's money stands on the bank statement."""
    form = ContributionForm()
    form.currency = queries.find_programme(reading(), programme_id).currency
    problem = done(
        form,
        lambda session: service.contribute(
            session,
            current_actor(),
            programme_id,
            minor=form.minor("amount") or 0,
            bank_reference=str(form.bank_reference.data),
        ),
        gettext("Recorded: a second person has to confirm it."),
    )
    return back_to(programme_id, problem)


@blueprint.post("/subsidies/programmes/<uuid:programme_id>/withdrawals")
@allowed(Verb.KEEP_FUND)
def withdraw_money(programme_id: uuid.UUID) -> Page:
    """The keeper asks for money back."""
    form = WithdrawalForm()
    form.currency = queries.find_programme(reading(), programme_id).currency
    problem = done(
        form,
        lambda session: service.withdraw_money(
            session,
            current_actor(),
            programme_id,
            minor=form.minor("amount") or 0,
            reason=str(form.reason.data),
        ),
        gettext("Asked: a second person has to confirm it."),
    )
    return back_to(programme_id, problem)


@blueprint.post("/subsidies/movements/<uuid:movement_id>/<any(confirm, refuse):answered>")
@signed_in
def answer_movement(movement_id: uuid.UUID, answered: str) -> Page:
    """The second person's answer to a contribution or withdrawal."""
    programme_id, confirm = find_movement(reading(), movement_id).fund_id, answered == "confirm"
    act = lambda session: service.answer_movement(  # noqa: E731
        session, current_actor(), movement_id, confirm=confirm
    )
    said = gettext("Confirmed.") if confirm else gettext("Not confirmed.")
    return back_to(programme_id, done(None, act, said))


def back_to(programme_id: uuid.UUID, problem: str) -> Page:
    """Back to the programme, or its page with the problem."""
    if problem:
        return show_programme(queries.find_programme(reading(), programme_id), problem), 422
    return redirect(url_for("subsidies.programme", programme_id=programme_id), code=303)
