"""Applications: the list, the form, an application with its documents and the next action."""

import uuid

from flask import redirect, render_template, url_for
from flask_babel import gettext

from marketplace import clock
from marketplace.access import InstitutionKind, Subject, Verb, may
from marketplace.db import atomic, db
from marketplace.errors import Refused
from marketplace.language import day, money
from marketplace.web import allowed, current_actor, signed_in
from payments.forms import ReasonForm
from payments.funds.documents import documents_of
from payments.funds.forms import EvidenceForm, PeriodForm
from payments.subsidies import queries, service, views
from payments.subsidies.access import require_to_see
from payments.subsidies.forms import ApplicationForm
from payments.subsidies.models import SubsidyApplication, SubsidyProgramme
from payments.subsidies.routes.shared import Page, blueprint, done, reading, told
from payments.subsidies.rules import CostKind, read
from payments.subsidies.service.deciding import missing_evidence

PER_PAGE = 50


@blueprint.get("/subsidies/applications")
@signed_in
def applications() -> Page:
    """What the reader applied for, or keeps; the regulator's are all."""
    actor = current_actor()
    overseer = may(actor, Verb.SEE_OPERATIONS)
    found = queries.latest() if overseer else queries.seen_by(actor.institution_id)
    page = db.paginate(found, per_page=PER_PAGE, error_out=False)
    today = clock.now().astimezone(clock.LOCAL_ZONE).date()
    period = PeriodForm(formdata=None, since=today.replace(day=1, month=1), until=today)
    return render_template("subsidies/applications.html", page=page, overseer=overseer, period=period)


@blueprint.get("/subsidies/programmes/<uuid:programme_id>/apply")
@allowed(Verb.APPLY_FOR_SUBSIDY)
def application_form(programme_id: uuid.UUID) -> Page:
    """The form of an application."""
    row = queries.find_programme(reading(), programme_id)
    return _form_page(row, _form(row, fresh=True))


@blueprint.post("/subsidies/programmes/<uuid:programme_id>/apply")
@allowed(Verb.APPLY_FOR_SUBSIDY)
def make_application(programme_id: uuid.UUID) -> Page:
    """Apply."""
    row = queries.find_programme(reading(), programme_id)
    form = _form(row)
    if not form.validate_on_submit():
        return _form_page(row, form), 422
    try:
        with atomic() as session:
            made = service.apply(session, current_actor(), programme_id, form.stated())
    except Refused as refused:
        if refused.field is not None and refused.field in form:
            form[refused.field].errors = [told(refused)]
        else:
            form.form_errors.append(told(refused))
        return _form_page(queries.find_programme(reading(), programme_id), form), refused.status
    return redirect(url_for("subsidies.application", application_id=made.id), code=303)


def _form(row: SubsidyProgramme, *, fresh: bool = False) -> ApplicationForm:
    """The programme's form: only its costs, the firm only where somebody applies for another."""
    form = ApplicationForm(formdata=None) if fresh else ApplicationForm()
    form.currency, terms = row.currency, read(row.terms)
    own = current_actor().kind is InstitutionKind.BUYER
    purchases = queries.completed_purchases(reading(), current_actor().institution_id) if own else []
    form.deal.choices = [("", "–")] + [
        (
            str(deal.id),
            f"{deal.lot.title} · {money(deal.price_minor, deal.currency)} · {day(deal.completed_at)}",
        )
        for deal in purchases
    ]
    form.keep_only(
        frozenset(terms.rates),
        own=own,
        loan=terms.loan_percent_at_most is not None,
        deal=CostKind.PURCHASE_PRICE in terms.rates,
    )
    return form


def _form_page(row: SubsidyProgramme, form: ApplicationForm) -> str:
    shown = views.shown(reading(), row)
    return render_template("subsidies/apply.html", programme=shown, form=form)


@blueprint.get("/subsidies/applications/<uuid:application_id>")
@signed_in
def application(application_id: uuid.UUID) -> Page:
    """An application: where it stands, how the amount came about, what the reader can do now."""
    return show_application(seen_application(application_id))


def seen_application(application_id: uuid.UUID) -> SubsidyApplication:
    """The application; raises NotFound for a stranger."""
    found = queries.find_application(reading(), application_id)
    require_to_see(current_actor(), found)
    return found


def show_application(found: SubsidyApplication, problem: str = "") -> str:
    actor, session = current_actor(), reading()
    keeper, own = Subject(owner_id=found.programme.keeper_id), Subject(owner_id=found.applicant_id)
    return render_template(
        "subsidies/application.html",
        row=found,
        programme=views.shown(session, found.programme),
        problem=problem,
        next=views.next_of(session, found, actor),
        cuts=views.cuts_of(found),
        documents=documents_of(session, found.id),
        missing=missing_evidence(session, found),
        may={
            "apply": may(actor, Verb.APPLY_FOR_SUBSIDY, own),
            "review": may(actor, Verb.KEEP_FUND, keeper),
            "approve": may(actor, Verb.RELEASE_FUND, keeper) and found.reviewed_by_id != actor.person_id,
        },
        reason_form=ReasonForm(formdata=None),
        evidence_form=EvidenceForm(formdata=None),
    )


@blueprint.post("/subsidies/applications/<uuid:application_id>/evidence")
@allowed(Verb.APPLY_FOR_SUBSIDY)
def add_evidence(application_id: uuid.UUID) -> Page:
    """Name a document."""
    form = EvidenceForm()
    problem = done(
        form,
        lambda session: service.add_evidence(
            session,
            current_actor(),
            application_id,
            form.chosen,
            reference=str(form.reference.data),
            digest=form.digest_of_it,
        ),
        gettext("The document is named."),
    )
    return back_to(application_id, problem)


def back_to(application_id: uuid.UUID, problem: str) -> Page:
    """Back to the application, or its page with the problem."""
    if problem:
        return show_application(seen_application(application_id), problem), 422
    return redirect(url_for("subsidies.application", application_id=application_id), code=303)
