"""The people of the administrator's own institution."""

import uuid

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from marketplace import clock
from marketplace.access import Role, Verb
from marketplace.db import atomic, db
from marketplace.errors import Refused
from marketplace.parties import passwords, queries
from marketplace.parties.forms import PersonForm, RolesForm, text
from marketplace.parties.models import Person
from marketplace.parties.routes.shared import blueprint, settings
from marketplace.parties.service import people
from marketplace.parties.service.institutions import NewPerson
from marketplace.parties.texts import ROLES
from marketplace.web import allowed, current_actor, show_refusal

Page = str | Response | tuple[str, int]


@blueprint.get("/institution/people", endpoint="people")
@allowed(Verb.MANAGE_PEOPLE)
def index() -> Page:
    return _list(PersonForm(language="zh"))


def _list(form: PersonForm, status: int = 200) -> tuple[str, int]:
    found = queries.people_of(db.session(), current_actor().institution_id)
    approvers = [person for person in found if person.active and Role.APPROVER in person.roles]
    officers = [person for person in found if person.active and Role.OFFICER in person.roles]
    page = render_template(
        "parties/people.html",
        people=found,
        form=form,
        roles=ROLES,
        now=clock.now(),
        four_eyes=any(one.id != other.id for one in officers for other in approvers),
    )
    return page, status


@blueprint.post("/institution/people")
@allowed(Verb.MANAGE_PEOPLE)
def invite() -> Page:
    """Add somebody; the one-time password goes to their mailbox and to nobody's screen."""
    form = PersonForm()
    if not form.validate_on_submit():
        return _list(form, 422)
    password = passwords.one_time_password()
    new = NewPerson(
        name=text(form.person_name),
        email=text(form.email),
        password_hash=passwords.hash_password(password),
        roles=frozenset(Role(role) for role in form.roles.data or ()),
        language=form.language.data,
    )
    try:
        with atomic() as session:
            people.invite(session, current_actor(), new, password, settings().public_url)
    except Refused as refused:
        show_refusal(form, refused)
        return _list(form, 422)
    flash(gettext("A one-time password is on its way to %(email)s.", email=new.email), "success")
    return redirect(url_for("parties.people"), code=303)


@blueprint.get("/institution/people/<uuid:person_id>")
@allowed(Verb.MANAGE_PEOPLE)
def person(person_id: uuid.UUID) -> Page:
    found = queries.person_of(db.session(), current_actor().institution_id, person_id)
    return _person_page(found, RolesForm(roles=found.roles))


def _person_page(found: Person, form: RolesForm, status: int = 200) -> tuple[str, int]:
    page = render_template(
        "parties/person.html",
        person=found,
        form=form,
        roles=ROLES,
        own=found.id == current_actor().person_id,
        sign_ins=queries.open_sign_ins(db.session(), found.id),
    )
    return page, status


@blueprint.post("/institution/people/<uuid:person_id>/roles")
@allowed(Verb.MANAGE_PEOPLE)
def change_roles(person_id: uuid.UUID) -> Page:
    found = queries.person_of(db.session(), current_actor().institution_id, person_id)
    form = RolesForm()
    if not form.validate_on_submit():
        return _person_page(found, form, 422)
    roles = frozenset(Role(role) for role in form.roles.data or ())
    try:
        with atomic() as session:
            people.change_roles(session, current_actor(), person_id, roles)
    except Refused as refused:
        show_refusal(form, refused)
        return _person_page(found, form, 422)
    return _back(person_id, gettext("The roles are changed; the person has to sign in again."))


@blueprint.post("/institution/people/<uuid:person_id>/deactivate")
@allowed(Verb.MANAGE_PEOPLE)
def deactivate(person_id: uuid.UUID) -> Page:
    with atomic() as session:
        people.deactivate(session, current_actor(), person_id)
    return _back(person_id, gettext("Switched off; every sign-in has ended."))


@blueprint.post("/institution/people/<uuid:person_id>/renew-password")
@allowed(Verb.MANAGE_PEOPLE)
def renew_password(person_id: uuid.UUID) -> Page:
    password = passwords.one_time_password()
    password_hash, site = passwords.hash_password(password), settings().public_url
    with atomic() as session:
        people.renew_password(session, current_actor(), person_id, password, password_hash, site=site)
    return _back(person_id, gettext("A new one-time password is on its way."))


@blueprint.post("/institution/people/<uuid:person_id>/remove-second-factor")
@allowed(Verb.MANAGE_PEOPLE)
def remove_second_factor(person_id: uuid.UUID) -> Page:
    with atomic() as session:
        people.remove_second_factor(session, current_actor(), person_id, settings().public_url)
    return _back(person_id, gettext("The next sign-in sets up a new second factor."))


def _back(person_id: uuid.UUID, message: str) -> Response:
    flash(message, "success")
    return redirect(url_for("parties.person", person_id=person_id), code=303)
