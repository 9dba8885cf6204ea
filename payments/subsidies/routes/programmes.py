"""Programmes: the list, opening one, a programme with its budget, its terms and its waiting list."""

import uuid

from flask import redirect, render_template, url_for

from marketplace import clock
from marketplace.access import InstitutionKind, Verb
from marketplace.db import atomic
from marketplace.errors import Refused
from marketplace.web import allowed, current_actor, optional_actor, public, show_refusal, signed_in
from payments.funds import queries as funds
from payments.subsidies import queries, service, views
from payments.subsidies.access import keeps
from payments.subsidies.forms import BudgetForm, ContributionForm, ProgrammeForm, WithdrawalForm
from payments.subsidies.models import SubsidyProgramme
from payments.subsidies.routes.shared import Page, blueprint, reading
from payments.subsidies.rules import ApplicationStatus


@blueprint.get("/subsidies")
@public
def programmes() -> Page:
    """Every programme with its budget and what is left of it."""
    return _programmes(ProgrammeForm(formdata=None, year=clock.now().astimezone(clock.LOCAL_ZONE).year))


def _programmes(form: ProgrammeForm) -> str:
    form.terms_name.choices = list(views.titles().items())
    rows = [views.shown(reading(), row) for row in queries.all_programmes(reading())]
    return render_template("subsidies/programmes.html", rows=rows, form=form)


@blueprint.post("/subsidies")
@allowed(Verb.KEEP_FUND)
def open_programme() -> Page:
    """Open a programme for a year."""
    form = ProgrammeForm()
    form.terms_name.choices = list(views.titles().items())
    if not form.validate_on_submit():
        return _programmes(form), 422
    try:
        with atomic() as session:
            row = service.open_programme(
                session,
                current_actor(),
                terms_name=str(form.terms_name.data),
                year=form.year.data or 0,
                budget_minor=form.minor("budget") or 0,
            )
    except Refused as refused:
        show_refusal(form, refused)
        return _programmes(form), refused.status
    return redirect(url_for("subsidies.programme", programme_id=row.id), code=303)


@blueprint.get("/subsidies/programmes/<uuid:programme_id>")
@public
def programme(programme_id: uuid.UUID) -> Page:
    """A programme: its terms with their sources, its budget, its waiting list."""
    return show_programme(queries.find_programme(reading(), programme_id))


def show_programme(row: SubsidyProgramme, problem: str = "") -> str:
    actor, session = optional_actor(), reading()
    whole, fund = keeps(actor, row), queries.fund_of(row)
    applications = queries.applications_of(session, row.id) if whole else []
    waiting = [one for one in applications if one.status is ApplicationStatus.WAITING]
    return render_template(
        "subsidies/programme.html",
        programme=views.shown(session, row),
        problem=problem,
        whole=whole,
        actor=actor,
        held=funds.held(session, fund.purpose, row.id) if whole else 0,
        movements=funds.movements_of(session, row.id) if whole else [],
        applications=[one for one in applications if one not in waiting],
        waiting=sorted(waiting, key=lambda one: one.number),
        count_waiting=queries.count_waiting(session, row.id),
        budget_form=BudgetForm(formdata=None),
        contribution=ContributionForm(formdata=None),
        withdrawal=WithdrawalForm(formdata=None),
    )


@blueprint.get("/subsidies/today")
@signed_in
def today_fragment() -> Page:
    """For the reader's day: applications that wait for the reader's institution."""
    actor, session = current_actor(), reading()
    if actor.kind is InstitutionKind.FUND:
        rows = queries.waiting_for(session, actor.institution_id)
    else:
        rows = list(session.scalars(queries.seen_by(actor.institution_id).limit(20)))
    steps = [(row, views.next_of(session, row, actor)) for row in rows]
    mine = [(row, step) for row, step in steps if step and step[1]]
    return render_template("subsidies/_today.html", steps=mine)
