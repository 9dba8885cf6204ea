"""Registering an institution with its first person."""

from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from flask_babel import get_locale, gettext
from werkzeug.wrappers import Response

from marketplace.db import atomic
from marketplace.errors import Refused
from marketplace.parties import names, passwords
from marketplace.parties.forms import RegistrationForm, text
from marketplace.parties.routes.shared import blueprint
from marketplace.parties.rules import InstitutionKind
from marketplace.parties.service.institutions import NewInstitution, NewPerson
from marketplace.parties.service.institutions import register as register_institution
from marketplace.web import limiter, public, show_refusal


@blueprint.route("/register", methods=["GET", "POST"])
@public
@limiter.limit("5/hour", methods=["POST"], deduct_when=lambda response: response.status_code != 422)
@limiter.limit("30/hour", methods=["POST"])
def register() -> str | Response | tuple[str, int]:
    """Five institutions an hour and address; mistakes in the form count less."""
    form = RegistrationForm()
    if not form.validate_on_submit() or _mistakes(form):
        return render_template("parties/register.html", form=form), 422 if form.is_submitted() else 200
    try:
        _register(form)
    except Refused as refused:
        show_refusal(form, refused)
        return render_template("parties/register.html", form=form), 422
    flash(gettext("Your institution is registered. Sign in and set up your second factor."), "success")
    return redirect(url_for("parties.sign_in"), code=303)


def _mistakes(form: RegistrationForm) -> bool:
    """Whether the form breaks a rule; each is shown beside its field, so that one round mends them all."""
    personal = (text(form.email), text(form.person_name), text(form.name))
    checks: tuple[Callable[[], object], ...] = (
        lambda: names.clean_name(text(form.name)),
        lambda: names.clean_registration_number(form.country.data, text(form.registration_number)),
        lambda: names.clean_name(text(form.person_name), field="person_name"),
        lambda: passwords.check_password(text(form.password), personal),
    )
    return bool([check for check in checks if _refused(form, check)])


def _refused(form: RegistrationForm, check: Callable[[], object]) -> bool:
    try:
        check()
    except Refused as refused:
        show_refusal(form, refused)
        return True
    return False


def _register(form: RegistrationForm) -> None:
    new = NewInstitution(
        kind=InstitutionKind(form.kind.data),
        name=text(form.name),
        country=form.country.data,
        registration_number=text(form.registration_number),
    )
    first = NewPerson(
        name=text(form.person_name),
        email=text(form.email),
        password_hash=passwords.hash_password(text(form.password)),
        language=str(get_locale() or "zh")[:2],
    )
    with atomic() as session:
        register_institution(session, new, first)
