"""The keeper's desk: review, approve, send back, refuse; the applicant's withdrawal; the regulator's list."""

import uuid
from collections.abc import Callable
from typing import Any

from flask import request
from flask_babel import gettext

from marketplace.access import Verb
from marketplace.errors import NotFound
from marketplace.web import allowed, current_actor, signed_in
from payments.forms import ReasonForm
from payments.funds.files import download, period
from payments.funds.sheets import MEDIA_TYPE
from payments.subsidies import queries, service, sheets
from payments.subsidies.routes.applications import back_to, seen_application
from payments.subsidies.routes.shared import Page, blueprint, done, reading


def _with_reason(application_id: uuid.UUID, verb: Callable[..., Any], said: str) -> Page:
    seen_application(application_id)
    form = ReasonForm()
    act = lambda session: verb(session, current_actor(), application_id, str(form.reason.data))  # noqa: E731
    return back_to(application_id, done(form, act, said))


@blueprint.post("/subsidies/applications/<uuid:application_id>/withdraw")
@allowed(Verb.APPLY_FOR_SUBSIDY)
def withdraw(application_id: uuid.UUID) -> Page:
    """Take the application back."""
    return _with_reason(application_id, service.withdraw, gettext("The application is withdrawn."))


@blueprint.post("/subsidies/applications/<uuid:application_id>/review")
@allowed(Verb.KEEP_FUND)
def review(application_id: uuid.UUID) -> Page:
    """The officer has looked at the documents."""
    said = gettext("Reviewed: a second person has to approve it.")
    return _with_reason(application_id, service.review, said)


@blueprint.post("/subsidies/applications/<uuid:application_id>/approve")
@allowed(Verb.RELEASE_FUND)
def approve(application_id: uuid.UUID) -> Page:
    """The second person approves exactly the amount on the page."""
    seen_application(application_id)
    seen_hash = request.form.get("seen_hash", "")[:64]
    act = lambda session: service.approve(session, current_actor(), application_id, seen_hash)  # noqa: E731
    return back_to(application_id, done(None, act, gettext("Approved.")))


@blueprint.post("/subsidies/applications/<uuid:application_id>/send-back")
@allowed(Verb.RELEASE_FUND)
def send_back(application_id: uuid.UUID) -> Page:
    """The second person does not agree."""
    said = gettext("Sent back to be reviewed again.")
    return _with_reason(application_id, service.send_back, said)


@blueprint.post("/subsidies/applications/<uuid:application_id>/refuse")
@signed_in
def refuse(application_id: uuid.UUID) -> Page:
    """The keeper does not pay."""
    return _with_reason(application_id, service.refuse, gettext("The application is refused."))


@blueprint.get("/subsidies/applications.xlsx")
@allowed(Verb.SEE_OPERATIONS)
def applications_of_period() -> Page:
    """The applications of a period, for the regulator."""
    asked = period()
    if asked is None:
        raise NotFound("period")
    found = queries.applied_between(reading(), *asked)
    return download(sheets.applications(found), "subsidies.xlsx", MEDIA_TYPE)
