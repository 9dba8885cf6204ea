"""The own account: password, second factor, language, sign-ins."""

import uuid

from flask import flash, redirect, render_template, request, session, url_for
from flask_babel import gettext
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from marketplace import clock
from marketplace.db import atomic, db
from marketplace.errors import Refused
from marketplace.parties import mails, passwords, queries, second_factor, sign_in
from marketplace.parties.forms import ChangePasswordForm, EnrolForm, LanguageForm, text
from marketplace.parties.models import SignIn
from marketplace.parties.routes.shared import blueprint, person_key, safe_path, settings
from marketplace.parties.routes.sign_in import onward_address, replace_password
from marketplace.parties.rules import Reason, stands
from marketplace.parties.service import people, sign_ins
from marketplace.parties.texts import KINDS, ROLES, STATUSES, TONES
from marketplace.web import current_actor, enrolling, limiter, show_refusal, signed_in

Page = str | Response | tuple[str, int]


@blueprint.get("/account")
@signed_in
def account() -> Page:
    """Everything about the own account on one page."""
    return _page(ChangePasswordForm())


def _page(form: ChangePasswordForm, status: int = 200) -> tuple[str, int]:
    row, now = sign_in.current(), clock.now()
    rows = queries.open_sign_ins(db.session(), row.person_id)
    page = render_template(
        "parties/account.html",
        person=row.person,
        current=row,
        sign_ins=[
            open_row
            for open_row in rows
            if stands(open_row.signed_in_at, open_row.last_seen_at, open_row.second_factor_at, now)
        ],
        form=form,
        language_form=LanguageForm(language=row.person.language),
        kinds=KINDS,
        roles=ROLES,
        statuses=STATUSES,
        tones=TONES,
    )
    return page, status


@blueprint.post("/account/password")
@signed_in
@limiter.limit("5/minute;20/hour", key_func=person_key)
def change_password() -> Page:
    """Asks for the present password; ends every other sign-in and tells the person by mail."""
    row, form = sign_in.current(), ChangePasswordForm()
    if not form.validate_on_submit():
        return _page(form, 422)
    try:
        if not passwords.verify(row.person.password_hash, text(form.old_password)):
            raise Refused(Reason.PASSWORD_WRONG, field="old_password")  # noqa: TRY301 - beside its field
        replace_password(row, text(form.password))
    except Refused as refused:
        show_refusal(form, refused)
        return _page(form, 422)
    _tell(row, "password")
    flash(gettext("The password is changed; every other sign-in has ended."), "success")
    return redirect(url_for("parties.account"), code=303)


def _tell(row: SignIn, what: str) -> None:
    with atomic() as writing:
        mails.tell_of_change(writing, row.person, what, settings().public_url)


@blueprint.post("/account/language")
@signed_in
def choose_language() -> Page:
    form = LanguageForm()
    if not form.validate_on_submit():
        return _page(ChangePasswordForm(formdata=None), 422)
    with atomic() as writing:
        people.choose_language(writing, current_actor(), form.language.data)
    session.pop("language", None)
    return redirect(url_for("parties.account"), code=303)


@blueprint.post("/account/sign-ins/<uuid:sign_in_id>/end")
@signed_in
def end_sign_in(sign_in_id: uuid.UUID) -> Page:
    """End a sign-in elsewhere, or this one."""
    row = sign_in.current()
    with atomic() as writing:
        sign_ins.end(writing, row.person_id, sign_in_id)
    return redirect(url_for("parties.account"), code=303)


@blueprint.route("/account/second-factor", methods=["GET", "POST"])
@enrolling
@limiter.limit("5/minute;20/hour", key_func=person_key, methods=["POST"])
def enrol() -> Page:
    """Set up the second factor, or replace it after showing a code of the present one."""
    row, form = sign_in.current(), EnrolForm()
    onward = safe_path(form.next.data or request.args.get("next"))
    blocked = row.person.one_time_until is not None
    if blocked or (row.person.second_factor_secret and row.second_factor_at is None):
        return redirect(onward_address(row, onward), code=303)
    if not form.validate_on_submit():
        form.next.data = onward
        return _enrolment(row, form), 422 if form.is_submitted() else 200
    replaced = bool(row.person.second_factor_secret)
    try:
        token = _enrol(row, form)
    except Refused as refused:
        show_refusal(form, refused)
        return _enrolment(row, form), 422
    if replaced:
        _tell(row, "second_factor")
    sign_in.remember(token, row)
    flash(gettext("The second factor is set up."), "success")
    return redirect(onward, code=303)


def _enrol(row: SignIn, form: EnrolForm) -> str:
    current_code = form.current_code.data or ""
    with atomic() as writing:
        return sign_ins.enrol(
            writing, row.id, text(form.code), settings().field_key, current_code=current_code
        )


def _enrolment(row: SignIn, form: FlaskForm) -> str:
    secret = second_factor.proposed_secret(settings().field_key, row.token_hash)
    issuer = f"Luochui {settings().marketplace_name}"
    return render_template(
        "parties/enrol.html",
        form=form,
        replacing=bool(row.person.second_factor_secret),
        picture=second_factor.picture(second_factor.address(secret, row.person.email, issuer)),
        secret=second_factor.grouped(secret),
    )
