"""Claims of a right of first refusal: made by a registered bidder, answered by the seller or the operator."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from auctions.asking import auction_or_404, reading
from auctions.models import Auction
from auctions.priority import queries, service
from auctions.priority.forms import AnswerForm, ClaimForm
from auctions.priority.models import PriorityClaim
from auctions.priority.rules import ClaimStatus
from auctions.priority.texts import CLAIM_STATUSES, CLAIM_TONES, RIGHT_OUTCOMES
from auctions.queries import registration_for
from auctions.routes.shared import blueprint
from marketplace import clock
from marketplace.access import Subject, Verb, require
from marketplace.db import atomic
from marketplace.errors import NotFound, Refused
from marketplace.listings.priority.models import PriorityHolder
from marketplace.listings.priority.queries import holders_of
from marketplace.listings.priority.rules import HolderStatus
from marketplace.listings.priority.texts import KINDS
from marketplace.web import allowed, current_actor, limiter, show_refusal, signed_in

Answer = Response | str | tuple[str, int]


@dataclass(frozen=True, slots=True)
class Row:
    """One claim with the form that answers it."""

    claim: PriorityClaim
    form: AnswerForm


@blueprint.get("/auctions/<uuid:auction_id>/priority/claim")
@allowed(Verb.REGISTER_TO_BID)
def claim_priority(auction_id: uuid.UUID) -> str:
    """The reader's own claims in this auction, and the form for one."""
    return _claim_page(auction_or_404(auction_id), ClaimForm(formdata=None))


@blueprint.post("/auctions/<uuid:auction_id>/priority/claim")
@allowed(Verb.REGISTER_TO_BID)
@limiter.limit("30/hour")
def claim_priority_now(auction_id: uuid.UUID) -> Answer:
    """Claim; the seller or the operator has to confirm it before bidding opens."""
    form, actor = ClaimForm(), current_actor()
    if not form.validate_on_submit():
        return _claim_page(auction_or_404(auction_id), form), 422
    try:
        with atomic() as session:
            service.claim(session, actor, auction_id, kind=form.kind.data, proof=form.proof.data or "")
    except Refused as refused:
        show_refusal(form, refused)
        return _claim_page(auction_or_404(auction_id), form), refused.status
    flash(gettext("Claimed. The seller has to confirm it before bidding opens."), "done")
    return redirect(url_for("auctions.claim_priority", auction_id=auction_id), code=303)


def _claim_page(auction: Auction, form: ClaimForm) -> str:
    registration = registration_for(reading(), auction.id, current_actor().institution_id)
    claims = queries.own_claims(reading(), registration.id) if registration else []
    standing = any(claim.status is not ClaimStatus.REFUSED for claim in claims)
    return render_template(
        "auctions/claim_priority.html",
        auction=auction,
        registration=registration,
        claims=claims,
        may_claim=registration is not None and not standing and clock.now() < auction.opens_at,
        form=form,
        **_words(),
    )


@blueprint.get("/auctions/<uuid:auction_id>/priority")
@signed_in
def priority_claims(auction_id: uuid.UUID) -> str:
    """Every claim in the auction, for the seller and the operator."""
    return _answers_page(_answerable(auction_id))


@blueprint.post("/auctions/<uuid:auction_id>/priority/<uuid:claim_id>")
@signed_in
def answer_priority(auction_id: uuid.UUID, claim_id: uuid.UUID) -> Answer:
    """Confirm a claim as one holder of the lot's list, or refuse it with the reason."""
    auction = _answerable(auction_id)
    if queries.find_claim(reading(), claim_id).auction_id != auction.id:
        raise NotFound("claim")
    form = _answer_form(claim_id, holders_of(reading(), auction.lot_id), posted=True)
    if not form.validate():
        return _answers_page(auction, claim_id, form), 422
    try:
        with atomic() as session:
            _answer(session, claim_id, form)
    except Refused as refused:
        show_refusal(form, refused)
        return _answers_page(_answerable(auction_id), claim_id, form), refused.status
    return redirect(url_for("auctions.priority_claims", auction_id=auction_id), code=303)


def _answer(session: Session, claim_id: uuid.UUID, form: AnswerForm) -> None:
    actor = current_actor()
    if request.form.get("answer") == "confirm":
        holder_id = uuid.UUID(form.holder_id.data) if form.holder_id.data else uuid.UUID(int=0)
        service.confirm(session, actor, claim_id, holder_id)
    else:
        service.refuse(session, actor, claim_id, form.reason.data or "")


def _answerable(auction_id: uuid.UUID) -> Auction:
    auction, actor = auction_or_404(auction_id), current_actor()
    require(actor, service.subject_verb(actor), Subject(owner_id=auction.institution_id))
    return auction


def _answer_form(claim_id: uuid.UUID, known: Sequence[PriorityHolder], *, posted: bool = False) -> AnswerForm:
    form = AnswerForm(prefix=claim_id.hex) if posted else AnswerForm(prefix=claim_id.hex, formdata=None)
    usable = [holder for holder in known if holder.status is HolderStatus.NOTIFIED]
    named = [(str(one.id), f"{one.order} · {one.name} · {KINDS[one.kind]}") for one in usable]
    form.holder_id.choices = [("", "–"), *named]
    return form


def _answers_page(
    auction: Auction, refused_id: uuid.UUID | None = None, form: FlaskForm | None = None
) -> str:
    known = holders_of(reading(), auction.lot_id)
    rows = [
        Row(claim, form if form is not None and claim.id == refused_id else _answer_form(claim.id, known))
        for claim in queries.claims_of(reading(), auction.id)
    ]
    return render_template(
        "auctions/priority_claims.html",
        auction=auction,
        rows=rows,
        outcomes=queries.outcomes_of(reading(), auction.id),
        right_outcomes=RIGHT_OUTCOMES,
        before=clock.now() < auction.opens_at,
        seller=current_actor().institution_id == auction.institution_id,
        **_words(),
    )


def _words() -> dict[str, object]:
    return {"kinds": KINDS, "claim_statuses": CLAIM_STATUSES, "claim_tones": CLAIM_TONES}
