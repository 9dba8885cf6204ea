"""Deals: where does it stand, what is due when, what can I do now."""

import uuid
from dataclasses import dataclass

from flask import render_template, url_for
from flask_babel import gettext

from marketplace.access import Verb, may, require
from marketplace.deals import queries, service
from marketplace.deals.forms import StepForm
from marketplace.deals.models import Deal, TransferRecord
from marketplace.deals.routes.shared import Page, act, blueprint, page_number, reading
from marketplace.deals.rules import SET_OFF, STEPS, DealStatus, TransferStep, next_step
from marketplace.deals.waivers.queries import waivers_of
from marketplace.errors import NotFound
from marketplace.web import current_actor, signed_in


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of the transfer: done, current or open; who recorded what where it is done."""

    step: TransferStep
    state: str
    record: TransferRecord | None


@blueprint.get("/deals")
@signed_in
def deals() -> str:
    """The deals the institution takes part in; all of them for the operator."""
    actor = current_actor()
    everything = may(actor, Verb.SEE_OPERATIONS)
    if not (everything or may(actor, Verb.SEE_DEAL)):
        raise NotFound("deals")
    page = queries.deals_of(None if everything else actor.institution_id, page_number())
    seen = [deal for deal in page.items if _may_see(deal)]
    return render_template("deals/deals.html", page=page, deals=seen)


@blueprint.get("/deals/today")
@signed_in
def today_fragment() -> str:
    """For the reader's day: deals to pay or transfer, and offers to answer."""
    actor = current_actor()
    everything = may(actor, Verb.SEE_OPERATIONS)
    found = queries.open_deals(reading(), None if everything else actor.institution_id)
    offers = [] if everything else queries.open_offers(reading(), actor.institution_id)
    return render_template("deals/_today.html", deals=found, offers=offers)


def _may_see(deal: Deal) -> bool:
    actor = current_actor()
    return may(actor, Verb.SEE_OPERATIONS) or may(actor, Verb.SEE_DEAL, service.subject_of(reading(), deal))


@blueprint.get("/deals/<uuid:deal_id>")
@signed_in
def deal(deal_id: uuid.UUID) -> str:
    """One deal with its parties, price, dates and the steps of its transfer."""
    return show(deal_id)


def show(deal_id: uuid.UUID, problem: str = "") -> str:
    """The page of a deal, with the problem of an act that was refused."""
    actor, found = current_actor(), queries.find_deal(reading(), deal_id)
    subject = service.subject_of(reading(), found)
    if not may(actor, Verb.SEE_OPERATIONS):
        require(actor, Verb.SEE_DEAL, subject)
    due = next_step([record.step for record in found.transfers]) if _transferring(found) else None
    confirming = due is TransferStep.RECORDAL_CONFIRMED
    verb = Verb.CONFIRM_TRANSFER if confirming else Verb.FILE_TRANSFER
    return render_template(
        "deals/deal.html",
        deal=found,
        stages=_stages(found),
        due=due,
        may_record=due is not None and may(actor, verb, subject),
        confirming=confirming,
        mandates=queries.commission_mandates(reading(), found),
        form=StepForm(),
        problem=problem,
        pays=actor.institution_id == found.buyer_id and may(actor, service.paying_verb(found), subject),
        set_off=found.source in SET_OFF,
        waivers=waivers_of(reading(), found.id),
        may_waive=due is not None and may(actor, Verb.WAIVE_TITLE, subject),
        may_answer_waiver=may(actor, Verb.RELEASE_MONEY),
    )


def _transferring(deal: Deal) -> bool:
    return deal.status is DealStatus.PAID


def _stages(deal: Deal) -> list[Stage]:
    records = {record.step: record for record in deal.transfers}
    due = next_step(records) if _transferring(deal) else None
    return [
        Stage(step, "done" if step in records else "current" if step is due else "open", records.get(step))
        for step in STEPS
    ]


@blueprint.post("/deals/<uuid:deal_id>/steps/<step>")
@signed_in
def record_step(deal_id: uuid.UUID, step: str) -> Page:
    """Record the next step with its document; the service says who may."""
    actor, form = current_actor(), StepForm()
    if step not in set(STEPS):
        raise NotFound("step")
    reference = form.document_reference.data or ""
    return act(
        lambda session: service.record_step(session, actor, deal_id, TransferStep(step), reference),
        gettext("Recorded."),
        url_for("deals.deal", deal_id=deal_id),
        lambda problem: show(deal_id, problem),
    )
