"""The institution's valuations: the list, a new one, one with its report, its series, decisions on it."""

import uuid
from collections.abc import Sequence

from flask import Response, flash, jsonify, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session

from marketplace import charts
from marketplace.access import Actor, Verb, may
from marketplace.db import atomic
from marketplace.errors import NotFound, Refused
from marketplace.listings.models import Lot
from marketplace.papers import VOICES
from marketplace.web import allowed, current_actor, limiter, show_refusal
from transactions.valuations import drawing, reporting, showing
from transactions.valuations.appraising import with_income
from transactions.valuations.forms import DecisionForm, FilterForm, ValueForm
from transactions.valuations.models import Valuation
from transactions.valuations.queries import batches, schedules, subjects
from transactions.valuations.queries import valuations as queries
from transactions.valuations.routes.shared import Page, address_of, blueprint, reading
from transactions.valuations.service import deciding, making
from transactions.valuations.subjects import claims_on, of_lot

PAPERS_PER_MINUTE = "60/minute"
ALERTS_SHOWN = 10


@blueprint.get("/valuations")
@allowed(Verb.SEE_VALUATION)
def index() -> str:
    """The institution's valuations, the latest first, and what was told of the last revaluations."""
    form, actor = FilterForm(request.args), current_actor()
    form.validate()
    page = queries.page_of(
        actor.institution_id,
        grade=form.chosen_grade,
        asked=(form.asked.data or "").strip()[:100],
        batch_id=None,
        page=request.args.get("page", 1, type=int),
    )
    return render_template(
        "valuations/index.html",
        form=form,
        page=page,
        alerts=schedules.alerts_of(reading(), actor.institution_id, limit=ALERTS_SHOWN),
        running=len(batches.running_batches(reading(), actor.institution_id)),
        lots=subjects.standing_lots(reading(), actor.institution_id)[:1],
    )


@blueprint.route("/valuations/new", methods=["GET", "POST"])
@allowed(Verb.MAKE_VALUATION)
def new() -> Page:
    """Value one of the institution's lots, with income and scores where a person states them."""
    actor, lot = current_actor(), _chosen_lot()
    if lot is None:
        lots = subjects.standing_lots(reading(), actor.institution_id)
        return render_template("valuations/choose.html", lots=lots)
    form = ValueForm()
    form.currency = lot.currency
    if not form.validate_on_submit():
        page = render_template("valuations/new.html", form=form, lot=lot)
        return (page, 422) if form.is_submitted() else page
    try:
        with atomic() as session:
            made = _value(session, actor, lot.id, form)
    except Refused as refused:
        show_refusal(form, refused)
        return render_template("valuations/new.html", form=form, lot=lot), refused.status
    flash(gettext("Valued and kept."), "success")
    return redirect(url_for("valuations.valuation", valuation_id=made.id), code=303)


def _chosen_lot() -> Lot | None:
    asked = request.args.get("lot", "")
    if not asked:
        return None
    try:
        lot_id = uuid.UUID(asked)
    except ValueError:
        raise NotFound("lot") from None
    return subjects.own_lot(reading(), current_actor().institution_id, lot_id)


def _value(session: Session, actor: Actor, lot_id: uuid.UUID, form: ValueForm) -> Valuation:
    lot = subjects.own_lot(session, actor.institution_id, lot_id)
    claim = claims_on(session, [lot]).get(lot.id)
    asked = of_lot(session, lot, making.today(), basis=form.chosen_basis, claim_minor=claim)
    return making.value(session, actor, with_income(asked, form.income(), form.scores()))


@blueprint.get("/valuations/<uuid:valuation_id>")
@allowed(Verb.SEE_VALUATION)
def valuation(valuation_id: uuid.UUID) -> str:
    """One valuation with its whole report."""
    return _page(_find(valuation_id), None)


def _page(kept: Valuation, form: DecisionForm | None) -> str:
    actor = current_actor()
    if form is None and may(actor, Verb.MAKE_VALUATION):
        form = DecisionForm(formdata=None)
    return render_template(
        "valuations/valuation.html",
        kept=kept,
        view=showing.view(kept.inputs, kept.result),
        decisions=queries.decisions_on(reading(), kept.id),
        suggested=deciding.suggested_start(kept),
        form=form,
        address=address_of(kept),
        earlier=len(queries.series(reading(), actor.institution_id, kept.subject_key)),
    )


@blueprint.post("/valuations/<uuid:valuation_id>/decision")
@allowed(Verb.MAKE_VALUATION)
def decide(valuation_id: uuid.UUID) -> Page:
    """Accept the suggestion or put something else in its place; either is kept with who and why."""
    form, kept = DecisionForm(), _find(valuation_id)
    form.currency = kept.currency
    if not form.validate_on_submit():
        return _page(kept, form), 422
    try:
        with atomic() as session:
            deciding.decide(
                session,
                current_actor(),
                valuation_id,
                form.chosen,
                reason=form.reason.data or "",
                start_price_minor=form.minor("start_price"),
                value_minor=form.minor("value"),
            )
    except Refused as refused:
        show_refusal(form, refused)
        return _page(_find(valuation_id), form), refused.status
    flash(gettext("Your decision is kept with the valuation. It binds nobody."), "success")
    return redirect(url_for("valuations.valuation", valuation_id=valuation_id), code=303)


@blueprint.get("/valuations/<uuid:valuation_id>.json")
@allowed(Verb.SEE_VALUATION)
def report_json(valuation_id: uuid.UUID) -> Response:
    """The report for programs: inputs, result, digest and decisions."""
    kept = _find(valuation_id)
    answer = jsonify(reporting.as_json(kept, queries.decisions_on(reading(), kept.id), address_of(kept)))
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@blueprint.get("/valuations/<uuid:valuation_id>/paper")
@allowed(Verb.SEE_VALUATION)
@limiter.limit(PAPERS_PER_MINUTE)
def paper(valuation_id: uuid.UUID) -> Response:
    """The report as PDF."""
    kept, language = _find(valuation_id), request.args.get("language", "both")
    if language not in VOICES:
        raise NotFound("valuation")
    decisions = queries.decisions_on(reading(), kept.id)
    answer = make_response(drawing.draw(kept, decisions, address_of(kept), language))
    answer.mimetype = "application/pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="valuation-{kept.code}.pdf"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@blueprint.get("/valuations/<uuid:valuation_id>/series")
@allowed(Verb.SEE_VALUATION)
def series(valuation_id: uuid.UUID) -> str:
    """All valuations of the same thing over time, as a picture and a table."""
    kept = _find(valuation_id)
    found = queries.series(reading(), current_actor().institution_id, kept.subject_key)
    return render_template("valuations/series.html", kept=kept, found=found, chart=_chart(found))


def _chart(found: Sequence[Valuation]) -> charts.PriceChart | None:
    valued = [one for one in found if one.value_minor and one.currency == found[-1].currency]
    if not valued:
        return None
    last = valued[-1]
    levels = [charts.Level(gettext("claim"), last.claim_minor)] if last.claim_minor else []
    dots = [charts.Dot(one.made_at, one.value_minor or 0, one.grade.value) for one in valued]
    return charts.price_steps(dots, start=valued[0].made_at, end=last.made_at, levels=levels)


def _find(valuation_id: uuid.UUID) -> Valuation:
    return queries.find_own(reading(), current_actor().institution_id, valuation_id)
