"""Pages of taxes: an institution's particulars, the registration of a deal's contract."""

import uuid

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from marketplace.access import Verb
from marketplace.db import atomic, db
from marketplace.errors import Refused
from marketplace.parties.models import Institution
from marketplace.taxes import Treatment
from marketplace.web import allowed, current_actor, show_refusal
from payments.taxes import queries, service
from payments.taxes.forms import ParticularsForm, RegistrationForm

blueprint = Blueprint("taxes", __name__, template_folder="templates")

Page = str | Response | tuple[str, int]
_FIELDS = ("address", "telephone", "bank", "bank_account")


@blueprint.get("/money/particulars")
@allowed(Verb.STATE_PARTICULARS)
def particulars() -> Page:
    """What stands on the reader's institution's invoices."""
    return _particulars_page(_filled())


@blueprint.post("/money/particulars")
@allowed(Verb.STATE_PARTICULARS)
def state_particulars() -> Page:
    form = ParticularsForm()
    if not form.validate_on_submit():
        return _particulars_page(form), 422
    try:
        with atomic() as session:
            service.state_particulars(
                session,
                current_actor(),
                treatment=Treatment(form.treatment.data),
                number=str(form.tax_number.data),
                **{name: form[name].data or "" for name in _FIELDS},
            )
    except Refused as refused:
        show_refusal(form, refused)
        return _particulars_page(form), refused.status
    flash(gettext("Saved. Documents issued from now on carry it; earlier ones stay as they are."))
    return redirect(url_for("taxes.particulars"), code=303)


@blueprint.post("/money/deals/<uuid:deal_id>/contract")
@allowed(Verb.FILE_TRANSFER)
def register_contract(deal_id: uuid.UUID) -> Page:
    """Record the registration of the deal's contract, the evidence of its exemption."""
    form = RegistrationForm()
    if not form.validate_on_submit() or form.registered_on.data is None:
        flash(gettext("Give the number and the date of the registration."))
        return redirect(url_for("documents.of_deal", deal_id=deal_id), code=303)
    with atomic() as session:
        service.register_contract(
            session,
            current_actor(),
            deal_id,
            number=str(form.number.data),
            registered_on=form.registered_on.data,
        )
    return redirect(url_for("documents.of_deal", deal_id=deal_id), code=303)


def _particulars_page(form: ParticularsForm) -> str:
    session = db.session()
    institution = session.get_one(Institution, current_actor().institution_id)
    stated = queries.particulars_of(session, institution.id)
    return render_template("taxes/particulars.html", form=form, institution=institution, stated=stated)


def _filled() -> ParticularsForm:
    session, actor = db.session(), current_actor()
    stated = queries.particulars_of(session, actor.institution_id)
    if stated is None:
        institution = session.get_one(Institution, actor.institution_id)
        return ParticularsForm(formdata=None, tax_number=institution.registration_number)
    return ParticularsForm(formdata=None, obj=stated)
