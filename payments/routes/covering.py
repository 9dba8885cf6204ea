"""Letting a bidder's deposit for several lots stand for that of one lot."""

import uuid
from collections.abc import Callable
from typing import Any

from flask import redirect, url_for

from marketplace.access import Verb
from marketplace.db import atomic
from marketplace.errors import Refused
from marketplace.web import allowed, current_actor, show_refusal
from payments.forms import MethodForm
from payments.routes.buying import Page, deposit_page, find_deposit
from payments.routes.shared import blueprint
from payments.spending import service


@blueprint.post("/money/registrations/<uuid:registration_id>/cover")
@allowed(Verb.PAY_DEAL)
def cover(registration_id: uuid.UUID) -> Page:
    """Let it stand for the deposit of the lot."""
    return _done(registration_id, service.cover)


@blueprint.post("/money/registrations/<uuid:registration_id>/uncover")
@allowed(Verb.PAY_DEAL)
def uncover(registration_id: uuid.UUID) -> Page:
    """Pay the lot's own deposit after all."""
    return _done(registration_id, service.uncover)


def _done(registration_id: uuid.UUID, verb: Callable[..., Any]) -> Page:
    found = find_deposit(registration_id)
    try:
        with atomic() as session:
            verb(session, current_actor(), found.id)
    except Refused as refused:
        form = MethodForm(formdata=None)
        show_refusal(form, refused)
        return deposit_page(find_deposit(registration_id), form), refused.status
    return redirect(url_for("payments.deposit", registration_id=registration_id), code=303)
