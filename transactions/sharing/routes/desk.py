"""The operator's desk: applications, and what two persons make of them."""

import uuid
from typing import Any

from flask import redirect, render_template, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from marketplace import clock
from marketplace.access import Verb
from marketplace.db import atomic, db
from marketplace.errors import NotFound, Refused
from marketplace.status import Moves
from marketplace.web import allowed, current_actor, show_refusal
from transactions.sharing import queries
from transactions.sharing.forms import ButtonForm, ReasonForm, RevocationForm
from transactions.sharing.models import Contributor
from transactions.sharing.routes.shared import Page, blueprint, names_of, page_number, reading
from transactions.sharing.rules.contributors import BY_TWO_PERSONS, MOVES, SUSPENDED, ContributorStatus
from transactions.sharing.service import keys, registering

_MOVES: Moves[ContributorStatus] = MOVES
_BY_VALUE = {str(one): one for one in ContributorStatus}


@blueprint.get("/operator/contributors")
@allowed(Verb.KEEP_CONTRIBUTORS)
def desk() -> Page:
    """All entries, what waits for a decision first."""
    page = db.paginate(queries.all_contributors(), page=page_number(), per_page=queries.PAGE, error_out=False)
    counts = queries.counts_of_records(reading(), [one.code for one in page.items])
    return render_template("sharing/desk.html", page=page, counts=counts)


@blueprint.get("/operator/contributors/<uuid:contributor_id>")
@allowed(Verb.KEEP_CONTRIBUTORS)
def entry(contributor_id: uuid.UUID) -> Page:
    """One entry with its keys and its history."""
    return _page(contributor_id)


def _page(contributor_id: uuid.UUID, form: FlaskForm | None = None, status: int = 200) -> tuple[str, int]:
    found = reading().get(Contributor, contributor_id)
    if found is None:
        raise NotFound("contributor")
    acts = queries.acts_of(reading(), contributor_id)
    onward = _MOVES[found.status]
    page = render_template(
        "sharing/entry.html",
        contributor=found,
        count=queries.counts_of_records(reading(), [found.code]).get(found.code, 0),
        acts=acts,
        names=names_of([found.proposed_by_id, *(act.person_id for act in acts)]),
        own=found.proposed_by_id == current_actor().person_id,
        proposals=[one for one in ContributorStatus if one in onward & BY_TWO_PERSONS],
        may_suspend=SUSPENDED in onward,
        form=form if isinstance(form, ReasonForm) else ReasonForm(formdata=None),
        button=ButtonForm(formdata=None),
        revocation=form if isinstance(form, RevocationForm) else RevocationForm(formdata=None),
        now=clock.now(),
    )
    return page, status


@blueprint.post("/operator/contributors/<uuid:contributor_id>/propose")
@allowed(Verb.KEEP_CONTRIBUTORS)
def propose(contributor_id: uuid.UUID) -> Page:
    """Propose to admit or refuse, or suspend at once."""
    form = ReasonForm()
    becomes = _BY_VALUE.get(str(form.decision.data))
    if not form.validate_on_submit() or becomes is None:
        return _page(contributor_id, form, 422)
    act: Any = registering.suspend if becomes is SUSPENDED else registering.propose
    more = () if becomes is SUSPENDED else (becomes,)
    try:
        with atomic() as session:
            act(session, current_actor(), contributor_id, *more, str(form.reason.data))
    except Refused as refused:
        show_refusal(form, refused)
        return _page(contributor_id, form, refused.status)
    return _back(contributor_id)


@blueprint.post("/operator/contributors/<uuid:contributor_id>/decide")
@allowed(Verb.KEEP_CONTRIBUTORS)
def decide(contributor_id: uuid.UUID) -> Page:
    """A second person carries the proposal out, or drops it."""
    agreed = str(ButtonForm().decision.data) == "agree"
    with atomic() as session:
        registering.decide(session, current_actor(), contributor_id, agreed=agreed)
    return _back(contributor_id)


@blueprint.post("/operator/contributors/<uuid:contributor_id>/keys/<uuid:key_id>/revoke")
@allowed(Verb.KEEP_CONTRIBUTORS)
def end_key(contributor_id: uuid.UUID, key_id: uuid.UUID) -> Page:
    """End a contributor's key at once."""
    form = RevocationForm()
    if not form.validate_on_submit():
        return _page(contributor_id, form, 422)
    try:
        with atomic() as session:
            keys.revoke_key(session, current_actor(), contributor_id, key_id, str(form.reason.data))
    except Refused as refused:
        show_refusal(form, refused)
        return _page(contributor_id, form, refused.status)
    return _back(contributor_id)


@blueprint.get("/operator/contributors/today")
@allowed(Verb.KEEP_CONTRIBUTORS)
def today_fragment() -> Page:
    """For the first page: what waits for a decision."""
    waiting = queries.waiting(reading())
    return render_template("sharing/_today.html", waiting=waiting, person_id=current_actor().person_id)


def _back(contributor_id: uuid.UUID) -> Response:
    return redirect(url_for("sharing.entry", contributor_id=contributor_id), code=303)
