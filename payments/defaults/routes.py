"""More time, asked by the buyer; the desk on which officers decide what follows a default."""

import uuid
from collections.abc import Callable, Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from marketplace import clock
from marketplace.access import Verb, may
from marketplace.db import atomic, db
from marketplace.deals import service as deals
from marketplace.deals.models import Deal
from marketplace.deals.queries import find_deal
from marketplace.errors import NotFound, Refused
from marketplace.four_eyes import TwoPersons
from marketplace.web import allowed, current_actor, refusal_text, show_refusal, signed_in
from payments import queries as payment_queries
from payments.access import require_to_see
from payments.defaults import queries, service, texts
from payments.defaults.forms import AskForm, PaidInForm
from payments.defaults.rules import more_time
from payments.defaults.service.more_time import pack_of
from payments.leaving import queries as leaving_queries
from payments.leaving import service as leaving
from payments.models import Payment
from payments.rules import OPEN_PAYMENTS

blueprint = Blueprint("defaults", __name__, template_folder="templates")

Page = str | Response | tuple[str, int]


@blueprint.get("/money/deals/<uuid:deal_id>/more-time")
@signed_in
def more_time_page(deal_id: uuid.UUID) -> Page:
    """What the buyer asked for, and a form to ask."""
    return _ask_page(deal_id, AskForm(formdata=None))


@blueprint.post("/money/deals/<uuid:deal_id>/more-time")
@signed_in
def ask(deal_id: uuid.UUID) -> Page:
    """The buyer asks for more time."""
    payment, form = _payment(deal_id), AskForm()
    if not form.validate_on_submit():
        return _ask_page(deal_id, form), 422
    try:
        with atomic() as session:
            service.ask_for_more_time(
                session,
                current_actor(),
                payment.id,
                days=form.days.data or 0,
                ground=form.chosen,
                reason=str(form.reason.data),
            )
    except Refused as refused:
        show_refusal(form, refused)
        return _ask_page(deal_id, form), refused.status
    flash(gettext("Asked. The deadline stands until an officer has decided."), "success")
    return redirect(url_for("defaults.more_time_page", deal_id=deal_id), code=303)


@blueprint.get("/money/defaults")
@allowed(Verb.SEE_OPERATIONS)
def desk() -> Page:
    """What waits for a decision after prices that were not paid."""
    return _desk()


@blueprint.post("/money/defaults/requests/<uuid:row_id>/<any(agree, refuse):answer>")
@allowed(Verb.CONFIRM_MONEY)
def answer_request(row_id: uuid.UUID, answer: str) -> Page:
    """An officer gives more time, or does not."""
    return _act(
        lambda session, reason: service.answer_request(
            session, current_actor(), row_id, agreed=answer == "agree", reason=reason
        )
    )


@blueprint.post("/money/defaults/deals/<uuid:deal_id>/distribute")
@allowed(Verb.CONFIRM_MONEY)
def propose_distribution(deal_id: uuid.UUID) -> Page:
    """The first officer: the forfeited deposit is distributed by itself."""
    return _act(
        lambda session, reason: service.propose_distribution(session, current_actor(), deal_id, reason)
    )


@blueprint.post("/money/defaults/decisions/<uuid:row_id>/<any(agree, refuse):answer>")
@allowed(Verb.RELEASE_MONEY)
def answer_distribution(row_id: uuid.UUID, answer: str) -> Page:
    """The second officer."""
    return _act(
        lambda session, reason: service.answer_distribution(
            session, current_actor(), row_id, agreed=answer == "agree", reason=reason
        )
    )


@blueprint.post("/money/defaults/shortfalls/<uuid:row_id>/waive")
@allowed(Verb.CONFIRM_MONEY)
def propose_waiver(row_id: uuid.UUID) -> Page:
    """The first officer: the shortfall is not pursued."""
    return _act(lambda session, reason: service.propose_waiver(session, current_actor(), row_id, reason))


