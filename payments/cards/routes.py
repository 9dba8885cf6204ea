"""Saved cards: the list, another one, one less; and what a bidder does about a hold that stands."""

import uuid
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from marketplace.access import Verb, may
from marketplace.db import atomic, db
from marketplace.errors import NotFound, Refused
from marketplace.web import allowed, current_actor, refusal_text, show_refusal, signed_in
from payments import queries as money
from payments.access import require_to_see
from payments.cards import queries, service
from payments.cards.forms import RaiseForm
from payments.cards.rules import PLACED_BEFORE_OPENING
from payments.cards.texts import CARD_TONES, CARDS, card_name
from payments.gateways.registry import offered
from payments.models import Deposit
from payments.rules import Method
from payments.service import raise_to, renew_by_page, subject_of

blueprint = Blueprint("cards", __name__, template_folder="templates")

Page = str | Response | tuple[str, int]


@blueprint.app_context_processor
def words() -> dict[str, Any]:
    """The words for cards, for the deposit's page too."""
    return {"card_words": CARDS, "card_tones": CARD_TONES, "card_name": card_name}


def reading() -> Session:
    return db.session()


@blueprint.get("/money/cards")
@allowed(Verb.PAY_DEAL)
def index() -> Page:
    """The cards the reader's institution has saved."""
    return _cards()


@blueprint.post("/money/cards")
@allowed(Verb.PAY_DEAL)
def add() -> Page:
    """Save another card, on the gateway's own page."""
    try:
        with atomic() as session:
            service.begin_saving(session, current_actor(), offered())
    except Refused as refused:
        return _cards(refusal_text(refused)), refused.status
    return redirect(url_for("cards.index"), code=303)


@blueprint.post("/money/cards/<uuid:card_id>/remove")
@allowed(Verb.PAY_DEAL)
def remove(card_id: uuid.UUID) -> Page:
    """Forget a card."""
    with atomic() as session:
        service.remove(session, current_actor(), card_id)
    return redirect(url_for("cards.index"), code=303)


@blueprint.post("/money/registrations/<uuid:registration_id>/hold/renew")
@signed_in
def renew(registration_id: uuid.UUID) -> Page:
    """Renew a hold on the gateway's page."""
    found = _deposit(registration_id)
    with atomic() as session:
        renew_by_page(session, current_actor(), found.id)
    return _to_deposit(registration_id)


@blueprint.get("/money/registrations/<uuid:registration_id>/hold")
@signed_in
def more(registration_id: uuid.UUID) -> Page:
    """Have more held than was asked for."""
    return _more(_deposit(registration_id), RaiseForm())


@blueprint.post("/money/registrations/<uuid:registration_id>/hold")
@signed_in
def raise_hold(registration_id: uuid.UUID) -> Page:
    """Have more held."""
    found, form = _deposit(registration_id), RaiseForm()
    form.currency.data = found.currency
    if not form.validate_on_submit():
        return _more(found, form), 422
    try:
        with atomic() as session:
            raise_to(session, current_actor(), found.id, form.minor)
    except Refused as refused:
        show_refusal(form, refused)
        return _more(_deposit(registration_id), form), refused.status
    return _to_deposit(registration_id)


def _deposit(registration_id: uuid.UUID) -> Deposit:
    found = money.deposit_of_registration(reading(), registration_id)
    if found is None:
        raise NotFound("deposit")
    require_to_see(current_actor(), subject_of(found))
    return found


def _to_deposit(registration_id: uuid.UUID) -> Response:
    return redirect(url_for("payments.deposit", registration_id=registration_id), code=303)


def _cards(problem: str = "") -> str:
    return render_template(
        "cards/index.html",
        cards=queries.kept_cards(reading(), current_actor().institution_id),
        taken=Method.STRIPE in offered(),
        problem=problem,
        hours=PLACED_BEFORE_OPENING.total_seconds() // 3600,
    )


def _more(deposit: Deposit, form: RaiseForm) -> str:
    return render_template(
        "cards/more.html",
        deposit=deposit,
        lot=deposit.lot,
        form=form,
        may_pay=may(current_actor(), Verb.PAY_DEAL, subject_of(deposit)),
    )
