"""An institution's account at the gateway: how it stands, opening it, and the way to the gateway's pages."""

import uuid
from typing import cast

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from marketplace.access import Verb, may
from marketplace.db import atomic, db
from marketplace.errors import NotFound, Refused
from marketplace.parties.models import Institution
from marketplace.web import allowed, current_actor, refusal_text, signed_in
from payments.connect import queries, service
from payments.connect.calling import return_address
from payments.connect.rules import ConnectReason, served
from payments.gateways import Gateway, GatewayRefused, GatewayUnreachable
from payments.gateways.registry import gateways
from payments.rules import Method

blueprint = Blueprint("connect", __name__, template_folder="templates")

Page = str | Response | tuple[str, int]


def reading() -> Session:
    """The session for reads."""
    return cast("Session", db.session())


@blueprint.get("/money/account")
@signed_in
def account() -> Page:
    """How the reader's institution is paid out: by its account at the gateway, or by the bank."""
    return _page()


@blueprint.post("/money/account")
@allowed(Verb.MANAGE_PEOPLE)
def open_account() -> Page:
    """Open an account at the gateway. The call is made between two transactions, never inside one."""
    actor = current_actor()
    try:
        with atomic() as session:
            country = service.country_to_open(session, actor)
        gateway = _gateway()
        state = gateway.open_account(actor.institution_id, country, f"luochui-account-{actor.institution_id}")
        with atomic() as session:
            service.keep(session, actor, state)
    except Refused as refused:
        return _page(refusal_text(refused)), refused.status
    except GatewayRefused as refused:
        return _page(str(refused)), 422
    except GatewayUnreachable:
        return _page(_silent()), 503
    return redirect(url_for("connect.account"), code=303)


@blueprint.post("/money/account/complete")
@allowed(Verb.MANAGE_PEOPLE)
def complete() -> Page:
    """Go to the gateway's pages, which ask for what is missing; the address runs out after minutes."""
    known = queries.account_of(reading(), current_actor().institution_id)
    if known is None:
        raise NotFound("account")
    try:
        url = _gateway().onboarding_url(known.gateway_object, return_address(url_for("connect.back")))
    except GatewayRefused as refused:
        return _page(str(refused)), 422
    except GatewayUnreachable:
        return _page(_silent()), 503
    return redirect(url, code=303)


@blueprint.get("/money/account/back")
@signed_in
def back() -> Page:
    """The gateway's pages lead back here: ask it how the account stands now."""
    known = queries.account_of(reading(), current_actor().institution_id)
    if known is None:
        raise NotFound("account")
    try:
        state = _gateway().look_up_account(known.gateway_object)
    except (GatewayRefused, GatewayUnreachable):
        return redirect(url_for("connect.account"), code=303)
    with atomic() as session:
        service.stands(session, state)
    return redirect(url_for("connect.account"), code=303)


def _gateway() -> Gateway:
    gateway = gateways().get(Method.STRIPE)
    if gateway is None:
        raise Refused(ConnectReason.NO_GATEWAY)
    return gateway


def _silent() -> str:
    return str(gettext("The payment provider does not answer. Please try again later."))


def _page(problem: str = "") -> str:
    actor = current_actor()
    institution_id: uuid.UUID = actor.institution_id
    country = reading().get_one(Institution, institution_id).country
    return render_template(
        "connect/account.html",
        known=queries.account_of(reading(), institution_id),
        served=served(country),
        offered=Method.STRIPE in gateways(),
        may_open=may(actor, Verb.MANAGE_PEOPLE),
        problem=problem,
    )