@blueprint.post("/money/defaults/waivers/<uuid:row_id>/<any(agree, refuse):answer>")
@allowed(Verb.RELEASE_MONEY)
def answer_waiver(row_id: uuid.UUID, answer: str) -> Page:
    """The second officer."""
    return _act(
        lambda session, reason: service.answer_waiver(
            session, current_actor(), row_id, agreed=answer == "agree", reason=reason
        )
    )


@blueprint.post("/money/defaults/shortfalls/<uuid:row_id>/paid")
@allowed(Verb.CONFIRM_MONEY)
def shortfall_paid(row_id: uuid.UUID) -> Page:
    """The defaulter has paid what was still owed."""
    return _paid_in(
        lambda session, minor, reference: service.record_paid(
            session, current_actor(), row_id, minor=minor, bank_reference=reference
        )
    )


@blueprint.post("/money/defaults/costs/<uuid:row_id>/paid")
@allowed(Verb.CONFIRM_MONEY)
def leaving_paid(row_id: uuid.UUID) -> Page:
    """Whoever withdrew has paid the costs."""
    return _paid_in(
        lambda session, minor, reference: leaving.record_paid(
            session, current_actor(), row_id, minor=minor, bank_reference=reference
        )
    )


def _act(verb: Callable[[Session, str], object]) -> Page:
    try:
        with atomic() as session:
            verb(session, request.form.get("reason", ""))
    except Refused as refused:
        return _desk(refusal_text(refused)), refused.status
    return redirect(url_for("defaults.desk"), code=303)


def _paid_in(verb: Callable[[Session, int, str], object]) -> Page:
    form = PaidInForm()
    if not form.validate_on_submit():
        return _desk(next(str(errors[0]) for errors in form.errors.values())), 422
    try:
        with atomic() as session:
            verb(session, form.minor, str(form.bank_reference.data))
    except Refused as refused:
        return _desk(refusal_text(refused)), refused.status
    return redirect(url_for("defaults.desk"), code=303)


def _desk(problem: str = "") -> str:
    session, actor, now = db.session(), current_actor(), clock.now()
    waiting = queries.deposits_to_distribute(session)
    found = [(row, find_deal(session, row.deal_id)) for row in waiting if row.deal_id]
    return render_template(
        "defaults/desk.html",
        problem=problem,
        requests=queries.open_requests(session),
        deposits=[
            (
                row,
                deal,
                service.ground_for(session, deal, now),
                _waiting(queries.decisions_of(session, deal.id)),
            )
            for row, deal in found
        ],
        shortfalls=[
            (row, _waiting(queries.waivers_of(session, row.id))) for row in queries.open_shortfalls(session)
        ],
        costs=leaving_queries.owed(session),
        words=texts,
        person_id=actor.person_id,
        may_prepare=may(actor, Verb.CONFIRM_MONEY),
        may_release=may(actor, Verb.RELEASE_MONEY),
    )


def _decision(deal: Deal) -> TwoPersons | None:
    return _waiting(queries.decisions_of(db.session(), deal.id))


def _waiting(rows: Sequence[TwoPersons]) -> TwoPersons | None:
    return next((row for row in rows if row.waits), None)


def _payment(deal_id: uuid.UUID) -> Payment:
    deal = find_deal(db.session(), deal_id)
    require_to_see(current_actor(), deals.subject_of(db.session(), deal))
    found = payment_queries.payment_of(db.session(), deal_id)
    if found is None:
        raise NotFound("payment")
    return found


def _ask_page(deal_id: uuid.UUID, form: AskForm) -> str:
    payment = _payment(deal_id)
    deal, session = payment.deal, db.session()
    subject = deals.subject_of(session, deal)
    rows, left = queries.requests_of(session, payment.id), more_time(pack_of(deal), payment.prolongations)
    open_ = payment.status in OPEN_PAYMENTS and left.times > 0 and not any(row.waits for row in rows)
    return render_template(
        "defaults/more_time.html",
        deal=deal,
        lot=deal.lot,
        rows=rows,
        left=left,
        form=form,
        words=texts,
        may_ask=open_ and may(current_actor(), deals.paying_verb(deal), subject),
    )
