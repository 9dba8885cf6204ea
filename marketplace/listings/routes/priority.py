"""Holders of a right of first refusal: the bank's list, the public notices, a holder's own page."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from marketplace.access import Verb, may
from marketplace.db import atomic
from marketplace.errors import Refused
from marketplace.listings import queries
from marketplace.listings.forms import ReasonForm
from marketplace.listings.models import Lot
from marketplace.listings.priority import queries as holders
from marketplace.listings.priority import service
from marketplace.listings.priority.forms import HolderForm, NoticeForm, WaiverForm
from marketplace.listings.priority.models import PriorityHolder
from marketplace.listings.priority.rules import (
    HOLDER_MOVES,
    STATUTES,
    HolderStatus,
    announce_from,
    two_persons,
)
from marketplace.listings.priority.texts import KINDS, METHODS, STATUS_TONES, STATUSES
from marketplace.listings.routes.shared import blueprint, page_number, reading
from marketplace.rule_packs.words import source_text
from marketplace.web import allowed, current_actor, public, refusal_text, show_refusal, signed_in

Page = str | Response | tuple[str, int]


@blueprint.context_processor
def priority_words() -> dict[str, Any]:
    """The words for holders, for every template of listings."""
    return {
        "holder_kinds": KINDS,
        "holder_statuses": STATUSES,
        "holder_tones": STATUS_TONES,
        "service_methods": METHODS,
        "statutes": STATUTES,
    }


@dataclass(frozen=True, slots=True)
class Row:
    """One holder with its forms, and from when its latest notice lets the sale be announced."""

    holder: PriorityHolder
    announce_from: datetime | None
    notice: NoticeForm
    waiver: WaiverForm
    reason: ReasonForm
    may_notify: bool
    may_waive: bool
    may_strike_out: bool


@blueprint.get("/portfolio/lots/<uuid:lot_id>/priority")
@allowed(Verb.SEE_PORTFOLIO)
def priority(lot_id: uuid.UUID) -> str:
    """The lot's holders, what each was told and when, and what still stands in the sale's way."""
    return _show(queries.find_own_lot(reading(), current_actor().institution_id, lot_id))


@blueprint.post("/portfolio/lots/<uuid:lot_id>/priority")
@allowed(Verb.DRAFT_LOT)
def enter_holder(lot_id: uuid.UUID) -> Page:
    """Put somebody on the list."""
    lot = queries.find_own_lot(reading(), current_actor().institution_id, lot_id)
    form, actor = HolderForm(), current_actor()
    if not form.validate_on_submit():
        return _show(lot, entry=form), 422
    try:
        with atomic() as session:
            service.enter(session, actor, lot_id, form.entry())
    except Refused as refused:
        show_refusal(form, refused)
        return _show(_again(lot_id), entry=form), refused.status
    flash(gettext("Entered."), "success")
    return _back(lot_id)


@blueprint.post("/portfolio/priority/<uuid:holder_id>/confirm")
@allowed(Verb.APPROVE_LOT)
def confirm_holder(holder_id: uuid.UUID) -> Page:
    """A second person confirms the holder and its order."""
    actor = current_actor()
    return _act(holder_id, lambda session: service.confirm_holder(session, actor, holder_id), None)


@blueprint.post("/portfolio/priority/<uuid:holder_id>/serve")
@allowed(Verb.DRAFT_LOT)
def serve_notice(holder_id: uuid.UUID) -> Page:
    """Record a notice with its proof."""
    form, actor = NoticeForm(prefix=holder_id.hex), current_actor()
    return _act(holder_id, lambda session: service.serve(session, actor, holder_id, form.service()), form)


@blueprint.post("/portfolio/priority/<uuid:holder_id>/notices/<uuid:notice_id>/confirm")
@allowed(Verb.APPROVE_LOT)
def confirm_notice(holder_id: uuid.UUID, notice_id: uuid.UUID) -> Page:
    """A second person has looked at the proof of service."""
    actor = current_actor()
    return _act(holder_id, lambda session: service.confirm_notice(session, actor, notice_id), None)


@blueprint.post("/portfolio/priority/<uuid:holder_id>/waive")
@allowed(Verb.APPROVE_LOT)
def waive_priority(holder_id: uuid.UUID) -> Page:
    """Record a written waiver."""
    form, actor = WaiverForm(prefix=holder_id.hex), current_actor()
    document = form.document.data or ""
    return _act(holder_id, lambda session: service.waive(session, actor, holder_id, document), form)


@blueprint.post("/portfolio/priority/<uuid:holder_id>/strike-out")
@allowed(Verb.SEE_PORTFOLIO)
def strike_out_holder(holder_id: uuid.UUID) -> Page:
    """Take an entry off the list, with the reason."""
    form, actor = ReasonForm(prefix=holder_id.hex), current_actor()
    reason = form.reason.data or ""
    return _act(holder_id, lambda session: service.strike_out(session, actor, holder_id, reason), form)


@blueprint.get("/public-notices")
@public
def public_notices() -> str:
    """Notices of sale to holders whom nothing else reaches, from when each counts as received."""
    page = holders.public_notices(page_number())
    return render_template("listings/public_notices.html", page=page, effective=holders.effective_moment)


@blueprint.get("/priority")
@signed_in
def own_priority() -> str:
    """The lots in which the reader's institution holds a right of first refusal and was notified."""
    found = holders.held_by(reading(), current_actor().institution_id)
    return render_template("listings/own_priority.html", holders=found)


