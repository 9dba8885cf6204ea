"""The operator's page of its commission: what is in force, what waits, what is proposed."""

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from marketplace.access import Verb, may
from marketplace.clock import LOCAL_ZONE
from marketplace.db import atomic, db
from marketplace.errors import Refused
from marketplace.listings.fees import queries, service
from marketplace.listings.fees.forms import TermsForm
from marketplace.listings.fees.texts import BEARERS
from marketplace.money import MalformedAmount
from marketplace.rule_packs.words import pack_title
from marketplace.web import allowed, current_actor, refusal_text, show_refusal

blueprint = Blueprint("fees", __name__, template_folder="templates")

Page = str | Response | tuple[str, int]


@blueprint.get("/operator/fees")
@allowed(Verb.SEE_OPERATIONS)
def terms() -> Page:
    """What the platform takes, and what waits for a second person."""
    return _page(TermsForm(formdata=None))


@blueprint.post("/operator/fees")
@allowed(Verb.CONFIRM_MONEY)
def propose() -> Page:
    """The first person."""
    form = TermsForm()
    if not form.validate_on_submit():
        return _page(form), 422
    begins = form.effective_from.data
    try:
        with atomic() as session:
            lot = queries.lot_by_reference(session, form.lot.data.strip()) if form.lot.data else None
            service.propose_terms(
                session,
                current_actor(),
                form.terms(),
                rule_pack=str(form.rule_pack.data),
                currency=str(form.currency.data),
                effective_from=begins.replace(tzinfo=LOCAL_ZONE) if begins else None,
                reason=str(form.reason.data),
                lot_id=lot.id if lot else None,
            )
    except MalformedAmount:
        return _page(form, gettext("Write the amount in digits, for example 14,323.68.")), 422
    except Refused as refused:
        show_refusal(form, refused)
        return _page(form), refused.status
    flash(gettext("Proposed. A second person has to agree."), "success")
    return redirect(url_for("fees.terms"), code=303)


@blueprint.post("/operator/fees/<uuid:terms_id>/<any(agree, refuse):answer>")
@allowed(Verb.RELEASE_MONEY)
def decide(terms_id: uuid.UUID, answer: str) -> Page:
    """The second person."""
    try:
        with atomic() as session:
            reason = request.form.get("reason", "")
            service.answer_terms(session, current_actor(), terms_id, agreed=answer == "agree", answer=reason)
    except Refused as refused:
        return _page(TermsForm(formdata=None), refusal_text(refused)), refused.status
    return redirect(url_for("fees.terms"), code=303)


def _page(form: TermsForm, problem: str = "") -> str:
    actor = current_actor()
    return render_template(
        "fees/terms.html",
        rows=queries.all_terms(db.session()),
        form=form,
        problem=problem,
        bearers=BEARERS,
        pack_title=pack_title,
        may_propose=may(actor, Verb.CONFIRM_MONEY),
        may_decide=may(actor, Verb.RELEASE_MONEY),
        person_id=actor.person_id,
    )
