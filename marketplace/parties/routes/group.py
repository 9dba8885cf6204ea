"""Where the administrator's own institution is, and which company stands at the top of its group."""

import uuid

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from marketplace.access import Verb
from marketplace.db import atomic, db
from marketplace.errors import Refused
from marketplace.parties import queries
from marketplace.parties.forms import GroupForm, text
from marketplace.parties.names import region_of
from marketplace.parties.routes.shared import blueprint
from marketplace.parties.service import group as service
from marketplace.web import allowed, current_actor, show_refusal

Page = str | Response | tuple[str, int]


@blueprint.get("/institution/group")
@allowed(Verb.MANAGE_PEOPLE)
def group() -> Page:
    """What is stated now."""
    own = queries.find_institution(db.session(), current_actor().institution_id)
    form = GroupForm(
        region=own.region, parent_country=own.parent_country or own.country, parent_number=own.parent_number
    )
    return _page(form)


@blueprint.post("/institution/group")
@allowed(Verb.MANAGE_PEOPLE)
def state_group() -> Page:
    """State it anew."""
    form = GroupForm()
    if not form.validate_on_submit():
        return _page(form), 422
    try:
        with atomic() as session:
            service.state_group(
                session,
                current_actor(),
                region=text(form.region),
                parent_country=text(form.parent_country),
                parent_number=text(form.parent_number),
            )
    except Refused as refused:
        show_refusal(form, refused)
        return _page(form), refused.status
    flash(gettext("Region and group are kept."), "success")
    return redirect(url_for("parties.group"), code=303)


@blueprint.post("/operator/institutions/<uuid:institution_id>/parent")
@allowed(Verb.VERIFY_INSTITUTION)
def confirm_parent(institution_id: uuid.UUID) -> Page:
    """The operator confirms the parent that the page showed."""
    with atomic() as session:
        service.confirm_parent(session, current_actor(), institution_id, request.form.get("number", ""))
    return redirect(url_for("parties.institution", institution_id=institution_id), code=303)


def _page(form: GroupForm) -> str:
    own = queries.find_institution(db.session(), current_actor().institution_id)
    region = region_of(own.country, own.registration_number, own.region)
    return render_template("parties/group.html", form=form, institution=own, region=region)