def _act(holder_id: uuid.UUID, verb: Callable[[Session], object], form: FlaskForm | None) -> Page:
    """Run a verb on a holder of an own lot; show the list again with the reason when it is refused."""
    lot_id = _own_holder(holder_id).lot_id
    if form is not None and not form.validate_on_submit():
        return _show(_again(lot_id), holder_id, form), 422
    try:
        with atomic() as session:
            verb(session)
    except Refused as refused:
        if form is None:
            return _show(_again(lot_id), problem=refusal_text(refused)), refused.status
        show_refusal(form, refused)
        return _show(_again(lot_id), holder_id, form), refused.status
    flash(gettext("Recorded."), "success")
    return _back(lot_id)


def _own_holder(holder_id: uuid.UUID) -> PriorityHolder:
    holder = holders.find_holder(reading(), holder_id)
    queries.find_own_lot(reading(), current_actor().institution_id, holder.lot_id)
    return holder


def _again(lot_id: uuid.UUID) -> Lot:
    return queries.find_own_lot(reading(), current_actor().institution_id, lot_id)


def _back(lot_id: uuid.UUID) -> Response:
    return redirect(url_for("listings.priority", lot_id=lot_id), code=303)


def _show(
    lot: Lot,
    refused_id: uuid.UUID | None = None,
    form: FlaskForm | None = None,
    *,
    entry: HolderForm | None = None,
    problem: str = "",
) -> str:
    actor, known = current_actor(), holders.holders_of(reading(), lot.id)
    suggested = holders.suggestions(lot, known)
    return render_template(
        "listings/priority.html",
        lot=lot,
        pack=holders.pack_of(lot),
        source_text=source_text,
        two=two_persons(holders.pack_of(lot)),
        rows=[_row(lot, holder, form if holder.id == refused_id else None) for holder in known],
        suggestions=suggested,
        entry=entry or _entry_form(suggested),
        problem=problem,
        problems=[refusal_text(refused) for refused in service.problems_of(reading(), lot)],
        me=actor.person_id,
        officer=may(actor, Verb.DRAFT_LOT),
        approver=may(actor, Verb.APPROVE_LOT),
    )


def _row(lot: Lot, holder: PriorityHolder, form: FlaskForm | None) -> Row:
    seen, pack, prefix = holders.as_rules_see(holder), holders.pack_of(lot), holder.id.hex
    moves = HOLDER_MOVES[holder.status]
    return Row(
        holder=holder,
        announce_from=announce_from(seen.notices[-1], pack) if seen.notices else None,
        notice=form if isinstance(form, NoticeForm) else NoticeForm(formdata=None, prefix=prefix),
        waiver=form if isinstance(form, WaiverForm) else WaiverForm(formdata=None, prefix=prefix),
        reason=form if isinstance(form, ReasonForm) else ReasonForm(formdata=None, prefix=prefix),
        may_notify=HolderStatus.NOTIFIED in moves and holder.status is not HolderStatus.TAKES_PART,
        may_waive=HolderStatus.WAIVED in moves,
        may_strike_out=HolderStatus.REMOVED in moves,
    )


def _entry_form(suggested: list[holders.Suggestion]) -> HolderForm:
    """An empty form, or one filled from the bank's own file where the reader asked for it."""
    number = request.args.get("suggestion", type=int)
    if number is None or not 0 <= number < len(suggested):
        return HolderForm(formdata=None)
    one = suggested[number]
    return HolderForm(
        formdata=None, kind=one.kind, name=one.name, basis=one.basis, evidence=one.evidence, order=1
    )
