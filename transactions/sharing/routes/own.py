"""An institution's own entry: apply, see the state and the rights, add and revoke keys, leave."""

import uuid

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from marketplace import clock
from marketplace.access import InstitutionKind, Verb
from marketplace.db import atomic
from marketplace.errors import Refused
from marketplace.web import allowed, current_actor, show_refusal
from transactions.sharing import queries
from transactions.sharing.forms import ApplicationForm, KeyForm, ReasonForm, RevocationForm
from transactions.sharing.models import Contributor
from transactions.sharing.routes.shared import Page, blueprint, reading
from transactions.sharing.rules.contributors import ADMITTED, TERMINAL
from transactions.sharing.service import keys, registering
from transactions.sharing.service.acts import settings
from transactions.sharing.service.reading import rights_of


@blueprint.get("/contributing")
@allowed(Verb.APPLY_TO_CONTRIBUTE)
def own() -> Page:
    """The own entry, or the form to apply."""
    return _page()


def _page(
    form: ApplicationForm | KeyForm | ReasonForm | RevocationForm | None = None, status: int = 200
) -> tuple[str, int]:
    found = _own()
    if found is None or found.status in TERMINAL:
        shown = form if isinstance(form, ApplicationForm) else _empty_application()
        return render_template("sharing/apply.html", form=shown, former=found), status
    page = render_template(
        "sharing/own.html",
        application=form if isinstance(form, ApplicationForm) else None,
        contributor=found,
        count=queries.counts_of_records(reading(), [found.code]).get(found.code, 0),
        rights=rights_of(reading(), found) if found.status is ADMITTED else None,
        key_form=form if isinstance(form, KeyForm) else KeyForm(formdata=None),
        revocation=form if isinstance(form, RevocationForm) else RevocationForm(formdata=None),
        leaving=form if isinstance(form, ReasonForm) else ReasonForm(formdata=None, decision="leave"),
        now=clock.now(),
    )
    return page, status


def _own() -> Contributor | None:
    actor = current_actor()
    return queries.of_institution(reading(), settings().marketplace_name, actor.institution_id)


def _empty_application() -> ApplicationForm:
    """An operator enters its own marketplace: the name and the key with which it signs the log."""
    form = ApplicationForm(formdata=None)
    if current_actor().kind is InstitutionKind.OPERATOR:
        form.code.data = settings().marketplace_name
        form.public_key.data = registering.own_public_key()
    return form


@blueprint.post("/contributing")
@allowed(Verb.APPLY_TO_CONTRIBUTE)
def apply() -> Page:
    """Ask to contribute."""
    form = ApplicationForm()
    if not form.validate_on_submit():
        return _page(form, 422)
    try:
        with atomic() as session:
            registering.apply(session, current_actor(), form.application())
    except Refused as refused:
        show_refusal(form, refused)
        return _page(form, refused.status)
    return _back()


@blueprint.post("/contributing/leave")
@allowed(Verb.APPLY_TO_CONTRIBUTE)
def leave() -> Page:
    """Contribute no longer."""
    form = ReasonForm()
    if not form.validate_on_submit():
        return _page(form, 422)
    try:
        with atomic() as session:
            registering.leave(session, current_actor(), str(form.reason.data))
    except Refused as refused:
        show_refusal(form, refused)
        return _page(form, refused.status)
    return _back()


@blueprint.post("/contributing/<uuid:contributor_id>/keys")
@allowed(Verb.APPLY_TO_CONTRIBUTE)
def add_key(contributor_id: uuid.UUID) -> Page:
    """Add a key."""
    form = KeyForm()
    if not form.validate_on_submit():
        return _page(form, 422)
    begins, ends = form.span()
    try:
        with atomic() as session:
            keys.add_key(
                session,
                current_actor(),
                contributor_id,
                str(form.public_key.data),
                valid_from=begins,
                valid_until=ends,
            )
    except Refused as refused:
        show_refusal(form, refused)
        return _page(form, refused.status)
    return _back()


@blueprint.post("/contributing/<uuid:contributor_id>/keys/<uuid:key_id>/revoke")
@allowed(Verb.APPLY_TO_CONTRIBUTE)
def revoke_key(contributor_id: uuid.UUID, key_id: uuid.UUID) -> Page:
    """End a key."""
    form = RevocationForm()
    if not form.validate_on_submit():
        return _page(form, 422)
    try:
        with atomic() as session:
            keys.revoke_key(session, current_actor(), contributor_id, key_id, str(form.reason.data))
    except Refused as refused:
        show_refusal(form, refused)
        return _page(form, refused.status)
    return _back()


def _back() -> Response:
    return redirect(url_for("sharing.own"), code=303)
