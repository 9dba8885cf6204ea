"""Asking the next on the ladder, and what his answer does: nobody buys without having said so."""

import uuid

from sqlalchemy.orm import Session

from auctions import queries
from auctions.rules import Outcome
from auctions.runner_up.models import RunnerUpOffer
from auctions.runner_up.queries import find_offer, lock_offer, unanswered_in_time
from auctions.runner_up.rules import Answer, check_answer
from auctions.service import closing
from auctions.written.state_json import read_state
from marketplace import audit, clock
from marketplace.access import Actor, Subject, Verb, require
from marketplace.errors import Conflict
from marketplace.status import StatusReason


def accept(session: Session, actor: Actor, offer_id: uuid.UUID) -> RunnerUpOffer:
    """The bidder takes the lot at his own best amount: now there is a deal with him.

    Raises:
        Conflict: the time is over, or it is answered.
        NotFound, NotAllowed: as `access.require`.
    """
    return _answer(session, offer_id, Answer.ACCEPTED, actor)


def decline(session: Session, actor: Actor, offer_id: uuid.UUID) -> RunnerUpOffer:
    """The bidder does not want it, which costs him nothing; the next one is asked.

    Raises:
        Conflict: it is answered.
        NotFound, NotAllowed: as `access.require`.
    """
    return _answer(session, offer_id, Answer.DECLINED, actor)


def lapse_due(session: Session) -> bool:
    """One offer was not answered in time, which is a no; True when there was one."""
    offer = unanswered_in_time(session, clock.now())
    if offer is None:
        return False
    _answer(session, offer.id, Answer.LAPSED, None)
    return True


def subject_of(offer: RunnerUpOffer) -> Subject:
    """The offer as the access rules see it: the bidder's, or of the agency that bids for it."""
    registration = offer.registration
    agencies = {registration.mandate.agency_id} if registration.mandate else set()
    return Subject(owner_id=registration.institution_id, parties=frozenset(agencies))


def _answer(session: Session, offer_id: uuid.UUID, answer: Answer, actor: Actor | None) -> RunnerUpOffer:
    """The auction is locked before the offer, as every other verb locks it first."""
    found = find_offer(session, offer_id)
    if actor is not None:
        require(actor, Verb.ANSWER_RUNNER_UP, subject_of(found))
    auction = queries.lock_auction(session, found.auction_id)
    offer, now = lock_offer(session, offer_id), clock.now()
    check_answer(offer.answer, answer, offer.answer_by, now)
    state = read_state(auction.state)
    if state.outcome is not Outcome.SOLD or state.winner != offer.registration.alias:
        raise Conflict(StatusReason.MOVE_NOT_ALLOWED, old=offer.answer, new=answer)
    offer.answer, offer.answered_at = answer, now
    offer.answered_by_id = actor.person_id if actor else None
    session.flush()
    audit.record(
        session,
        f"auctions.runner_up_{answer}",
        auction.id,
        person_id=actor.person_id if actor else None,
        institution_id=actor.institution_id if actor else None,
        alias=offer.registration.alias,
        price_minor=offer.price_minor,
    )
    if answer is Answer.ACCEPTED:
        closing.settle(session, auction, state, now)
    else:
        closing.record_decline(session, auction.id, offer.registration.institution_id)
    return offer
