"""What the seller and the operator do about an auction: schedule it, stop it, read its journal."""

import uuid
from datetime import datetime, timedelta
from functools import partial

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from auctions import service
from auctions.asking import auction_or_404, page_number, reading
from auctions.combination.service import schedule_together
from auctions.forms import ControlForm, ScheduleForm, to_local
from auctions.live import queries
from auctions.live.room import sees_journal
from auctions.live.snapshot import hides_bids
from auctions.models import Auction, JournalEntry
from auctions.notice_words import EarliestOpening, earliest_opening
from auctions.queries import ACCEPTED
from auctions.refusals import ScheduleReason
from auctions.routes.rooms import room_of
from auctions.routes.shared import blueprint
from auctions.rules import Action, Reason
from auctions.rules.planning import Planned, planned
from auctions.sealing.queries import second_custodians, shown_amounts
from auctions.sealing.rules import SEALED
from auctions.texts import FAULTS
from marketplace import clock, rule_packs
from marketplace.access import Subject, Verb, require
from marketplace.clock import LOCAL_ZONE
from marketplace.db import atomic
from marketplace.errors import NotFound, Refused
from marketplace.language import moment, money
from marketplace.listings.models import Lot
from marketplace.listings.queries import kin_of, lock_lot
from marketplace.listings.rules import WITH_OWN_END, LotStatus
from marketplace.web import allowed, current_actor, optional_actor, public, refusal_text, show_refusal

Answer = Response | str | tuple[str, int]

_USUAL_LENGTH = timedelta(days=1)
_OPENING_HOUR = 10
# The preview of an auction in rounds supposes so many bidders; a long one leaves out the middle.
_BIDDERS = 3
_PLAN_LINES = 24


@blueprint.get("/lots/<uuid:lot_id>/auction/schedule")
@allowed(Verb.SCHEDULE_AUCTION)
def schedule(lot_id: uuid.UUID) -> Answer:
    """The form, filled with the lot's dates or the earliest that its rules allow."""
    lot = _own_lot(lot_id)
    if lot.status is LotStatus.UNSOLD:
        return redirect(url_for("procedure.procedure", lot_id=lot.id), code=303)
    opens_at = lot.opens_at or _earliest_opening(lot)
    closes_at = lot.closes_at or opens_at + _USUAL_LENGTH
    dates = {"opens_at": to_local(opens_at), "closes_at": to_local(closes_at)}
    form = ScheduleForm(formdata=None, has_end=_has_end(lot), keepers=_keepers(lot), **dates)
    return _schedule_page(lot, form, opens_at, closes_at)


@blueprint.post("/lots/<uuid:lot_id>/auction/schedule")
@allowed(Verb.SCHEDULE_AUCTION)
def schedule_now(lot_id: uuid.UUID) -> Answer:
    """Announce the auction; its terms are fixed from here on. Asked for a preview, show what would follow."""
    lot = _own_lot(lot_id)
    form = ScheduleForm(has_end=_has_end(lot), keepers=_keepers(lot))
    if not form.validate_on_submit():
        return _schedule_page(lot, form), 422
    if "preview" in request.form:
        return _schedule_page(lot, form, *form.moments())
    try:
        with atomic() as session:
            auction = _announce(session, lot_id, form)
    except Refused as refused:
        lot = _own_lot(lot_id)
        show_refusal(form, _in_detail(refused, lot))
        return _schedule_page(lot, form), refused.status
    flash(gettext("The auction is announced."), "done")
    return redirect(url_for("auctions.room", auction_id=auction.id), code=303)


def _has_end(lot: Lot) -> bool:
    return lot.auction_format in WITH_OWN_END


def _keepers(lot: Lot) -> list[tuple[str, str]] | None:
    """Who may keep the bids beside the seller; None where bids are not sealed."""
    if lot.auction_format != SEALED:
        return None
    return [(str(one.id), one.name) for one in second_custodians(reading(), clock.now())]


def _announce(session: Session, lot_id: uuid.UUID, form: ScheduleForm) -> Auction:
    """The lot's own auction; that of a whole comes with those of its parts."""
    opens_at, closes_at = form.moments()
    kin = kin_of(session, lock_lot(session, lot_id))
    if not any(part.part_of_id == lot_id for part in kin):
        keeper = form.custodian()
        return service.schedule(session, current_actor(), lot_id, opens_at, closes_at, custodian_id=keeper)
    if closes_at is None:
        raise Refused(ScheduleReason.TERMS_INCOMPLETE, part="closes_at", problem="is missing")
    return schedule_together(session, current_actor(), lot_id, opens_at, closes_at)


def _in_detail(refused: Refused, lot: Lot) -> Refused:
    """A limit of the rule pack in its own words, with number and article; a fault of the terms likewise."""
    if refused.reason is ScheduleReason.TERMS_INCOMPLETE:
        problem = str(refused.details["problem"])
        return Refused(
            refused.reason, refused.field, **{**refused.details, "problem": FAULTS.get(problem, problem)}
        )
    if refused.reason is not ScheduleReason.OUTSIDE_LIMITS:
        return refused
    details = {**refused.details, "limit": _limit_text(refused.details["limit"], lot.currency)}
    return Refused(details.pop("limit_reason"), refused.field, **details)


def _limit_text(limit: object, currency: str) -> str:
    """A moment or an amount; a year stands as it is."""
    if isinstance(limit, datetime):
        return moment(limit)
    return money(limit, currency) if isinstance(limit, int) else str(limit or "")


