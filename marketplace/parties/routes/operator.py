"""The operator's queue of institutions to verify."""

import uuid

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from marketplace.access import Verb
from marketplace.db import atomic, db
from marketplace.errors import NotFound, Refused
from marketplace.parties import queries
from marketplace.parties.forms import DecisionForm, country_choices
from marketplace.parties.models import Institution
from marketplace.parties.routes.shared import blueprint, settings
from marketplace.parties.rules import INSTITUTION_MOVES, InstitutionStatus
from marketplace.parties.service.institutions import decide
from marketplace.parties.texts import KINDS, ROLES, STATUSES, TONES
from marketplace.web import allowed, current_actor, show_refusal

PAGE = 50
SHOWN_TODAY = 5
Page = str | Response | tuple[str, int]


@blueprint.get("/operator/institutions")
@allowed(Verb.VERIFY_INSTITUTION)
def institutions() -> Page:
    """Institutions by status, those to be verified first."""
    asked = request.args.get("status", InstitutionStatus.REGISTERED.value)
    status = {one.value: one for one in InstitutionStatus}.get(asked)
    if status is None:
        raise NotFound(asked)
    return render_template(
        "parties/institutions.html",
        institutions=db.paginate(queries.institutions(status), per_page=PAGE, error_out=False),
        status=status,
        statuses=STATUSES,
        kinds=KINDS,
        tones=TONES,
    )


@blueprint.get("/operator/institutions/today")
@allowed(Verb.VERIFY_INSTITUTION)
def today_fragment() -> Page:
    """For the operator's first page: those that have waited longest."""
    waiting = db.paginate(queries.institutions(InstitutionStatus.REGISTERED), per_page=SHOWN_TODAY)
    return render_template("parties/_today.html", waiting=waiting, kinds=KINDS)


@blueprint.get("/operator/institutions/<uuid:institution_id>")
@allowed(Verb.VERIFY_INSTITUTION)
def institution(institution_id: uuid.UUID) -> Page:
    return _page(_find(institution_id), DecisionForm())


def _find(institution_id: uuid.UUID) -> Institution:
    found = db.session.get(Institution, institution_id)
    if found is None:
        raise NotFound("institution")
    return found


def _page(found: Institution, form: DecisionForm, status: int = 200) -> tuple[str, int]:
    page = render_template(
        "parties/institution.html",
        institution=found,
        people=queries.people_of(db.session(), found.id),
        country=country_choices().get(found.country, found.country),
        moves=sorted(INSTITUTION_MOVES[found.status], reverse=True),
        own=found.id == current_actor().institution_id,
        form=form,
        kinds=KINDS,
        roles=ROLES,
        statuses=STATUSES,
        tones=TONES,
    )
    return page, status


@blueprint.post("/operator/institutions/<uuid:institution_id>")
@allowed(Verb.VERIFY_INSTITUTION)
def decide_institution(institution_id: uuid.UUID) -> Page:
    """Verify, refuse or suspend, as the button pressed says."""
    form = DecisionForm()
    status = form.chosen()
    if not form.validate_on_submit() or status is None:
        raise BadRequest
    reason, site = form.reason.data or "", settings().public_url
    try:
        with atomic() as session:
            found = decide(session, current_actor(), institution_id, status, reason=reason, site=site)
    except Refused as refused:
        show_refusal(form, refused)
        return _page(_find(institution_id), form, refused.status)
    flash(gettext("%(name)s: %(status)s", name=found.name, status=STATUSES[status]), "success")
    return redirect(url_for("parties.institutions"), code=303)
