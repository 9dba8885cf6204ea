"""Windows for offers: what the lot's page shows, the bank's page, and the form that leaves an offer."""

import uuid
from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.access import InstitutionKind, Verb, may
from marketplace.db import atomic
from marketplace.deals import queries as deals
from marketplace.deals.routes.shared import Page, blueprint, reading
from marketplace.deals.rules import MandateSide
from marketplace.deals.windows import queries, service
from marketplace.deals.windows.forms import EndForm, LeaveForm, WindowForm
from marketplace.deals.windows.models import OffersWindow
from marketplace.deals.windows.offering import leave
from marketplace.deals.windows.rules import (
    WITH_WINDOW,
    WindowReason,
    WindowStatus,
    is_open,
    shows_count,
)
from marketplace.deals.windows.texts import WINDOW_ENDS, WINDOW_STATUSES, WINDOW_TONES
from marketplace.errors import Refused
from marketplace.listings.models import Lot
from marketplace.listings.queries import find_own_lot, find_public_lot
from marketplace.money import MalformedAmount, parse_minor
from marketplace.rule_packs import load
from marketplace.web import (
    allowed,
    current_actor,
    limiter,
    optional_actor,
    public,
    refusal_text,
    show_refusal,
)


@blueprint.get("/lots/<uuid:lot_id>/offers-window")
@public
def window_fragment(lot_id: uuid.UUID) -> str:
    """For the lot's page: whether offers are taken, until when, from which price, and the way there."""
    lot, actor = find_public_lot(reading(), lot_id), optional_actor()
    window = queries.standing_window(reading(), lot.id)
    shown = window if window is not None and window.status is not WindowStatus.PROPOSED else None
    taken = shown is not None and is_open(shown.status, shown.closes_at, clock.now())
    pack = load(lot.rule_pack, lot.rule_pack_version)
    return render_template(
        "deals/_window.html",
        lot=lot,
        window=shown,
        taken=taken,
        count=len(queries.unanswered_ids(reading(), shown.id)) if shown and shows_count(pack) else None,
        may_leave=taken and actor is not None and may(actor, Verb.LEAVE_OFFER),
        own=actor is not None and actor.institution_id == lot.institution_id,
    )


@blueprint.get("/portfolio/lots/<uuid:lot_id>/offers-window")
@allowed(Verb.SEE_PORTFOLIO)
def lot_window(lot_id: uuid.UUID) -> str:
    """The bank's page: the offers beside the prices of the lot and what the auction brought."""
    return _bank_page(_own(lot_id))


@blueprint.post("/portfolio/lots/<uuid:lot_id>/offers-window")
@allowed(Verb.ANSWER_OFFER)
def propose_window(lot_id: uuid.UUID) -> Page:
    """Propose to take offers; a second person has to approve."""
    lot, form, actor = _own(lot_id), WindowForm(), current_actor()
    if not form.validate_on_submit():
        return _bank_page(lot, form), 422
    try:
        floor = _minor(form.floor.data, lot.currency, "floor")
        with atomic() as session:
            service.propose(session, actor, lot_id, days=form.days.data or 0, floor_minor=floor)
    except Refused as refused:
        show_refusal(form, refused)
        return _bank_page(_own(lot_id), form), refused.status
    flash(gettext("Proposed: a second person must approve it."), "success")
    return redirect(url_for("deals.lot_window", lot_id=lot_id), code=303)


@blueprint.post("/portfolio/offers-windows/<uuid:window_id>/approve")
@allowed(Verb.APPROVE_OFFER)
def approve_window(window_id: uuid.UUID) -> Page:
    """A second person opens it, or plans it for the end of the auction."""
    actor = current_actor()
    return _act(window_id, lambda session: service.approve(session, actor, window_id))


@blueprint.post("/portfolio/offers-windows/<uuid:window_id>/end")
@allowed(Verb.APPROVE_OFFER)
def end_window(window_id: uuid.UUID) -> Page:
    """Refuse the proposal, drop the plan, or close the window before its time."""
    actor, reason = current_actor(), EndForm().reason.data or ""
    return _act(window_id, lambda session: service.turn_down(session, actor, window_id, reason))


