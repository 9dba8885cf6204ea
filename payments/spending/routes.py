"""A bidder's deposit for several lots: paying in, where it stands, taking it back."""

from flask import Blueprint, current_app, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from marketplace.access import Verb
from marketplace.db import atomic, db
from marketplace.errors import Refused
from marketplace.web import allowed, current_actor, show_refusal
from payments.spending import queries, service
from payments.spending.forms import OpenForm, TakeBackForm

blueprint = Blueprint("spending", __name__, template_folder="templates")

Page = str | Response | tuple[str, int]


def reading() -> Session:
    return db.session()


@blueprint.get("/money/limit")
@allowed(Verb.PAY_DEAL)
def limit() -> Page:
    """What is held, what bids bind of it, where to pay in."""
    return _page()


@blueprint.post("/money/limit")
@allowed(Verb.PAY_DEAL)
def open_limit() -> Page:
    """Ask for a reference to pay in under."""
    form = OpenForm()
    if not form.validate_on_submit():
        return _page(opening=form), 422
    with atomic() as session:
        service.open_limit(session, current_actor(), str(form.currency.data))
    return redirect(url_for("spending.limit"), code=303)


@blueprint.post("/money/limit/back")
@allowed(Verb.PAY_DEAL)
def take_back() -> Page:
    """Ask for a part of it back."""
    form = TakeBackForm()
    if not form.validate_on_submit():
        return _page(taking=form), 422
    try:
        with atomic() as session:
            service.take_back(session, current_actor(), str(form.currency.data), form.minor)
    except Refused as refused:
        show_refusal(form, refused)
        return _page(taking=form), refused.status
    return redirect(url_for("payments.index"), code=303)


def _page(opening: OpenForm | None = None, taking: TakeBackForm | None = None) -> str:
    institution_id = current_actor().institution_id
    rows = queries.limit_deposits(reading(), institution_id)
    return render_template(
        "spending/limit.html",
        rows=[(row, *service.reach(reading(), institution_id, row.currency)) for row in rows],
        lots=queries.lots_bound(reading(), institution_id),
        bank_account=current_app.extensions["settings"].bank_account,
        opening=opening or OpenForm(formdata=None),
        taking=taking or TakeBackForm(formdata=None),
    )
