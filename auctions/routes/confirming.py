"""Confirmations: the document for its parties, and the page where anybody checks a code."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response as BaseResponse

from auctions.asking import auction_or_404, reading
from auctions.confirmations import rows
from auctions.disclosure import names_winner
from auctions.models import Auction, Confirmation
from auctions.routes.shared import blueprint
from auctions.rules import Outcome
from auctions.written.terms import read_terms
from marketplace.access import InstitutionKind, Verb, may
from marketplace.clock import parse_moment
from marketplace.deals import service as deals
from marketplace.deals.models import Deal
from marketplace.deals.rules import DealStatus
from marketplace.errors import NotFound
from marketplace.money import parse_minor
from marketplace.papers import grouped, read_code
from marketplace.web import current_actor, limiter, public, signed_in

CHECKS_PER_MINUTE = "20/minute"

STATES = {
    DealStatus.AGREED: lazy_gettext("The sale stands. It has not been paid in full yet."),
    DealStatus.PAID: lazy_gettext("The sale stands and has been paid in full."),
    DealStatus.COMPLETED: lazy_gettext(
        "The sale stands, has been paid in full, and title has been transferred."
    ),
    DealStatus.DEFAULTED: lazy_gettext(
        "This sale no longer stands: its buyer did not pay, or was not qualified. The confirmation is void."
    ),
    DealStatus.RESCINDED: lazy_gettext(
        "This sale no longer stands: it was undone and the price goes back. The confirmation is void."
    ),
}


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What the holder of a code may see; `buyer` is empty where the rules publish no name."""

    confirmation: Confirmation
    code: str
    state: str
    stands: bool
    paid_at: datetime | None
    price_minor: int
    currency: str
    closed_at: datetime
    buyer: str


@blueprint.get("/auctions/<uuid:auction_id>/confirmation")
@signed_in
def confirmation(auction_id: uuid.UUID) -> Response:
    """The document: for buyer, seller, their agencies and the operator; for others there is none."""
    found = [one for one in own_confirmations(auction_or_404(auction_id)) if _is_asked_for(one)]
    if not found:
        raise NotFound("confirmation")
    answer = make_response(found[0].document)
    answer.mimetype = "application/pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="confirmation-{found[0].code[:8]}.pdf"'
    return answer


def _is_asked_for(found: Confirmation) -> bool:
    asked = request.args.get("deal")
    return asked is None or asked == str(found.deal_id)


def own_confirmations(auction: Auction) -> list[Confirmation]:
    """The auction's confirmations that this reader may have, the newest first."""
    return [found for found in rows.of_auction(reading(), auction) if _may_have(found.deal)]


def _may_have(deal: Deal) -> bool:
    actor = current_actor()
    if actor.kind is InstitutionKind.OPERATOR:
        return may(actor, Verb.SEE_OPERATIONS)
    return may(actor, Verb.SEE_DEAL, deals.subject_of(reading(), deal))


@blueprint.get("/confirmations")
@public
@limiter.limit(CHECKS_PER_MINUTE)
def check_code() -> BaseResponse | str | tuple[str, int]:
    """The form for a code; a code that was typed leads to its page."""
    typed = request.args.get("code", "")[:200]
    if not typed.strip():
        return render_template("auctions/confirmation.html", typed="", unknown=False, found=None)
    code = read_code(typed)
    if code is None:
        return _unknown(typed)
    return redirect(url_for("auctions.checked_code", code=code), code=303)


@blueprint.get("/confirmations/<code>")
@public
@limiter.limit(CHECKS_PER_MINUTE)
def checked_code(code: str) -> Response | tuple[str, int]:
    """What the confirmation with this code confirms."""
    read = read_code(code[:200])
    found = rows.by_code(reading(), read) if read else None
    if found is None:
        return _unknown(code[:200])
    page = render_template("auctions/confirmation.html", typed="", unknown=False, found=_confirmed(found))
    answer = make_response(page)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _unknown(typed: str) -> tuple[str, int]:
    return render_template("auctions/confirmation.html", typed=typed, unknown=True, found=None), 404


def _confirmed(found: Confirmation) -> Confirmed:
    facts, deal = found.facts, found.deal
    stands = deal.status not in {DealStatus.DEFAULTED, DealStatus.RESCINDED}
    outcome = Outcome.SOLD if stands else Outcome.UNSOLD
    named = names_winner(read_terms(found.auction.terms).pack, outcome)
    return Confirmed(
        confirmation=found,
        code=grouped(found.code),
        state=str(STATES[deal.status]),
        stands=stands,
        paid_at=deal.paid_at,
        price_minor=parse_minor(facts["price"], facts["currency"]),
        currency=facts["currency"],
        closed_at=parse_moment(facts["closed_at"]),
        buyer=facts["buyer"]["name"] if named else "",
    )
