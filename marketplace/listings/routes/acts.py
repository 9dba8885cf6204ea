"""What a bank does with a lot: draft, edit, submit, approve, publish, withdraw."""

import uuid
from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from marketplace.access import Verb
from marketplace.db import atomic
from marketplace.errors import Refused
from marketplace.listings import queries, service
from marketplace.listings.forms import ApproveForm, LotForm, ReasonForm, fill
from marketplace.listings.models import Lot
from marketplace.listings.routes.bank import show_own_lot
from marketplace.listings.routes.shared import blueprint, reading
from marketplace.web import allowed, current_actor, refusal_text, show_refusal

Page = str | Response | tuple[str, int]


@blueprint.route("/portfolio/lots/new", methods=["GET", "POST"])
@allowed(Verb.DRAFT_LOT)
def new_lot() -> Page:
    """Make a lot of rights that are in no lot yet."""
    form = _lot_form(None)
    if not form.validate_on_submit():
        return _form_page(form, None)
    return _save(form, None)


@blueprint.route("/portfolio/lots/<uuid:lot_id>/edit", methods=["GET", "POST"])
@allowed(Verb.DRAFT_LOT)
def edit_lot(lot_id: uuid.UUID) -> Page:
    """Change a lot that is not on the market; it becomes a draft again."""
    lot = queries.find_own_lot(reading(), current_actor().institution_id, lot_id)
    form = _lot_form(lot)
    if not form.is_submitted():
        fill(form, lot)
    if not form.validate_on_submit():
        return _form_page(form, lot)
    return _save(form, lot)


def _lot_form(lot: Lot | None) -> LotForm:
    form, bank = LotForm(), current_actor().institution_id
    rights = queries.rights_to_choose(reading(), bank, lot)
    form.right_ids.choices = [(str(right.id), f"{right.number} · {right.title}") for right in rights]
    cases = [
        (str(case.id), f"{case.reference} · {case.debtor}") for case in queries.cases_of(reading(), bank)
    ]
    form.case_id.choices = [("", "–"), *cases]
    return form


def _form_page(form: LotForm, lot: Lot | None) -> Page:
    page = render_template("listings/edit_lot.html", form=form, lot=lot)
    return (page, 422) if form.is_submitted() else page


def _save(form: LotForm, lot: Lot | None) -> Page:
    actor, lot_id = current_actor(), lot.id if lot else None
    right_ids = [uuid.UUID(right_id) for right_id in form.right_ids.data or []]
    case_id = uuid.UUID(form.case_id.data) if form.case_id.data else None
    try:
        with atomic() as session:
            terms = form.terms()
            if lot_id is None:
                saved = service.draft(session, actor, terms, right_ids=right_ids, case_id=case_id)
            else:
                saved = service.edit(session, actor, lot_id, terms, right_ids=right_ids, case_id=case_id)
            lot_id = saved.id
    except Refused as refused:
        show_refusal(form, refused)
        return _form_page(form, lot)
    flash(gettext("The draft is saved."), "success")
    return redirect(url_for("listings.own_lot", lot_id=lot_id), code=303)


@blueprint.post("/portfolio/lots/<uuid:lot_id>/submit")
@allowed(Verb.DRAFT_LOT)
def submit_lot(lot_id: uuid.UUID) -> Page:
    """Put the draft before a second person."""
    act = lambda session: service.submit(session, current_actor(), lot_id)  # noqa: E731
    return _act(lot_id, act, gettext("Submitted: a second person must approve it."))


@blueprint.post("/portfolio/lots/<uuid:lot_id>/approve")
@allowed(Verb.APPROVE_LOT)
def approve_lot(lot_id: uuid.UUID) -> Page:
    """Approve what is on the page."""
    seen_hash = ApproveForm().seen_hash.data or ""
    act = lambda session: service.approve(session, current_actor(), lot_id, seen_hash=seen_hash)  # noqa: E731
    return _act(lot_id, act, gettext("Approved. It can be published."))


@blueprint.post("/portfolio/lots/<uuid:lot_id>/publish")
@allowed(Verb.SEE_PORTFOLIO)
def publish_lot(lot_id: uuid.UUID) -> Page:
    """Show the approved lot to everybody."""
    act = lambda session: service.publish(session, current_actor(), lot_id)  # noqa: E731
    return _act(lot_id, act, gettext("Published. Bidding opens only once its auction is announced."))


@blueprint.post("/portfolio/lots/<uuid:lot_id>/send-back")
@allowed(Verb.APPROVE_LOT)
def send_back_lot(lot_id: uuid.UUID) -> Page:
    """Give it back to its maker with a reason."""
    form, actor = ReasonForm(), current_actor()
    reason = form.reason.data or ""
    act = lambda session: service.send_back(session, actor, lot_id, reason=reason)  # noqa: E731
    return _act(lot_id, act, gettext("Sent back to its maker."), form)


@blueprint.post("/portfolio/lots/<uuid:lot_id>/withdraw")
@allowed(Verb.DRAFT_LOT)
def withdraw_lot(lot_id: uuid.UUID) -> Page:
    """Take it off for good, with a reason."""
    form, actor = ReasonForm(), current_actor()
    reason = form.reason.data or ""
    act = lambda session: service.withdraw(session, actor, lot_id, reason=reason)  # noqa: E731
    return _act(lot_id, act, gettext("Withdrawn."), form)


def _act(
    lot_id: uuid.UUID, act: Callable[[Session], object], done: str, form: ReasonForm | None = None
) -> Page:
    """Run a verb; show the lot again with the reason when it is refused."""
    try:
        with atomic() as session:
            act(session)
    except Refused as refused:
        lot = queries.find_own_lot(reading(), current_actor().institution_id, lot_id)
        in_form = form is not None and refused.field == "reason"
        if form is not None and in_form:
            show_refusal(form, refused)
        problem = "" if in_form else refusal_text(refused)
        return show_own_lot(lot, form, problem), refused.status
    flash(done, "success")
    return redirect(url_for("listings.own_lot", lot_id=lot_id), code=303)
