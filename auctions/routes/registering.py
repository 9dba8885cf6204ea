"""Registering to bid, and the seller's list of those who have."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from auctions import queries as auction_queries
from auctions import service
from auctions.asking import auction_or_404, reading
from auctions.disclosure import may_ask_identity
from auctions.forms import AdmissionForm, IdentityForm, RegisterForm
from auctions.live import queries
from auctions.live.stage import ENDED
from auctions.models import Auction, Registration
from auctions.routes.rooms import room_of
from auctions.routes.shared import blueprint
from marketplace import clock
from marketplace.access import Actor, InstitutionKind, Subject, Verb, require
from marketplace.clock import LOCAL_ZONE
from marketplace.db import atomic
from marketplace.errors import NotFound, Refused
from marketplace.web import allowed, current_actor, show_refusal

Answer = Response | str | tuple[str, int]


@blueprint.get("/auctions/<uuid:auction_id>/register")
@allowed(Verb.REGISTER_TO_BID)
def register(auction_id: uuid.UUID) -> Answer:
    """The rules, the deposit, and the form."""
    auction = auction_or_404(auction_id)
    return _registration_page(auction, _register_form(auction, current_actor()))


@blueprint.post("/auctions/<uuid:auction_id>/register")
@allowed(Verb.REGISTER_TO_BID)
def register_now(auction_id: uuid.UUID) -> Answer:
    """Register the buyer, or the client of an agency's mandate."""
    auction, actor = auction_or_404(auction_id), current_actor()
    form = _register_form(auction, actor)
    if not form.validate_on_submit():
        return _registration_page(auction, form), 422
    try:
        with atomic() as session:
            registration = service.register(session, actor, auction_id, mandate_id=_mandate_id(form))
    except Refused as refused:
        show_refusal(form, refused)
        return _registration_page(auction_or_404(auction_id), form), refused.status
    flash(gettext("You are registered under the alias %(alias)s.", alias=registration.alias), "done")
    return redirect(url_for("auctions.room", auction_id=auction_id), code=303)


def _registration_page(auction: Auction, form: RegisterForm) -> str:
    room = room_of(auction)
    return render_template("auctions/register.html", room=room, form=form)


def _register_form(auction: Auction, actor: Actor) -> RegisterForm:
    """The form; a buyer bids for itself and is not asked for whom."""
    form = RegisterForm()
    if actor.kind is not InstitutionKind.AGENCY:
        del form.mandate_id
        return form
    today = clock.now().astimezone(LOCAL_ZONE).date()
    mandates = queries.buying_mandates(reading(), actor.institution_id, auction.lot, today)
    form.mandate_id.choices = {str(mandate.id): mandate.client.name for mandate in mandates}
    return form


def _mandate_id(form: RegisterForm) -> uuid.UUID | None:
    return uuid.UUID(form.mandate_id.data) if "mandate_id" in form and form.mandate_id.data else None


@dataclass(frozen=True, slots=True)
class Applicant:
    """One registration as the seller sees it before the end and after it.

    Attributes:
        number: how it is called as long as the name is hidden; neither order nor time of registration.
        name, agency: None before the end, unless the seller has just asked, with a reason.
        alias: None before the end.
    """

    number: int
    registration: Registration
    name: str | None
    agency: str | None
    alias: str | None
    form: AdmissionForm
    identity: IdentityForm


@blueprint.get("/auctions/<uuid:auction_id>/bidders")
@allowed(Verb.ADMIT_BIDDER)
def bidders(auction_id: uuid.UUID) -> str:
    """Who is registered, for the seller."""
    return _bidders_page(_sellers_auction(auction_id))


@blueprint.post("/auctions/<uuid:auction_id>/bidders/<uuid:registration_id>")
@allowed(Verb.ADMIT_BIDDER)
def admit(auction_id: uuid.UUID, registration_id: uuid.UUID) -> Answer:
    """Admit a bidder, or end the admission with a reason."""
    auction, form = _sellers_auction(auction_id), AdmissionForm(prefix=registration_id.hex)
    registration = reading().get(Registration, registration_id)
    if registration is None or registration.auction_id != auction.id:
        raise NotFound("registration")
    if not form.validate_on_submit() or not form.has_reason():
        return _bidders_page(auction, form, registration_id), 422
    try:
        with atomic() as session:
            service.admit(
                session,
                current_actor(),
                registration_id,
                admitted=form.decision.data == "admit",
                reason=form.reason.data or "",
            )
    except Refused as refused:
        show_refusal(form, refused)
        return _bidders_page(_sellers_auction(auction_id), form, registration_id), refused.status
    return redirect(url_for("auctions.bidders", auction_id=auction_id), code=303)


def _sellers_auction(auction_id: uuid.UUID) -> Auction:
    auction = auction_or_404(auction_id)
    require(current_actor(), Verb.ADMIT_BIDDER, Subject(owner_id=auction.institution_id))
    return auction


@blueprint.post("/auctions/<uuid:auction_id>/bidders/<uuid:registration_id>/identity")
@allowed(Verb.ADMIT_BIDDER)
def see_identity(auction_id: uuid.UUID, registration_id: uuid.UUID) -> Answer:
    """Show who a bidder is, this once; the asking is recorded."""
    auction, form = _sellers_auction(auction_id), IdentityForm(prefix=f"who-{registration_id.hex}")
    registration = reading().get(Registration, registration_id)
    if registration is None or registration.auction_id != auction.id:
        raise NotFound("registration")
    if not form.validate_on_submit():
        return _bidders_page(auction, identity=(registration_id, form)), 422
    try:
        with atomic() as session:
            service.see_identity(session, current_actor(), registration_id, form.reason.data or "")
    except Refused as refused:
        show_refusal(form, refused)
        return _bidders_page(_sellers_auction(auction_id), identity=(registration_id, form)), refused.status
    return _bidders_page(_sellers_auction(auction_id), seen_id=registration_id)


def _bidders_page(
    auction: Auction,
    form: AdmissionForm | None = None,
    refused_id: uuid.UUID | None = None,
    *,
    identity: tuple[uuid.UUID, IdentityForm] | None = None,
    seen_id: uuid.UUID | None = None,
) -> str:
    room = room_of(auction)
    found = auction_queries.registrations_of(reading(), auction.id)
    forms = {refused_id: form} if form and refused_id else {}
    asked = dict([identity]) if identity else {}
    rows = _applicants(found, forms, asked, seen_id, ended=room.state.stage in ENDED)
    return render_template(
        "auctions/bidders.html", room=room, rows=rows, may_ask=may_ask_identity(room.terms.pack)
    )


def _applicants(
    found: Sequence[Registration],
    forms: Mapping[uuid.UUID, AdmissionForm],
    asked: Mapping[uuid.UUID, IdentityForm],
    seen_id: uuid.UUID | None,
    *,
    ended: bool,
) -> list[Applicant]:
    """In the order of their random ids: the order of registration could be matched with first bids."""
    return [
        Applicant(
            number=number,
            registration=one,
            name=one.institution.name if ended or one.id == seen_id else None,
            agency=one.mandate.agency.name if one.mandate and (ended or one.id == seen_id) else None,
            alias=one.alias if ended else None,
            form=forms.get(one.id) or _admission_form(one),
            identity=asked.get(one.id) or IdentityForm(formdata=None, prefix=f"who-{one.id.hex}"),
        )
        for number, one in enumerate(sorted(found, key=lambda one: one.id), start=1)
    ]


def _admission_form(registration: Registration) -> AdmissionForm:
    decision = "admit" if registration.admitted else "bar"
    return AdmissionForm(formdata=None, prefix=registration.id.hex, decision=decision)
