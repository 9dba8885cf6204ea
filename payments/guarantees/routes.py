"""Guarantee letters: a bidder hands one in, officers check, accept and follow it."""

import io
import uuid
from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, render_template, send_file, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from marketplace.access import Verb, may
from marketplace.db import atomic, db
from marketplace.errors import NotFound, Refused
from marketplace.web import allowed, current_actor, refusal_text, show_refusal, signed_in
from payments import queries as money
from payments.access import require_to_see
from payments.forms import ReasonForm
from payments.guarantees import queries, service
from payments.guarantees.forms import LetterForm
from payments.guarantees.models import GuaranteeLetter
from payments.guarantees.texts import STATUSES, TONES
from payments.models import Deposit
from payments.routes.desk import first_error
from payments.service import subject_of

blueprint = Blueprint("guarantees", __name__, template_folder="templates")

Page = str | Response | tuple[str, int]


@blueprint.context_processor
def words() -> dict[str, Any]:
    """The words for enums, and who may do what."""
    return {"letter_words": STATUSES, "letter_tones": TONES, "verbs": Verb, "allows": _allows}


def _allows(verb: Verb) -> bool:
    return may(current_actor(), verb)


def reading() -> Session:
    return db.session()


@blueprint.get("/money/registrations/<uuid:registration_id>/guarantee")
@signed_in
def letter(registration_id: uuid.UUID) -> Page:
    """The letters of a registration's deposit, and the form for another one."""
    return _letters(_deposit(registration_id), LetterForm())


@blueprint.post("/money/registrations/<uuid:registration_id>/guarantee")
@signed_in
def hand_in(registration_id: uuid.UUID) -> Page:
    """Hand in a letter for the deposit."""
    deposit, form = _deposit(registration_id), LetterForm()
    form.currency.data = deposit.currency
    if not form.validate_on_submit():
        return _letters(deposit, form), 422
    try:
        with atomic() as session:
            service.hand_in(session, current_actor(), deposit.id, form.letter(), form.content())
    except Refused as refused:
        show_refusal(form, refused)
        return _letters(_deposit(registration_id), form), refused.status
    return redirect(url_for("guarantees.letter", registration_id=registration_id), code=303)


@blueprint.post("/money/guarantees/<uuid:letter_id>/withdraw")
@allowed(Verb.PAY_DEAL)
def withdraw(letter_id: uuid.UUID) -> Page:
    """The bidder takes a letter back that is not accepted yet."""
    with atomic() as session:
        found = service.withdraw(session, current_actor(), letter_id)
        registration_id = found.deposit.registration_id
    return redirect(url_for("payments.deposit", registration_id=registration_id), code=303)


@blueprint.get("/money/guarantees/<uuid:letter_id>/document")
@signed_in
def document(letter_id: uuid.UUID) -> Response:
    """The letter as it was handed in, for its bidder and for officers."""
    found = reading().get(GuaranteeLetter, letter_id)
    if found is None:
        raise NotFound("guarantee letter")
    require_to_see(current_actor(), subject_of(found.deposit))
    name = f"guarantee-{found.digest[:12]}.pdf"
    stream = io.BytesIO(found.document)
    return send_file(stream, mimetype="application/pdf", as_attachment=True, download_name=name)


@blueprint.get("/money/guarantees")
@allowed(Verb.SEE_OPERATIONS)
def desk() -> Page:
    """What officers have to do about letters."""
    return _desk()


@blueprint.post("/money/guarantees/<uuid:letter_id>/check")
@allowed(Verb.CONFIRM_MONEY)
def check(letter_id: uuid.UUID) -> Page:
    """The first officer has asked the guarantor."""
    return _with_reason(letter_id, service.check)


@blueprint.post("/money/guarantees/<uuid:letter_id>/accept")
@allowed(Verb.RELEASE_MONEY)
def accept(letter_id: uuid.UUID) -> Page:
    """The second officer takes it."""
    return _with_reason(letter_id, service.accept)


@blueprint.post("/money/guarantees/<uuid:letter_id>/refuse")
@allowed(Verb.CONFIRM_MONEY)
def refuse(letter_id: uuid.UUID) -> Page:
    """An officer does not take it."""
    return _with_reason(letter_id, service.refuse)


@blueprint.post("/money/guarantees/<uuid:letter_id>/give-up")
@allowed(Verb.RELEASE_MONEY)
def give_up(letter_id: uuid.UUID) -> Page:
    """The guarantor does not pay."""
    return _with_reason(letter_id, service.give_up)


def _with_reason(letter_id: uuid.UUID, verb: Callable[..., Any]) -> Page:
    form = ReasonForm()
    if not form.validate_on_submit():
        return _desk(first_error(form)), 422
    try:
        with atomic() as session:
            verb(session, current_actor(), letter_id, str(form.reason.data))
    except Refused as refused:
        return _desk(refusal_text(refused)), refused.status
    return redirect(url_for("guarantees.desk"), code=303)


def _desk(problem: str = "") -> str:
    return render_template("guarantees/desk.html", letters=queries.open_letters(reading()), problem=problem)


def _deposit(registration_id: uuid.UUID) -> Deposit:
    found = money.deposit_of_registration(reading(), registration_id)
    if found is None:
        raise NotFound("deposit")
    require_to_see(current_actor(), subject_of(found))
    return found


def _letters(deposit: Deposit, form: LetterForm) -> str:
    auction = deposit.registration.auction
    may_hand_in = may(current_actor(), Verb.PAY_DEAL, subject_of(deposit))
    return render_template(
        "guarantees/letter.html",
        deposit=deposit,
        lot=deposit.lot,
        auction=auction,
        form=form,
        letters=queries.letters_of(reading(), deposit.id),
        taken=may_hand_in and deposit.status == "required" and service.takes_letters(auction),
        until=service.least_end(auction),
    )
