"""The procedure of a lot: for everybody its attempts, for the bank what is due and what it may decide."""

import uuid
from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from auctions.procedure import queries, service, views
from auctions.procedure.forms import ApproveForm, RefuseForm, StepForm
from auctions.procedure.rules import ProcedureReason
from auctions.procedure.texts import END_TONES, ENDS, HINTS, RUNGS, STEPS, TONES, VERDICTS
from auctions.procedure.writing import read_proposal
from auctions.texts import FORMATS
from marketplace import clock
from marketplace.access import Verb, may
from marketplace.db import atomic, db
from marketplace.deals.queries import live_deal
from marketplace.errors import NotFound, Refused
from marketplace.language import money
from marketplace.listings.models import Lot
from marketplace.listings.queries import find_own_lot, find_public_lot
from marketplace.listings.texts import LOT_STATUSES, LOT_TONES
from marketplace.rule_packs import StepKind, load
from marketplace.rule_packs.ladder import rung_at
from marketplace.web import allowed, current_actor, public, refusal_text, show_refusal

blueprint = Blueprint("procedure", __name__, template_folder="templates")

Page = str | Response | tuple[str, int]


@blueprint.context_processor
def words() -> dict[str, object]:
    """The words for enums, for the templates of the procedure."""
    return {
        "step_words": STEPS,
        "step_hints": HINTS,
        "rungs": RUNGS,
        "verdicts": VERDICTS,
        "verdict_tones": TONES,
        "ends": ENDS,
        "end_tones": END_TONES,
        "format_words": FORMATS,
        "lot_statuses": LOT_STATUSES,
        "lot_tones": LOT_TONES,
    }


def reading() -> Session:
    return db.session()


@blueprint.get("/lots/<uuid:lot_id>/procedure")
@public
def fragment(lot_id: uuid.UUID) -> str:
    """For the pages of lot and auction: each attempt and each step that was decided, without names."""
    lot = find_public_lot(reading(), lot_id)
    entries = views.history(reading(), lot, everything=False)
    return render_template("procedure/_fragment.html", lot=lot, entries=entries, own=False)


@blueprint.get("/portfolio/procedures/today")
@allowed(Verb.SEE_PORTFOLIO)
def today_fragment() -> str:
    """For the bank's day: steps that wait for a second person, and lots that wait for a step."""
    actor = current_actor()
    waiting = queries.waiting_of_bank(reading(), actor.institution_id)
    checks = may(actor, Verb.APPROVE_LOT)
    lots = queries.undecided_lots(reading(), actor.institution_id)
    return render_template(
        "procedure/_today.html",
        waiting=[(step, checks and step.person_id != actor.person_id) for step in waiting],
        undecided=[(lot, views.deadline(lot)) for lot in lots],
    )


@blueprint.get("/portfolio/lots/<uuid:lot_id>/procedure")
@allowed(Verb.SEE_PORTFOLIO)
def procedure(lot_id: uuid.UUID) -> Page:
    """Where the lot stands, what is due and when, what the bank can do now."""
    return _page(_own(lot_id))


def _own(lot_id: uuid.UUID) -> Lot:
    return find_own_lot(reading(), current_actor().institution_id, lot_id)


def _page(
    lot: Lot, refused: StepForm | None = None, problem: str = "", refusing: RefuseForm | None = None
) -> str:
    actor, now = current_actor(), clock.now()
    entries = views.history(reading(), lot, everything=True)
    waiting = views.waiting(entries)
    proposal = waiting.proposal if waiting else None
    officer, approver = may(actor, Verb.DRAFT_LOT), may(actor, Verb.APPROVE_LOT)
    mine = proposal is not None and proposal.person_id == actor.person_id
    seen_hash = proposal.content_hash if proposal else ""
    return render_template(
        "procedure/procedure.html",
        lot=lot,
        pack=load(lot.rule_pack, lot.rule_pack_version),
        entries=entries,
        proposal=proposal,
        proposed=read_proposal(proposal) if proposal else None,
        choices=[] if proposal else views.choices(reading(), lot, now, refused),
        problem=problem,
        approve_form=ApproveForm(formdata=None, seen_hash=seen_hash),
        refuse_form=refusing or RefuseForm(formdata=None),
        officer=officer,
        may_approve=proposal is not None and approver and not mine,
        may_refuse=proposal is not None and (mine or approver),
        mine=mine,
        zone=now.astimezone(clock.LOCAL_ZONE).tzname(),
        rung=rung_at(load(lot.rule_pack, lot.rule_pack_version), lot.round),
        deal=live_deal(reading(), lot.id),
    )


@blueprint.post("/portfolio/lots/<uuid:lot_id>/procedure/<kind>")
@allowed(Verb.DRAFT_LOT)
def propose(lot_id: uuid.UUID, kind: str) -> Page:
    """Propose a step; a second person has to approve it."""
    if kind not in set(StepKind):
        raise NotFound("step")
    lot, actor = _own(lot_id), current_actor()
    form = views.form_for(StepKind(kind), lot)
    if not form.validate_on_submit():
        return _page(lot, form), 422
    try:
        with atomic() as session:
            service.propose(session, actor, lot_id, form.proposal())
    except Refused as refused:
        lot = _own(lot_id)
        show_refusal(form, _in_words(refused, lot))
        misplaced = " ".join(form.form_errors)
        return _page(lot, form, misplaced), refused.status
    flash(gettext("Proposed: a second person has to approve it."), "success")
    return redirect(url_for("procedure.procedure", lot_id=lot_id), code=303)


def _in_words(refused: Refused, lot: Lot) -> Refused:
    if refused.reason is not ProcedureReason.LESS_THAN_THE_DEBT:
        return refused
    least = money(refused.details["least_minor"], lot.currency)
    return Refused(refused.reason, refused.field, least=least)


@blueprint.post("/portfolio/steps/<uuid:proposal_id>/approve")
@allowed(Verb.APPROVE_LOT)
def approve(proposal_id: uuid.UUID) -> Page:
    """Approve exactly what is on the page; it is carried out at once."""
    actor, seen_hash = current_actor(), ApproveForm().seen_hash.data or ""
    act = lambda session: service.approve(session, actor, proposal_id, seen_hash=seen_hash)  # noqa: E731
    return _answer(proposal_id, act, gettext("Approved and carried out."))


@blueprint.post("/portfolio/steps/<uuid:proposal_id>/refuse")
@allowed(Verb.SEE_PORTFOLIO)
def refuse(proposal_id: uuid.UUID) -> Page:
    """Do not approve it, or take one's own proposal back."""
    actor, form = current_actor(), RefuseForm()
    reason = form.reason.data or ""
    act = lambda session: service.refuse(session, actor, proposal_id, reason=reason)  # noqa: E731
    return _answer(proposal_id, act, gettext("Not approved."), form)


def _answer(
    proposal_id: uuid.UUID, act: Callable[[Session], object], done: str, form: RefuseForm | None = None
) -> Page:
    lot_id = _own(queries.find_proposal(reading(), proposal_id).lot_id).id
    try:
        with atomic() as session:
            act(session)
    except Refused as refused:
        lot = _own(lot_id)
        in_form = form is not None and refused.field == "reason"
        if form is not None and in_form:
            show_refusal(form, refused)
        problem = "" if in_form else refusal_text(_in_words(refused, lot))
        return _page(lot, problem=problem, refusing=form), refused.status
    flash(done, "success")
    return redirect(url_for("procedure.procedure", lot_id=lot_id), code=303)
