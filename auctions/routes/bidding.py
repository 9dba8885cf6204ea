"""Bidding: the form, what it would cost, the confirmation, the receipt.

A confirmation is bound to its amount and to the price its reader saw. When the price has moved meanwhile,
that is said and the reader is asked again; nothing else is ever bid in place of what was confirmed.
"""

import uuid
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from auctions import line
from auctions.asking import BIDS_PER_MINUTE, TOO_MANY, auction_or_404, own_entry, person_key, reading
from auctions.forms import ActForm, BidForm, MaximumForm
from auctions.keys import key_of
from auctions.live import queries
from auctions.live.preview import explained, price_word, refusal
from auctions.models import Auction, JournalEntry, Registration
from auctions.queries import ACCEPTED, entry_by_key, registration_for
from auctions.refusals import BiddingReason
from auctions.routes.rooms import room_of, show_room
from auctions.routes.shared import blueprint
from auctions.rules import Action, Reason
from auctions.sealing.envelopes import new_salt
from auctions.sealing.rules import SEALED
from auctions.service import Act
from marketplace import clock
from marketplace.access import Verb
from marketplace.errors import Refused
from marketplace.language import money
from marketplace.money import parse_minor
from marketplace.web import allowed, current_actor, limiter, refusal_text, show_refusal, signed_in

Answer = BaseResponse | str | tuple[str, int]
_FIELDS = {Action.BID: "amount", Action.TAKE: "amount", Action.PROXY: "maximum"}
# The acts that carry no amount and need no second step: they cost nothing.
_OF_A_TURN = {"pass": Action.PASS, "withdraw": Action.WITHDRAW}


def _unconfirmed() -> bool:
    return request.form.get("confirmed") != "yes"


def _limited(view: Any) -> Any:
    limit = limiter.limit(
        BIDS_PER_MINUTE, key_func=person_key, exempt_when=_unconfirmed, error_message=lambda: str(TOO_MANY)
    )
    return limit(view)


@blueprint.post("/auctions/<uuid:auction_id>/bids")
@allowed(Verb.BID)
@_limited
def bid(auction_id: uuid.UUID) -> Answer:
    """A bid by hand: first what it would cost, and once that is confirmed, the bid."""
    return _act(auction_id, BidForm(), Action.BID)


@blueprint.post("/auctions/<uuid:auction_id>/maximum")
@allowed(Verb.BID)
@_limited
def maximum(auction_id: uuid.UUID) -> Answer:
    """The same for a maximum."""
    return _act(auction_id, MaximumForm(), Action.PROXY)


@blueprint.post("/auctions/<uuid:auction_id>/take")
@allowed(Verb.BID)
@_limited
def take(auction_id: uuid.UUID) -> Answer:
    """Take the falling price: asked about is always the price of that moment, whatever the form says."""
    return _act(auction_id, BidForm(), Action.TAKE)


@blueprint.post("/auctions/<uuid:auction_id>/<any(pass,withdraw):act>")
@allowed(Verb.BID)
@limiter.limit(BIDS_PER_MINUTE, key_func=person_key, error_message=lambda: str(TOO_MANY))
def turn(auction_id: uuid.UUID, act: str) -> Answer:
    """Pass, or take back what was bid in this turn or stage."""
    form, auction = ActForm(), auction_or_404(auction_id)
    if not form.validate_on_submit():
        return show_room(auction), 422
    asked = Act(current_actor(), _OF_A_TURN[act], None, str(form.idempotency_key.data), None)
    entry = line.bid(auction_id, asked)
    if entry.decision != ACCEPTED:
        flash(refusal_text(Refused(Reason(entry.decision.partition(":")[2]))), "error")
        return show_room(auction_or_404(auction_id)), 422
    return redirect(url_for("auctions.room", auction_id=auction_id, receipt=entry.sequence), code=303)


@blueprint.get("/auctions/<uuid:auction_id>/bids")
@blueprint.get("/auctions/<uuid:auction_id>/take")
@blueprint.get("/auctions/<uuid:auction_id>/maximum")
@signed_in
def after_bid(auction_id: uuid.UUID) -> BaseResponse:
    """Whoever reloads the answer to a bid comes back to the room."""
    return redirect(url_for("auctions.room", auction_id=auction_id), code=303)