def _act(window_id: uuid.UUID, verb: Callable[[Session], object]) -> Page:
    lot = _own(queries.find_window(reading(), window_id).lot_id)
    lot_id = lot.id
    try:
        with atomic() as session:
            verb(session)
    except Refused as refused:
        return _bank_page(_own(lot_id), problem=refusal_text(refused)), refused.status
    flash(gettext("Recorded."), "success")
    return redirect(url_for("deals.lot_window", lot_id=lot_id), code=303)


def _own(lot_id: uuid.UUID) -> Lot:
    return find_own_lot(reading(), current_actor().institution_id, lot_id)


def _bank_page(lot: Lot, form: WindowForm | None = None, problem: str = "") -> str:
    actor, windows = current_actor(), queries.windows_of(reading(), lot.id)
    pack, standing = load(lot.rule_pack, lot.rule_pack_version), queries.standing_window(reading(), lot.id)
    latest = next((window for window in windows if window.opened_at is not None), None)
    return render_template(
        "deals/window.html",
        lot=lot,
        pack=pack,
        windows=windows,
        standing=standing,
        latest=latest,
        offers=queries.offers_in(reading(), latest.id) if latest else [],
        form=form or WindowForm(formdata=None),
        end_form=EndForm(formdata=None),
        problem=problem,
        may_propose=standing is None
        and pack.offers_window_days_most is not None
        and lot.status in WITH_WINDOW
        and may(actor, Verb.ANSWER_OFFER),
        approver=may(actor, Verb.APPROVE_OFFER),
        me=actor.person_id,
        window_statuses=WINDOW_STATUSES,
        window_tones=WINDOW_TONES,
        window_ends=WINDOW_ENDS,
    )


@blueprint.get("/offers-windows/<uuid:window_id>/offer")
@allowed(Verb.LEAVE_OFFER)
def leave_offer(window_id: uuid.UUID) -> str:
    """The form, with the reader's own offer where there is one."""
    window = _public_window(window_id)
    return _leave_page(window, _leave_form(window, posted=False))


@blueprint.post("/offers-windows/<uuid:window_id>/offer")
@allowed(Verb.LEAVE_OFFER)
@limiter.limit("60/hour")
def leave_offer_now(window_id: uuid.UUID) -> Page:
    """Leave it: it binds until the window closes."""
    window, actor = _public_window(window_id), current_actor()
    form = _leave_form(window, posted=True)
    if not form.validate_on_submit():
        return _leave_page(window, form), 422
    mandate = form.mandate_id.data if "mandate_id" in form else ""
    try:
        price = _minor(form.price.data, window.currency, "price") or 0
        with atomic() as session:
            mandate_id = uuid.UUID(mandate) if mandate else None
            offer = leave(session, actor, window_id, price_minor=price, mandate_id=mandate_id)
    except Refused as refused:
        show_refusal(form, refused)
        return _leave_page(_public_window(window_id), form), refused.status
    flash(gettext("Your offer is left. The seller decides before the window closes."), "success")
    return redirect(url_for("deals.offer", offer_id=offer.id), code=303)


def _public_window(window_id: uuid.UUID) -> OffersWindow:
    window = queries.find_window(reading(), window_id)
    find_public_lot(reading(), window.lot_id)
    return queries.require_shown(window)


def _leave_form(window: OffersWindow, *, posted: bool) -> LeaveForm:
    form, actor = LeaveForm() if posted else LeaveForm(formdata=None), current_actor()
    if actor.kind is not InstitutionKind.AGENCY:
        del form.mandate_id
        return form
    mandates = deals.usable_mandates(reading(), actor.institution_id, window.lot, clock.now())
    buying = [mandate for mandate in mandates if mandate.side is MandateSide.BUY]
    form.mandate_id.choices = [(str(mandate.id), mandate.client.name) for mandate in buying]
    return form


def _leave_page(window: OffersWindow, form: LeaveForm) -> str:
    actor = current_actor()
    return render_template(
        "deals/leave_offer.html",
        window=window,
        lot=window.lot,
        form=form,
        own=queries.own_offer(reading(), window.id, actor.institution_id),
        taken=is_open(window.status, window.closes_at, clock.now()),
    )


def _minor(text: str | None, currency: str, field: str) -> int | None:
    if not (text or "").strip():
        return None
    try:
        return parse_minor((text or "").strip(), currency)
    except MalformedAmount as malformed:
        raise Refused(WindowReason.FLOOR_NOT_POSITIVE, field=field) from malformed
