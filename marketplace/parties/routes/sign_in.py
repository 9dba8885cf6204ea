"""Password, second factor, out again. A password alone opens only the way to the second factor."""

import structlog
from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.db import atomic, db
from marketplace.errors import Refused
from marketplace.parties import passwords, sign_in
from marketplace.parties.forms import CodeForm, NewPasswordForm, SignInForm, text
from marketplace.parties.models import SignIn
from marketplace.parties.routes.shared import (
    account_key,
    blueprint,
    browser,
    person_key,
    safe_path,
    settings,
)
from marketplace.parties.rules import Reason
from marketplace.parties.service import sign_ins
from marketplace.web import enrolling, limiter, public, show_refusal, visitor

log = structlog.get_logger()

Page = str | Response | tuple[str, int]


@blueprint.get("/sign-in")
@public
def sign_in_form() -> Page:
    """The form, or onward for somebody who has signed in already."""
    onward = safe_path(request.args.get("next"))
    if visitor() is not None:
        return redirect(onward_address(sign_in.current(), onward), code=303)
    return render_template("parties/sign_in.html", form=SignInForm(next=onward))


@blueprint.post("/sign-in", endpoint="sign_in")
@public
@limiter.limit("10/minute")
@limiter.limit("5/minute", key_func=account_key)
def begin() -> Page:
    """One answer for an unknown address, a wrong password and an account switched off."""
    form = SignInForm()
    if not form.validate_on_submit():
        return render_template("parties/sign_in.html", form=form), 422
    try:
        token, row = _begin(form)
    except Refused as refused:
        log.warning("sign_in_failed", address=browser().address)
        show_refusal(form, refused)
        return render_template("parties/sign_in.html", form=form), 422
    sign_in.remember(token, row)
    return redirect(onward_address(row, safe_path(form.next.data)), code=303)


def _begin(form: SignInForm) -> tuple[str, SignIn]:
    checked = sign_ins.check_password(db.session(), text(form.email), text(form.password))
    if checked is None:
        raise Refused(Reason.SIGN_IN_FAILED)
    with atomic() as session:
        return sign_ins.begin(session, checked, browser())


def onward_address(row: SignIn, onward: str) -> str:
    """The next thing this sign-in still lacks: an own password, a second factor, its code; then the page."""
    if row.person.one_time_until is not None:
        return url_for("parties.new_password", next=onward)
    if sign_in.needs_second_factor(row.person):
        return url_for("parties.enrol", next=onward)
    if row.second_factor_at is None:
        return url_for("parties.second_factor", next=onward)
    return onward


@blueprint.route("/sign-in/second-factor", methods=["GET", "POST"], endpoint="second_factor")
@enrolling
@limiter.limit("5/minute;20/hour", key_func=person_key, methods=["POST"])
def pass_second_factor() -> Page:
    """The code of an enrolled person; anybody else is led to what is missing first."""
    row, form = sign_in.current(), CodeForm()
    onward = safe_path(form.next.data or request.args.get("next"))
    step = onward_address(row, onward)
    if request.method == "GET" and request.path != step.partition("?")[0]:
        return redirect(step, code=303)
    if not form.validate_on_submit():
        form.next.data = onward
        return render_template("parties/second_factor.html", form=form), 422 if form.is_submitted() else 200
    try:
        with atomic() as session:
            token = sign_ins.pass_second_factor(session, row.id, text(form.code), settings().field_key)
    except Refused as refused:
        log.warning("second_factor_failed", address=browser().address, person_id=str(row.person_id))
        show_refusal(form, refused)
        return render_template("parties/second_factor.html", form=form), 422
    sign_in.remember(token, row)
    return redirect(onward, code=303)


@blueprint.route("/sign-in/new-password", methods=["GET", "POST"])
@enrolling
def new_password() -> Page:
    """Somebody else chose the password: replace it before anything else."""
    row, form = sign_in.current(), NewPasswordForm()
    onward = safe_path(form.next.data or request.args.get("next"))
    if row.person.one_time_until is None:
        return redirect(onward_address(row, onward), code=303)
    if not form.validate_on_submit():
        form.next.data = onward
        return render_template("parties/new_password.html", form=form), 422 if form.is_submitted() else 200
    try:
        replace_password(row, text(form.password))
    except Refused as refused:
        show_refusal(form, refused)
        return render_template("parties/new_password.html", form=form), 422
    return redirect(onward_address(row, onward), code=303)


def replace_password(row: SignIn, password: str) -> None:
    """Check and hash the new password outside the transaction, then store it; raises Refused."""
    person, checked_hash = row.person, row.person.password_hash
    passwords.check_password(password, (person.email, person.name, person.institution.name))
    if passwords.verify(checked_hash, password):
        raise Refused(Reason.PASSWORD_SAME, field="password")
    new_hash = passwords.hash_password(password)
    with atomic() as session:
        token = sign_ins.change_password(session, row.id, checked_hash, new_hash)
    sign_in.remember(token, row)


@blueprint.post("/sign-out")
@enrolling
def sign_out() -> Response:
    """End the sign-in on the server, then empty the cookie."""
    row = sign_in.current()
    with atomic() as session:
        sign_ins.end(session, row.person_id, row.id)
    sign_in.forget()
    return redirect(url_for("parties.sign_in"), code=303)
