"""Auctions as JSON: the list, the state, the bids, bidding, receipts and the key that proves them.

Amounts are decimal texts, moments RFC 3339 in UTC. Posting needs the session's cookie and its CSRF token in
the header `X-CSRFToken`.
"""

import uuid
from typing import Any

from flask import Blueprint, Response, jsonify, request

from auctions import line, receipts
from auctions.asking import (
    BIDS_PER_MINUTE,
    PARTS,
    TOO_MANY,
    auction_or_404,
    own_entry,
    page_number,
    part_asked_for,
    person_key,
    reading,
)
from auctions.journal import covered, storable
from auctions.keys import known_keys
from auctions.live import queries, snapshot
from auctions.live.preview import explained_by
from auctions.models import JournalEntry
from auctions.queries import ACCEPTED, public_bids
from auctions.record.answering import DOWNLOADS_PER_MINUTE, send_record
from auctions.refusals import BiddingReason
from auctions.rules import BIDDING, WITH_AMOUNT, Action, Reason
from auctions.sealing.envelopes import SealedBid, commitment_of, new_salt
from auctions.sealing.queries import shown_amounts
from auctions.sealing.rules import SealingReason
from auctions.service import Act, Answer
from marketplace import clock
from marketplace.access import Verb
from marketplace.clock import moment_text
from marketplace.errors import Refused
from marketplace.money import decimal_text
from marketplace.parties.sign_in import claim
from marketplace.web import allowed, confirming_sign_in, current_actor, limiter, public, refusal_text

blueprint = Blueprint("auctions_api", __name__, url_prefix="/api")

BIDS_PER_ANSWER = 100


@blueprint.get("/auctions")
@public
def auctions() -> Response:
    """Auctions that are `live` (default), `upcoming` or `ended`, by page."""
    now = clock.now()
    page = PARTS[part_asked_for()][1](now, page_number())
    return jsonify(
        page=page.page,
        pages=page.pages,
        total=page.total,
        auctions=[
            {
                "lot": str(auction.lot_id),
                "title": auction.lot.title,
                **snapshot.take(reading(), auction, now).as_json(now),
            }
            for auction in page.items
        ],
    )


@blueprint.get("/auctions/<uuid:auction_id>")
@public
def auction(auction_id: uuid.UUID) -> Response:
    """The public state of one auction."""
    found, now = auction_or_404(auction_id), clock.now()
    facts = {"lot": str(found.lot_id), "title": found.lot.title, "rule_pack": found.rule_pack}
    return jsonify(facts | snapshot.take(reading(), found, now).as_json(now))


@blueprint.get("/auctions/<uuid:auction_id>/bids")
@public
def bids(auction_id: uuid.UUID) -> Response:
    """The accepted bids, the newest first, at most a hundred; `after` is a sequence to go on from."""
    found = auction_or_404(auction_id)
    hidden = snapshot.hides_bids(found, clock.now())
    after = request.args.get("after", default=0, type=int)
    rows = public_bids(reading(), auction_id, hidden=hidden, after=after, limit=BIDS_PER_ANSWER)
    amounts = shown_amounts(reading(), found, [entry for entry, _ in rows])
    return jsonify(
        bids=[
            {
                "sequence": entry.sequence,
                "at": moment_text(entry.at),
                "bidder": alias,
                "amount": decimal_text(amounts[entry.sequence], found.currency),
                "hash": entry.hash,
            }
            for entry, alias in rows
            if entry.sequence in amounts
        ]
    )


