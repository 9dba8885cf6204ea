"""Where somebody's own system is told, and how that went."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from marketplace.db import atomic, db
from marketplace.errors import Refused
from marketplace.web import current_actor, limiter, show_refusal, signed_in
from search.watching import queries
from search.watching.forms import WebhookForm
from search.watching.routes.shared import Page, blueprint, reading
from search.watching.service import webhooks as service
from search.watching.texts import FAILURES

DELIVERIES_A_PAGE = 20


@blueprint.get("/watching/webhook")
@signed_in
def webhook() -> str:
    return _page(WebhookForm(formdata=None))


@blueprint.post("/watching/webhook")
@limiter.limit("10/minute")
@signed_in
def set_webhook() -> Page:
    """A new address; its secret is shown on this answer and never again."""
    form = WebhookForm()
    if not form.validate_on_submit():
        return _page(form), 422
    try:
        with atomic() as session:
            secret = service.set_webhook(session, current_actor(), str(form.url.data))
    except Refused as refused:
        show_refusal(form, refused)
        return _page(form), refused.status
    return _page(WebhookForm(formdata=None), secret)


@blueprint.post("/watching/webhook/remove")
@signed_in
def remove_webhook() -> Response:
    with atomic() as session:
        service.remove_webhook(session, current_actor())
    return redirect(url_for("watching.webhook"), code=303)


def _page(form: WebhookForm, secret: str = "") -> str:
    found = queries.webhook_of(reading(), current_actor().person_id)
    sent = (
        db.paginate(queries.deliveries_of(found.id), per_page=DELIVERIES_A_PAGE, error_out=False)
        if found
        else None
    )
    return render_template(
        "watching/webhook.html", form=form, webhook=found, sent=sent, secret=secret, failures=FAILURES
    )
