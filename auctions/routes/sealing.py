"""Pages of sealed bids: an institution's opening keys, and the opening of one auction."""

import json
import uuid
from datetime import timedelta

from flask import Response, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from auctions import service
from auctions.asking import auction_or_404, reading
from auctions.routes.shared import blueprint
from auctions.sealing import queries, texts
from auctions.sealing.commands import grouped
from auctions.sealing.forms import ContributionForm, KeyForm, WithdrawForm
from auctions.sealing.seen import OpeningPage, opening_page
from marketplace import clock
from marketplace.access import Verb
from marketplace.clock import LOCAL_ZONE
from marketplace.db import atomic
from marketplace.errors import NotFound, Refused
from marketplace.web import allowed, current_actor, optional_actor, public, show_refusal

Answer = BaseResponse | str | tuple[str, int]
_USUAL_LIFE = timedelta(days=365)


@blueprint.get("/opening-keys")
@allowed(Verb.HOLD_OPENING_KEY)
def opening_keys() -> str:
    """The institution's keys, what waits to be opened, and how to make a key."""
    today = clock.now().astimezone(LOCAL_ZONE).date()
    return _keys_page(KeyForm(formdata=None, first_day=today, last_day=today + _USUAL_LIFE))


@blueprint.post("/opening-keys")
@allowed(Verb.HOLD_OPENING_KEY)
def add_opening_key() -> Answer:
    """Keep the public half of the reader's own key."""
    form = KeyForm()
    if not form.validate_on_submit():
        return _keys_page(form), 422
    try:
        with atomic() as session:
            service.add_key(session, current_actor(), form.content(), *form.period())
    except Refused as refused:
        show_refusal(form, refused)
        return _keys_page(form), refused.status
    flash(
        gettext("The key is kept. A colleague has to compare its fingerprint with you and confirm it."),
        "done",
    )
    return redirect(url_for("auctions.opening_keys"), code=303)


@blueprint.post("/opening-keys/<uuid:key_id>/confirm")
@allowed(Verb.HOLD_OPENING_KEY)
def confirm_opening_key(key_id: uuid.UUID) -> BaseResponse:
    """A second person of the institution has compared the fingerprint."""
    with atomic() as session:
        service.confirm_key(session, current_actor(), key_id)
    flash(gettext("The key is confirmed: bids are sealed to it from its first day on."), "done")
    return redirect(url_for("auctions.opening_keys"), code=303)


@blueprint.post("/opening-keys/<uuid:key_id>/withdraw")
@allowed(Verb.HOLD_OPENING_KEY)
def withdraw_opening_key(key_id: uuid.UUID) -> BaseResponse:
    """Use a key no more."""
    form = WithdrawForm()
    if not form.validate_on_submit():
        flash(gettext("State the reason."), "warning")
        return redirect(url_for("auctions.opening_keys"), code=303)
    with atomic() as session:
        service.withdraw_key(session, current_actor(), key_id, str(form.reason.data))
    flash(gettext("The key is withdrawn."), "done")
    return redirect(url_for("auctions.opening_keys"), code=303)


def _keys_page(form: KeyForm) -> str:
    actor, now = current_actor(), clock.now()
    found = queries.keys_of(reading(), actor.institution_id)
    return render_template(
        "auctions/opening_keys.html",
        form=form,
        withdraw=WithdrawForm(formdata=None),
        keys=[(key, queries.state_of(key, now)) for key in found],
        custodies=queries.unfinished_custodies(reading(), actor.institution_id),
        me=actor.person_id,
        words=texts,
        grouped=grouped,
    )


@blueprint.get("/auctions/<uuid:auction_id>/opening")
@public
def opening(auction_id: uuid.UUID) -> str:
    """Who keeps the bids, how far the opening is, and after it every bid with its proof."""
    return _opening_page(_page_or_404(auction_id), ContributionForm(formdata=None))


@blueprint.get("/auctions/<uuid:auction_id>/opening/fragment")
@public
def opening_fragment(auction_id: uuid.UUID) -> str:
    """The same in a few words, for the auction's own page."""
    return render_template("auctions/_opening.html", page=_page_or_404(auction_id))


@blueprint.post("/auctions/<uuid:auction_id>/opening")
@allowed(Verb.HOLD_OPENING_KEY)
def contribute_to_opening(auction_id: uuid.UUID) -> Answer:
    """Take an officer's contribution; the second institution's opens everything."""
    form = ContributionForm()
    if not form.validate_on_submit():
        return _opening_page(_page_or_404(auction_id), form), 422
    try:
        with atomic() as session:
            service.contribute(session, current_actor(), auction_id, form.document())
    except Refused as refused:
        show_refusal(form, refused)
        return _opening_page(_page_or_404(auction_id), form), refused.status
    flash(gettext("Your contribution is taken."), "done")
    return redirect(url_for("auctions.opening", auction_id=auction_id), code=303)


@blueprint.get("/auctions/<uuid:auction_id>/opening-file")
@allowed(Verb.HOLD_OPENING_KEY)
def opening_file(auction_id: uuid.UUID) -> Response:
    """The institution's locked shares, to be taken to the machine with the private key."""
    file = service.opening_file(reading(), current_actor(), auction_id)
    response = make_response(json.dumps(file, indent=1))
    response.mimetype = "application/json"
    response.headers["Content-Disposition"] = f'attachment; filename="opening-{auction_id}.json"'
    return response


def _page_or_404(auction_id: uuid.UUID) -> OpeningPage:
    page = opening_page(reading(), auction_or_404(auction_id), optional_actor(), clock.now())
    if page is None:
        raise NotFound("custody")
    return page


def _opening_page(page: OpeningPage, form: ContributionForm) -> str:
    return render_template("auctions/opening.html", page=page, form=form, words=texts, grouped=grouped)