def _own_lot(lot_id: uuid.UUID) -> Lot:
    lot = reading().get(Lot, lot_id)
    if lot is None:
        raise NotFound("lot")
    require(current_actor(), Verb.SCHEDULE_AUCTION, Subject(owner_id=lot.institution_id))
    return lot


def _earliest_opening(lot: Lot) -> datetime:
    """Ten in the morning of the first day that the notice period allows."""
    notice = _notice(lot).at
    start = max(clock.now(), notice or clock.now())
    return (start.astimezone(LOCAL_ZONE) + timedelta(days=1)).replace(
        hour=_OPENING_HOUR, minute=0, second=0, microsecond=0
    )


def _notice(lot: Lot) -> EarliestOpening:
    pack = rule_packs.load(lot.rule_pack, lot.rule_pack_version)
    return earliest_opening(pack, lot.published_at or clock.now(), lot.round)


def _schedule_page(
    lot: Lot, form: ScheduleForm, opens_at: datetime | None = None, closes_at: datetime | None = None
) -> str:
    pack = rule_packs.load(lot.rule_pack, lot.rule_pack_version)
    zone = clock.now().astimezone(LOCAL_ZONE).tzname()
    kin = kin_of(reading(), lot)
    return render_template(
        "auctions/schedule.html",
        lot=lot,
        form=form,
        pack=pack,
        zone=zone,
        kin=kin,
        notice=_notice(lot),
        warnings=_warnings(lot, form, opens_at, closes_at) if opens_at else [],
        plan=_plan(lot, form, opens_at, closes_at) if opens_at else [],
    )


def _warnings(lot: Lot, form: ScheduleForm, opens_at: datetime, closes_at: datetime | None) -> list[str]:
    """What is unusual about these times; what the announcement would be refused for is said in the form."""
    if opens_at <= clock.now():
        show_refusal(form, Refused(ScheduleReason.OPENING_PASSED, field="opens_at"))
    found = service.limits_broken(lot, opens_at, closes_at if _has_end(lot) else None)
    for refused, binding in found:
        if binding:
            show_refusal(form, _in_detail(refused, lot))
    return [refusal_text(_in_detail(refused, lot)) for refused, binding in found if not binding]


def _plan(lot: Lot, form: ScheduleForm, opens_at: datetime, closes_at: datetime | None) -> list[Planned]:
    """The stages that would follow, the middle of many left out; what the terms lack is said in the form."""
    try:
        found = planned(service.terms_of(lot, opens_at, closes_at if _has_end(lot) else None), _BIDDERS)
    except Refused as refused:
        if not form.errors:  # what the rules say of the times comes first, and may be the same fault
            show_refusal(form, _in_detail(refused, lot))
        return []
    return found if len(found) <= _PLAN_LINES else [*found[: _PLAN_LINES - 3], *found[-3:]]


@blueprint.get("/auctions/<uuid:auction_id>/control")
@allowed(Verb.CONTROL_AUCTION)
def control_form(auction_id: uuid.UUID) -> str:
    """The form to intervene with, on a page of its own."""
    return _control_page(auction_id, ControlForm(formdata=None))


@blueprint.post("/auctions/<uuid:auction_id>/control")
@allowed(Verb.CONTROL_AUCTION)
def control(auction_id: uuid.UUID) -> Answer:
    """Suspend, resume, extend or cancel, with the reason."""
    form = ControlForm()
    if not form.validate_on_submit() or not form.has_minutes():
        return _control_page(auction_id, form), 422
    try:
        with atomic() as session:
            entry = service.control(
                session,
                current_actor(),
                auction_id,
                form.action.data,
                str(form.reason.data),
                form.seconds(),
            )
    except Refused as refused:
        show_refusal(form, refused)
        return _control_page(auction_id, form), refused.status
    if entry.decision != ACCEPTED:
        reason = Reason(entry.decision.partition(":")[2])
        form.form_errors.append(refusal_text(Refused(reason)))
        return _control_page(auction_id, form), 422
    return redirect(url_for("auctions.room", auction_id=auction_id), code=303)


def _control_page(auction_id: uuid.UUID, form: ControlForm) -> str:
    room = room_of(auction_or_404(auction_id))
    return render_template("auctions/control.html", room=room, control=form)


@blueprint.get("/auctions/<uuid:auction_id>/journal")
@public
def journal(auction_id: uuid.UUID) -> str:
    """The record: accepted bids for everybody, everything for the seller and the operator."""
    auction, actor, now = auction_or_404(auction_id), optional_actor(), clock.now()
    whole = sees_journal(actor, auction)
    hidden = hides_bids(auction, now)
    page = (
        queries.whole_journal(auction.id, page_number())
        if whole
        else queries.public_journal(auction.id, page_number(), hidden=hidden)
    )
    return render_template(
        "auctions/journal.html",
        auction=auction,
        lot=auction.lot,
        page=page,
        aliases=queries.aliases(reading(), page.items),
        whole=whole,
        amounts=shown_amounts(reading(), auction, page.items),
        hides_amount=partial(_hides_amount, hidden=hidden),
    )


def _hides_amount(entry: JournalEntry, *, hidden: bool) -> bool:
    """A maximum stays between its bidder and the system: a seller who sells again learns from it too much.

    So does a sealed bid as long as it is sealed.
    """
    return entry.action is Action.PROXY or (hidden and entry.action in queries.SEALED_ACTIONS)
