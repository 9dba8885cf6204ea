"""Revaluation over time: the rhythms, their runs, what was told, and the thresholds a bank sets."""

import uuid
from collections.abc import Sequence

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext

from marketplace import charts
from marketplace.access import Verb, may
from marketplace.db import atomic
from marketplace.errors import Refused
from marketplace.web import allowed, current_actor, show_refusal
from transactions.valuations.forms import ChangeForm, ScheduleForm
from transactions.valuations.models import RevaluationSchedule, ValuationBatch
from transactions.valuations.queries import schedules as queries
from transactions.valuations.routes.shared import Page, blueprint, reading
from transactions.valuations.rules.watching import Thresholds
from transactions.valuations.service import making, revaluing


@blueprint.route("/valuations/schedules", methods=["GET", "POST"])
@allowed(Verb.WATCH_COLLATERAL)
def schedules() -> Page:
    """The bank's rhythms, and the form for a new one."""
    form = ScheduleForm()
    if not form.is_submitted():
        form.show(Thresholds())
        form.first_on.data = making.today()
        return _list(form)
    if not form.validate_on_submit():
        return _list(form), 422
    try:
        with atomic() as session:
            row = revaluing.set_up(
                session,
                current_actor(),
                name=form.name.data or "",
                scope=form.chosen_scope,
                frequency=form.chosen_frequency,
                first_on=form.first_on.data or making.today(),
                thresholds=form.thresholds(),
            )
    except Refused as refused:
        show_refusal(form, refused)
        return _list(form), refused.status
    flash(gettext("The rhythm is set up."), "success")
    return redirect(url_for("valuations.schedule", schedule_id=row.id), code=303)


def _list(form: ScheduleForm) -> str:
    institution_id = current_actor().institution_id
    return render_template(
        "valuations/schedules.html",
        form=form,
        schedules=queries.schedules_of(reading(), institution_id),
        alerts=queries.alerts_of(reading(), institution_id),
    )


@blueprint.route("/valuations/schedules/<uuid:schedule_id>", methods=["GET", "POST"])
@allowed(Verb.WATCH_COLLATERAL)
def schedule(schedule_id: uuid.UUID) -> Page:
    """One rhythm: its runs as a picture and a table, what was told, and its thresholds."""
    found, form = _find(schedule_id), ChangeForm()
    if not form.is_submitted():
        form.show(Thresholds(found.fall, found.limit, found.life_months))
        form.active.data = found.active
        return _page(found, form)
    if not form.validate_on_submit():
        return _page(found, form), 422
    try:
        with atomic() as session:
            revaluing.change(
                session, current_actor(), schedule_id, form.thresholds(), active=bool(form.active.data)
            )
    except Refused as refused:
        show_refusal(form, refused)
        return _page(_find(schedule_id), form), refused.status
    flash(gettext("The thresholds are set."), "success")
    return redirect(url_for("valuations.schedule", schedule_id=schedule_id), code=303)


def _page(found: RevaluationSchedule, form: ChangeForm) -> str:
    runs = queries.batches_of_schedule(reading(), found.id)
    totals = queries.totals_of(reading(), [run.id for run in runs])
    currency = next((code for run in reversed(runs) for code in sorted(totals.get(run.id, {}))), "")
    return render_template(
        "valuations/schedule.html",
        schedule=found,
        form=form if may(current_actor(), Verb.WATCH_COLLATERAL) else None,
        runs=list(reversed(runs)),
        totals=totals,
        currency=currency,
        chart=_chart(runs, totals, currency),
        alerts=queries.alerts_of(reading(), found.institution_id, schedule_id=found.id),
    )


def _chart(
    runs: Sequence[ValuationBatch], totals: dict[uuid.UUID, dict[str, tuple[int, int]]], currency: str
) -> charts.PriceChart | None:
    """The sum of the values over time, with the claims as a line to compare with."""
    sums = [(run.made_at, totals[run.id][currency]) for run in runs if currency in totals.get(run.id, {})]
    if not sums:
        return None
    claim = sums[-1][1][1]
    levels = [charts.Level(gettext("claims"), claim)] if claim else []
    dots = [charts.Dot(at, value) for at, (value, _) in sums]
    return charts.price_steps(dots, start=sums[0][0], end=sums[-1][0], levels=levels)


def _find(schedule_id: uuid.UUID) -> RevaluationSchedule:
    return queries.find_own_schedule(reading(), current_actor().institution_id, schedule_id)
