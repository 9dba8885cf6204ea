"""Asking the bidder to whom the ladder has moved on; called where a winner falls away."""

from datetime import datetime

from sqlalchemy.orm import Session

from auctions import queries
from auctions.models import Auction, Registration
from auctions.rules import State
from auctions.runner_up.models import RunnerUpOffer
from auctions.runner_up.queries import open_offer
from auctions.runner_up.rules import Answer, answer_by
from auctions.service.telling import address
from auctions.written.terms import read_terms
from marketplace import audit
from marketplace.money import Money
from marketplace.notices.rules import NoticeKind
from marketplace.notices.service import notify


def give_up(session: Session, auction: Auction, registration: Registration, now: datetime) -> None:
    """Whoever is being asked falls away himself: there is nothing to accept any more."""
    offer = open_offer(session, auction.id)
    if offer is not None and offer.registration_id == registration.id:
        offer.answer, offer.answered_at = Answer.LAPSED, now


def ask(session: Session, auction: Auction, state: State, now: datetime) -> RunnerUpOffer:
    """Offer the lot to the one whom the ladder now names, at his own best amount.

    It is not his by that: he may have spent his money elsewhere since. Until he answers the lot stays
    reserved and no deal exists.
    """
    if state.winner is None or state.price is None:
        raise AssertionError("nobody is left to be asked")
    registration = queries.registration_by_alias(session, auction.id, state.winner)
    offer = RunnerUpOffer(
        auction_id=auction.id,
        auction=auction,
        registration_id=registration.id,
        registration=registration,
        price_minor=state.price,
        currency=auction.currency,
        asked_at=now,
        answer_by=answer_by(read_terms(auction.terms).pack, now),
    )
    session.add(offer)
    session.flush()
    audit.record(session, "auctions.ask_runner_up", auction.id, alias=registration.alias)
    readers = {registration.institution_id}
    if registration.mandate is not None:
        readers.add(registration.mandate.agency_id)
    for reader in sorted(readers):
        notify(
            session,
            reader,
            NoticeKind.RUNNER_UP_ASKED,
            f"{address(auction.id)}/runner-up",
            title=auction.lot.title,
            amount=Money(state.price, auction.currency),
            due_at=offer.answer_by,
        )
    return offer