def _act(auction_id: uuid.UUID, form: BidForm | MaximumForm, action: Action) -> Answer:
    auction = auction_or_404(auction_id)
    registration = registration_for(reading(), auction.id, current_actor().institution_id)
    if registration is None:
        raise Refused(BiddingReason.NOT_REGISTERED)
    if not form.validate_on_submit():
        return _refused(auction, form, action)
    amount = str(form[_FIELDS[action]].data)
    if _unconfirmed() or _price_moved(auction, form):
        amount = _price_now(auction, amount) if action is Action.TAKE else amount
        return _confirmation(auction, registration, form, action, amount)
    salt = form.salt.data or None
    entry = line.bid(auction_id, Act(current_actor(), action, amount, str(form.idempotency_key.data), salt))
    if entry.decision != ACCEPTED:
        return _refused(auction_or_404(auction_id), form, action, Reason(entry.decision.partition(":")[2]))
    if entry.commitment is not None:
        return _sealed(auction, registration, entry, amount, salt)
    back = url_for("auctions.room", auction_id=auction_id, receipt=entry.sequence)
    return redirect(back, code=303)


def _sealed(
    auction: Auction, registration: Registration, entry: JournalEntry, amount: str, salt: str | None
) -> str:
    """What nobody can show the bidder again before the opening: its amount and its salt. Kept nowhere."""
    return render_template(
        "auctions/sealed_receipt.html",
        auction=auction,
        alias=registration.alias,
        entry=entry,
        amount_text=amount,
        minor=parse_minor(amount, auction.currency),
        salt=salt,
    )


def _price_now(auction: Auction, otherwise: str) -> str:
    """The price of the clock as a take must carry it; what was asked for where there is no such price."""
    word = price_word(room_of(auction).state)
    return otherwise if word == "none" else word


def _price_moved(auction: Auction, form: BidForm | MaximumForm) -> bool:
    """Whether the reader confirmed at another price than there is now; not asked of an act already taken."""
    if entry_by_key(reading(), auction.id, str(form.idempotency_key.data)) is not None:
        return False
    return bool(form.seen_price.data != price_word(room_of(auction).state))


def _confirmation(
    auction: Auction, registration: Registration, form: BidForm | MaximumForm, action: Action, amount: str
) -> Answer:
    """What the act would cost; with `X-Part: dialog` without the page around it, for the script."""
    reason = refusal(reading(), auction, registration, action, amount, clock.now())
    if reason is not None:
        return _refused(auction, form, action, reason)
    room = room_of(auction)
    seen, form.seen_price.data = form.seen_price.data, price_word(room.state)
    if auction.auction_format == SEALED:
        form.salt.data = form.salt.data or new_salt()
    minor = parse_minor(amount, auction.currency)
    in_dialog = request.headers.get("X-Part") == "dialog"
    return render_template(
        "auctions/_confirm.html" if in_dialog else "auctions/confirm.html",
        room=room,
        form=form,
        action=action,
        amount_text=amount,
        minor=minor,
        cost=room.cost(minor),
        moved=bool(seen) and seen != form.seen_price.data,
        in_dialog=in_dialog,
    )


def _refused(
    auction: Auction, form: BidForm | MaximumForm, action: Action, reason: Reason | None = None
) -> tuple[str, int]:
    """The room with the refusal beside the field, the amount kept and a fresh key: the old one is spent."""
    if reason is not None:
        registration = registration_for(reading(), auction.id, current_actor().institution_id)
        show_refusal(form, explained(auction, reason, _FIELDS[action], registration))
    if reason is Reason.BELOW_MINIMUM:
        _say_what_moved(auction, form, action)
    form.idempotency_key.data = uuid.uuid4().hex
    form.confirmed.data = form.seen_price.data = ""
    if isinstance(form, BidForm):
        return show_room(auction, bid=form), 422
    return show_room(auction, maximum=form), 422


def _say_what_moved(auction: Auction, form: BidForm | MaximumForm, action: Action) -> None:
    """Before what is asked for now: that somebody else was faster, where the reader saw another price."""
    state, seen = room_of(auction).state, form.seen_price.data
    if state.price is not None and seen and seen != price_word(state):
        price, field = money(state.price, state.currency), form[_FIELDS[action]]
        moved = gettext("The price has moved to %(price)s since you looked.", price=price)
        field.errors = [moved, *field.errors]


@blueprint.get("/auctions/<uuid:auction_id>/receipts/<int:sequence>")
@allowed(Verb.BID)
def receipt(auction_id: uuid.UUID, sequence: int) -> Response | str:
    """The bidder's proof of one act: what was said when, its hash, and the marketplace's signature."""
    auction, entry = own_entry(auction_id, sequence)
    return render_template(
        "auctions/receipt.html",
        auction=auction,
        lot=auction.lot,
        entry=entry,
        alias=queries.aliases(reading(), [entry])[entry.registration_id],
        public_key=key_of(reading(), entry),
    )
