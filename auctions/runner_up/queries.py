"""Named selects of what the next bidders were asked."""

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from auctions.models import Registration
from auctions.runner_up.models import RunnerUpOffer
from auctions.runner_up.rules import Answer
from marketplace.due import take_first
from marketplace.errors import NotFound

# Nobody is asked more often than an auction has bidders; a page of them is enough.
LIMIT = 50


def find_offer(session: Session, offer_id: uuid.UUID) -> RunnerUpOffer:
    """The offer; raises NotFound."""
    offer = session.get(RunnerUpOffer, offer_id)
    if offer is None:
        raise NotFound("offer")
    return offer


def lock_offer(session: Session, offer_id: uuid.UUID) -> RunnerUpOffer:
    """The offer, read anew and locked; raises NotFound."""
    statement = select(RunnerUpOffer).where(RunnerUpOffer.id == offer_id).with_for_update(of=RunnerUpOffer)
    found = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound("offer")
    return found


def offers_in(session: Session, auction_id: uuid.UUID) -> list[RunnerUpOffer]:
    """Everybody who was asked in the auction, in order."""
    statement = select(RunnerUpOffer).where(RunnerUpOffer.auction_id == auction_id)
    return list(session.scalars(statement.order_by(RunnerUpOffer.asked_at).limit(LIMIT)))


def open_offer(session: Session, auction_id: uuid.UUID) -> RunnerUpOffer | None:
    """The one that waits for an answer."""
    return next((offer for offer in offers_in(session, auction_id) if offer.answer is Answer.ASKED), None)


def offer_of(session: Session, auction_id: uuid.UUID, institution_id: uuid.UUID) -> RunnerUpOffer | None:
    """What the institution was asked in the auction."""
    statement = (
        select(RunnerUpOffer)
        .join(Registration, Registration.id == RunnerUpOffer.registration_id)
        .where(RunnerUpOffer.auction_id == auction_id, Registration.institution_id == institution_id)
    )
    return session.scalars(statement).one_or_none()


def waiting_for(session: Session, institution_id: uuid.UUID) -> list[RunnerUpOffer]:
    """What the institution has still to answer, what ends first at the top."""
    statement = (
        select(RunnerUpOffer)
        .join(Registration, Registration.id == RunnerUpOffer.registration_id)
        .where(RunnerUpOffer.answer == Answer.ASKED, Registration.institution_id == institution_id)
    )
    return list(session.scalars(statement.order_by(RunnerUpOffer.answer_by).limit(LIMIT)))


def unanswered_in_time(session: Session, now: datetime) -> RunnerUpOffer | None:
    """One offer whose time is over, locked; None when there is none or another worker has it."""
    statement = (
        select(RunnerUpOffer)
        .where(RunnerUpOffer.answer == Answer.ASKED, RunnerUpOffer.answer_by <= now)
        .order_by(RunnerUpOffer.answer_by)
    )
    return take_first(session, statement, RunnerUpOffer)