@blueprint.post("/auctions/<uuid:auction_id>/bids")
@confirming_sign_in
@allowed(Verb.BID)
@limiter.limit(BIDS_PER_MINUTE, key_func=person_key, error_message=lambda: str(TOO_MANY))
def bid(auction_id: uuid.UUID) -> tuple[Response, int]:
    """Bid: `action`, `amount` where it has one, `idempotency_key`; answers with the receipt, or why not.

    The actions are `bid`, `proxy`, `take`, `pass` and `withdraw`; the last two have no amount.

    Where bids are sealed `salt`, 64 hexadecimal digits, may be chosen too. The answer holds salt and amount
    for the only time: nobody can show them again before the opening.
    """
    body = request.get_json(silent=True)
    action, amount, key = _act(body)
    own_salt = _salt(body)
    salt = own_salt or new_salt()
    answer = line.answer(auction_id, Act(current_actor(), action, amount, key, own_salt, salt, claim()))
    entry = answer.entry
    sealed = {"amount": amount, "salt": salt} if _sealed_with(answer, amount, salt) else {}
    if entry.decision == ACCEPTED:
        return jsonify(_receipt(entry) | sealed), 201
    reason = Reason(entry.decision.partition(":")[2])
    refused = explained_by(answer.terms, answer.state, reason, "amount", answer.bidder)
    facts = {"error": refusal_text(refused), "reason": str(reason), "field": "amount"}
    return jsonify(_receipt(entry) | sealed | facts), 422


def _act(body: Any) -> tuple[Action, str | None, str]:
    """The texts of the body; anything else is refused before the journal sees it."""
    fields = body if isinstance(body, dict) else {}
    action, amount, key = (fields.get(name) for name in ("action", "amount", "idempotency_key"))
    if not isinstance(action, str) or action not in BIDDING:
        raise Refused(BiddingReason.NOT_A_BID, field="action")
    if action in WITH_AMOUNT and not isinstance(amount, str):
        raise Refused(Reason.MALFORMED_AMOUNT, field="amount")
    if action not in WITH_AMOUNT and amount is not None:
        raise Refused(Reason.MALFORMED_AMOUNT, field="amount")
    if not isinstance(key, str):
        raise Refused(BiddingReason.KEY_MALFORMED, field="idempotency_key")
    return Action(action), amount, key


def _salt(body: Any) -> str | None:
    """The bidder's own salt; None where the choice is left to the platform."""
    salt = body.get("salt")
    if salt is not None and not isinstance(salt, str):
        raise Refused(SealingReason.SALT_MALFORMED, field="salt")
    return salt


def _sealed_with(answer: Answer, amount: str | None, salt: str) -> bool:
    """Whether the entry holds the amount under this salt: not when the act was sent again without its own."""
    entry = answer.entry
    if entry.commitment is None:
        return False
    bid = SealedBid(str(entry.auction_id), answer.bidder.id, storable(amount) or "", salt)
    return commitment_of(bid) == entry.commitment


@blueprint.get("/auctions/<uuid:auction_id>/receipts/<int:sequence>")
@allowed(Verb.BID)
def receipt(auction_id: uuid.UUID, sequence: int) -> Response:
    """The bidder's own receipt: everything the hash covers, the hash and the signature."""
    _, entry = own_entry(auction_id, sequence)
    alias = queries.aliases(reading(), [entry])[entry.registration_id]
    return jsonify(_receipt(entry) | covered(entry, alias))


@blueprint.get("/auctions/<uuid:auction_id>/record")
@public
@limiter.limit(DOWNLOADS_PER_MINUTE)
def record(auction_id: uuid.UUID) -> Response:
    """The record of an ended auction, as `docs/record-format.md` describes it."""
    return send_record(auction_or_404(auction_id))


@blueprint.get("/receipt-key")
@public
def receipt_key() -> Response:
    """The public key that signs receipts now (Ed25519, PEM), and with their fingerprints those before it."""
    return jsonify(
        public_key=receipts.public_key_text(),
        keys=[
            {
                "fingerprint": key.fingerprint,
                "public_key": key.public_key,
                "since": key.since and moment_text(key.since),
                "in_use": key.in_use,
            }
            for key in known_keys(reading())
        ],
    )


def _receipt(entry: JournalEntry) -> dict[str, Any]:
    return {
        "sequence": entry.sequence,
        "at": moment_text(entry.at),
        "action": str(entry.action),
        "amount": entry.amount,
        "decision": entry.decision,
        "idempotency_key": entry.idempotency_key,
        "hash": entry.hash,
        "receipt": entry.receipt,
    }
