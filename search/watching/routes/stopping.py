"""Stopping mails by the address in them, without signing in, and wanting them again."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.db import atomic
from marketplace.web import csrf, current_actor, limiter, public, signed_in
from search.watching import tokens
from search.watching.routes.shared import Page, blueprint
from search.watching.service import searches as service


@blueprint.get("/watching/stop/<token>")
@limiter.limit("30/minute")
@public
def ask_to_stop(token: str) -> str:
    """One button; looking at the page changes nothing, for mail programmes look at every address."""
    tokens.person_of(token)
    return render_template("watching/stop.html", token=token, stopped=False)


@blueprint.post("/watching/stop/<token>")
@limiter.limit("30/minute")
@public
def stop(token: str) -> Page:
    """No more mails about searches and watched lots; twice is no error."""
    person_id = tokens.person_of(token)
    with atomic() as session:
        service.refuse_mails(session, person_id)
    if request.form.get("List-Unsubscribe") == "One-Click":
        return "", 200
    return render_template("watching/stop.html", token=token, stopped=True)


# The address itself is the proof, and mail programmes post to it by themselves (RFC 8058).
csrf.exempt(stop)


@blueprint.post("/watching/mails")
@signed_in
def want_mails() -> Response:
    """Send mails again."""
    with atomic() as session:
        service.want_mails(session, current_actor())
    return redirect(url_for("watching.searches"), code=303)
