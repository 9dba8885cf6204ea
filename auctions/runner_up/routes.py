"""The page on which the next bidder answers; the seller and the operator see who was asked."""

import uuid

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from auctions.models import Auction
from auctions.queries import find_auction
from auctions.runner_up import service
from auctions.runner_up.models import RunnerUpOffer
from auctions.runner_up.queries import find_offer, offers_in
from auctions.runner_up.rules import Answer
from auctions.runner_up.texts import ANSWERS, TONES
from marketplace.access import Verb, may
from marketplace.db import atomic, db
from marketplace.errors import NotFound, Refused
from marketplace.listings.fees.queries import buyers_part
from marketplace.web import allowed, current_actor, refusal_text, signed_in

blueprint = Blueprint("runner_up", __name__, template_folder="templates")

Page = str | Response | tuple[str, int]


@blueprint.get("/auctions/<uuid:auction_id>/runner-up")
@signed_in
def offer(auction_id: uuid.UUID) -> Page:
    """What this reader was asked; who was asked at all, for the seller and the operator."""
    return _page(auction_id)


@blueprint.post("/runner-up/<uuid:offer_id>/<any(accept, decline):answer>")
@allowed(Verb.ANSWER_RUNNER_UP)
def give_answer(offer_id: uuid.UUID, answer: str) -> Page:
    """The bidder's yes or no."""
    verb = service.accept if answer == "accept" else service.decline
    auction_id = find_offer(db.session(), offer_id).auction_id
    try:
        with atomic() as session:
            verb(session, current_actor(), offer_id)
    except Refused as refused:
        return _page(auction_id, refusal_text(refused)), refused.status
    return redirect(url_for("runner_up.offer", auction_id=auction_id), code=303)


def _page(auction_id: uuid.UUID, problem: str = "") -> str:
    session = db.session()
    auction = find_auction(session, auction_id)
    asked = [row for row in offers_in(session, auction_id) if _sees(row, auction)]
    if not asked:
        raise NotFound("offer")
    return render_template(
        "runner_up/offer.html",
        auction=auction,
        lot=auction.lot,
        offers=[(row, _premium(row)) for row in asked],
        answers=ANSWERS,
        tones=TONES,
        problem=problem,
        mine=_may_answer,
    )


def _sees(row: RunnerUpOffer, auction: Auction) -> bool:
    actor = current_actor()
    if may(actor, Verb.SEE_OPERATIONS) or actor.institution_id == auction.institution_id:
        return True
    subject = service.subject_of(row)
    return actor.institution_id in {subject.owner_id, *subject.parties}


def _may_answer(row: RunnerUpOffer) -> bool:
    waiting = row.answer is Answer.ASKED
    return waiting and may(current_actor(), Verb.ANSWER_RUNNER_UP, service.subject_of(row))


def _premium(row: RunnerUpOffer) -> int:
    return buyers_part(db.session(), row.auction.lot_id, row.price_minor, row.currency)
