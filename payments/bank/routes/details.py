"""Where a payee is paid to: an institution's own page, and the operator's page of everybody's."""

import uuid

from flask import redirect, render_template, url_for

from marketplace import clock
from marketplace.access import Subject, Verb, may
from marketplace.db import atomic
from marketplace.errors import NotFound, Refused
from marketplace.web import allowed, current_actor, refusal_text, show_refusal
from payments.bank import service
from payments.bank.forms import AnswerForm, DetailsForm, PayeeForm
from payments.bank.models import PayeeDetails
from payments.bank.queries import pages
from payments.bank.routes.shared import Page, blueprint, field_key, reading
from payments.bank.service.details import COOLING, coming_details, standing_details
from payments.bank.service.details import waiting_details as waiting_for


@blueprint.get("/money/bank-details")
@allowed(Verb.STATE_BANK_DETAILS)
def own_details() -> Page:
    """The reader's institution: where it is paid to."""
    return _own(DetailsForm())


@blueprint.post("/money/bank-details")
@allowed(Verb.STATE_BANK_DETAILS)
def state_own_details() -> Page:
    """State where the institution is to be paid to."""
    form, actor = DetailsForm(), current_actor()
    if not form.validate_on_submit():
        return _own(form), 422
    try:
        with atomic() as session:
            service.state_details(
                session,
                actor,
                party=str(actor.institution_id),
                institution_id=actor.institution_id,
                holder=str(form.holder.data),
                bank=str(form.bank.data),
                bank_code=str(form.bank_code.data),
                number=str(form.number.data),
                reason=str(form.reason.data),
                field_key=field_key(),
            )
    except Refused as refused:
        show_refusal(form, refused)
        return _own(form), refused.status
    return redirect(url_for("bank.own_details"), code=303)


@blueprint.post("/money/bank-details/<uuid:details_id>")
@allowed(Verb.CONFIRM_BANK_DETAILS)
def answer_details(details_id: uuid.UUID) -> Page:
    """The second person, of the institution or of the operator."""
    details = reading().get(PayeeDetails, details_id)
    actor = current_actor()
    everybody = may(actor, Verb.RELEASE_MONEY)
    if details is None or not (
        everybody or may(actor, Verb.CONFIRM_BANK_DETAILS, Subject(owner_id=details.institution_id))
    ):
        raise NotFound("payee_details")
    form = AnswerForm()
    back = "bank.payees" if everybody else "bank.own_details"
    if not form.validate_on_submit():
        return (_payees(PayeeForm()) if everybody else _own(DetailsForm(formdata=None), answer=form)), 422
    try:
        with atomic() as session:
            answer = str(form.reason.data)
            service.answer_details(session, actor, details_id, agreed=form.yes, answer=answer)
    except Refused as refused:
        show_refusal(form, refused)
        return _own(DetailsForm(formdata=None), answer=form, problem=refusal_text(refused)), refused.status
    return redirect(url_for(back), code=303)


@blueprint.get("/money/bank/payees")
@allowed(Verb.SEE_OPERATIONS)
def payees() -> Page:
    """Bank details that wait for a second person, and a form for payees outside."""
    return _payees(PayeeForm())


@blueprint.post("/money/bank/payees")
@allowed(Verb.CONFIRM_MONEY)
def state_payee() -> Page:
    """State where somebody outside is paid to."""
    form = PayeeForm()
    if not form.validate_on_submit():
        return _payees(form), 422
    try:
        with atomic() as session:
            service.state_details(
                session,
                current_actor(),
                party=str(form.party.data).strip(),
                institution_id=None,
                holder=str(form.holder.data),
                bank=str(form.bank.data),
                bank_code=str(form.bank_code.data),
                number=str(form.number.data),
                reason=str(form.reason.data),
                field_key=field_key(),
            )
    except Refused as refused:
        show_refusal(form, refused)
        return _payees(form), refused.status
    return redirect(url_for("bank.payees"), code=303)


def _own(form: DetailsForm, *, answer: AnswerForm | None = None, problem: str = "") -> str:
    session, now, party = reading(), clock.now(), str(current_actor().institution_id)
    return render_template(
        "bank/own_details.html",
        standing=standing_details(session, party, now),
        coming=coming_details(session, party, now),
        waiting=waiting_for(session, party),
        history=pages.details_of(session, party),
        form=form,
        answer=answer or AnswerForm(formdata=None),
        problem=problem,
        me=current_actor().person_id,
        days=COOLING.days,
    )


def _payees(form: PayeeForm) -> str:
    return render_template(
        "bank/payees.html",
        waiting=pages.waiting_details(reading()),
        form=form,
        answer=AnswerForm(formdata=None),
        me=current_actor().person_id,
        days=COOLING.days,
    )
