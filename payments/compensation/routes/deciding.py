"""The fund's desk: review, release, send back, refuse."""

import uuid
from collections.abc import Callable
from typing import Any

from flask import request
from flask_babel import gettext

from marketplace.access import Verb
from marketplace.web import allowed, current_actor, signed_in
from payments.compensation import service
from payments.compensation.routes.claims import back_to, seen_claim
from payments.compensation.routes.shared import Page, blueprint, done
from payments.forms import ReasonForm


def _with_reason(claim_id: uuid.UUID, verb: Callable[..., Any], said: str) -> Page:
    seen_claim(claim_id)
    form = ReasonForm()
    act = lambda session: verb(session, current_actor(), claim_id, str(form.reason.data))  # noqa: E731
    return back_to(claim_id, done(form, act, said))


@blueprint.post("/compensation/claims/<uuid:claim_id>/review")
@allowed(Verb.KEEP_FUND)
def review(claim_id: uuid.UUID) -> Page:
    """The officer has looked at the file."""
    return _with_reason(claim_id, service.review, gettext("Reviewed: a second person has to release it."))


@blueprint.post("/compensation/claims/<uuid:claim_id>/release")
@allowed(Verb.RELEASE_FUND)
def release(claim_id: uuid.UUID) -> Page:
    """The second person releases exactly the division on the page."""
    seen_claim(claim_id)
    seen_hash = request.form.get("seen_hash", "")[:64]
    act = lambda session: service.release(session, current_actor(), claim_id, seen_hash)  # noqa: E731
    return back_to(claim_id, done(None, act, gettext("Released.")))


@blueprint.post("/compensation/claims/<uuid:claim_id>/send-back")
@allowed(Verb.RELEASE_FUND)
def send_back(claim_id: uuid.UUID) -> Page:
    """The second person does not agree."""
    return _with_reason(claim_id, service.send_back, gettext("Sent back to be reviewed again."))


@blueprint.post("/compensation/claims/<uuid:claim_id>/refuse")
@signed_in
def refuse(claim_id: uuid.UUID) -> Page:
    """The fund does not compensate this loss."""
    return _with_reason(claim_id, service.refuse, gettext("The claim is refused."))
