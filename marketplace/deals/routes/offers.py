"""Offers: made by an agency, confirmed by a buyer it found, accepted and approved by the bank."""

import uuid
from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.access import Verb, may, require
from marketplace.clock import LOCAL_ZONE
from marketplace.db import atomic
from marketplace.deals import queries
from marketplace.deals.forms import OfferForm
from marketplace.deals.models import Offer
from marketplace.deals.routes.shared import Page, act, blueprint, page_number, read_id, reading
from marketplace.deals.rules import DealReason, DealSource, OfferStatus
from marketplace.deals.service import offers as service
from marketplace.deals.service.offer_checks import needs_confirmation
from marketplace.deals.texts import SIDES
from marketplace.errors import Refused
from marketplace.listings.models import Lot
from marketplace.listings.queries import find_public_lot
from marketplace.money import MalformedAmount, parse_minor
from marketplace.web import allowed, current_actor, show_refusal


@blueprint.get("/offers")
@allowed(Verb.SEE_OFFER)
def offers() -> str:
    """The offers the institution takes part in."""
    page = queries.offers_of(current_actor().institution_id, page_number())
    return render_template("deals/offers.html", page=page)


@blueprint.route("/offers/new", methods=["GET", "POST"])
@allowed(Verb.MAKE_OFFER)
def new_offer() -> Page:
    """Offer a price for a published lot under one of the agency's mandates."""
    lot = find_public_lot(reading(), read_id(request.args.get("lot")) or uuid.uuid4())
    form, actor = OfferForm(), current_actor()
    mandates = queries.usable_mandates(reading(), actor.institution_id, lot, clock.now())
    form.mandate_id.choices = {
        str(mandate.id): f"{mandate.client.name} · {SIDES[mandate.side]}" for mandate in mandates
    }
    if not form.validate_on_submit():
        return _form_page(form, lot)
    try:
        with atomic() as session:
            offer = _make(session, form, lot.id, lot.currency)
    except Refused as refused:
        show_refusal(form, refused)
        return _form_page(form, lot)
    flash(gettext("The offer is made."), "success")
    return redirect(url_for("deals.offer", offer_id=offer.id), code=303)


def _make(session: Session, form: OfferForm, lot_id: uuid.UUID, currency: str) -> Offer:
    until = form.expires_at.data
    if until is None:
        raise Refused(DealReason.OFFER_EXPIRY_OUT_OF_RANGE, field="expires_at")
    try:
        price_minor = parse_minor((form.price.data or "").strip(), currency)
    except MalformedAmount as malformed:
        raise Refused(DealReason.PRICE_NOT_POSITIVE, field="price") from malformed
    buyer = queries.institution_by_number(session, form.buyer.data) if form.buyer.data else None
    return service.make(
        session,
        current_actor(),
        mandate_id=uuid.UUID(form.mandate_id.data),
        lot_id=lot_id,
        price_minor=price_minor,
        expires_at=clock.aware(until.replace(tzinfo=LOCAL_ZONE)),
        buyer_id=buyer.id if buyer else None,
    )


def _form_page(form: OfferForm, lot: Lot) -> Page:
    page = render_template("deals/new_offer.html", form=form, lot=lot)
    return (page, 422) if form.is_submitted() else page


@blueprint.get("/offers/<uuid:offer_id>")
@allowed(Verb.SEE_OFFER)
def offer(offer_id: uuid.UUID) -> str:
    """One offer: where it stands, until when, and who has to decide."""
    return _show(offer_id)


def _show(offer_id: uuid.UUID, problem: str = "") -> str:
    actor, found = current_actor(), queries.find_offer(reading(), offer_id)
    subject = service.subject_of_offer(found)
    require(actor, Verb.SEE_OFFER, subject)
    is_bank = actor.institution_id == found.lot.institution_id
    is_agency = found.mandate is not None and actor.institution_id == found.mandate.agency_id
    made, accepted = found.status is OfferStatus.MADE, found.status is OfferStatus.ACCEPTED
    unconfirmed = needs_confirmation(found)
    to_confirm = unconfirmed and made and actor.institution_id == found.buyer_id
    to_approve = is_bank and accepted and may(actor, Verb.APPROVE_OFFER, subject)
    return render_template(
        "deals/offer.html",
        offer=found,
        problem=problem,
        unconfirmed=unconfirmed,
        may_confirm=to_confirm and may(actor, Verb.CONFIRM_OFFER, subject),
        may_accept=is_bank and made and not unconfirmed and may(actor, Verb.ANSWER_OFFER, subject),
        may_refuse=to_approve or (is_bank and made and may(actor, Verb.ANSWER_OFFER, subject)),
        may_approve=to_approve and found.accepted_by_id != actor.person_id,
        may_withdraw=is_agency and made and found.window_id is None and may(actor, Verb.MAKE_OFFER, subject),
        deal=queries.deal_from(reading(), DealSource.OFFER, found.id, found.buyer_id),
    )


@blueprint.post("/offers/<uuid:offer_id>/confirm")
@allowed(Verb.CONFIRM_OFFER)
def confirm_offer(offer_id: uuid.UUID) -> Page:
    """The named buyer's approver confirms it."""
    actor = current_actor()
    return _act(offer_id, lambda session: service.confirm(session, actor, offer_id), gettext("Confirmed."))


@blueprint.post("/offers/<uuid:offer_id>/accept")
@allowed(Verb.ANSWER_OFFER)
def accept_offer(offer_id: uuid.UUID) -> Page:
    """The bank's officer wants it."""
    actor, done = current_actor(), gettext("Accepted: a second person must approve it.")
    return _act(offer_id, lambda session: service.accept(session, actor, offer_id), done)


@blueprint.post("/offers/<uuid:offer_id>/approve")
@allowed(Verb.APPROVE_OFFER)
def approve_offer(offer_id: uuid.UUID) -> Page:
    """A second person of the bank agrees: there is a deal."""
    actor, done = current_actor(), gettext("Agreed. The lot is reserved and the buyer has to pay.")
    return _act(offer_id, lambda session: service.approve(session, actor, offer_id), done)


@blueprint.post("/offers/<uuid:offer_id>/refuse")
@allowed(Verb.SEE_OFFER)
def refuse_offer(offer_id: uuid.UUID) -> Page:
    """The bank does not want it."""
    actor = current_actor()
    return _act(offer_id, lambda session: service.refuse(session, actor, offer_id), gettext("Refused."))


@blueprint.post("/offers/<uuid:offer_id>/withdraw")
@allowed(Verb.MAKE_OFFER)
def withdraw_offer(offer_id: uuid.UUID) -> Page:
    """The agency takes it back."""
    actor = current_actor()
    return _act(offer_id, lambda session: service.withdraw(session, actor, offer_id), gettext("Withdrawn."))


def _act(offer_id: uuid.UUID, verb: Callable[[Session], object], done: str) -> Page:
    url = url_for("deals.offer", offer_id=offer_id)
    return act(verb, done, url, lambda problem: _show(offer_id, problem))
