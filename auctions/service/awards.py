"""What becomes of an award to somebody who may not have bid: a person decides, never the machine."""

import uuid

from sqlalchemy.orm import Session

from auctions.fair_play.models import AwardReview
from auctions.fair_play.rules.reasons import Reason
from auctions.fair_play.service import exempting
from auctions.fair_play.service.acts import needed
from auctions.fair_play.service.barring import acting_for, standing_of
from auctions.queries import ACCEPTED
from auctions.service.closing import disqualify
from marketplace.access import Actor, Verb, require
from marketplace.errors import Conflict, NotFound, Refused

DISQUALIFIED = "disqualified"


def disqualify_winner(session: Session, actor: Actor, review_id: uuid.UUID, reason: str) -> AwardReview:
    """The operator takes the sale from a winner who may not have bid, with the reason.

    Raises:
        Refused: without a reason, or it is not the winner any more.
        Conflict: decided already, or the price is paid.
        NotFound, NotAllowed: as `access.require`, or no such review.
    """
    review = _waiting(session, actor, review_id)
    text = needed(reason, Reason.REASON_MISSING, "reason")
    registration = review.registration
    entry = disqualify(session, actor, review.auction_id, registration.institution_id, text)
    if entry.decision != ACCEPTED:
        raise Refused(Reason.NOT_THE_WINNER)
    exempting.close(session, actor, review, DISQUALIFIED, text)
    return review


def let_stand(session: Session, actor: Actor, review_id: uuid.UUID, reason: str) -> AwardReview:
    """The operator looked into it, and no ban speaks against the winner now.

    A ban is not lifted so: that takes an exemption, by two persons, where the law lets it.

    Raises:
        Refused: without a reason, or the winner is barred.
        Conflict: decided already.
        NotFound, NotAllowed: as `access.require`, or no such review.
    """
    review = _waiting(session, actor, review_id)
    text = needed(reason, Reason.REASON_MISSING, "reason")
    winner = review.registration
    if standing_of(session, review.auction, winner.institution_id, acting_for(winner)).bars:
        raise Refused(Reason.STILL_BARRED)
    exempting.close(session, actor, review, exempting.STANDS, text)
    return review


def _waiting(session: Session, actor: Actor, review_id: uuid.UUID) -> AwardReview:
    require(actor, Verb.KEEP_FAIR_PLAY)
    review = session.get(AwardReview, review_id, with_for_update={"of": AwardReview}, populate_existing=True)
    if review is None:
        raise NotFound("review")
    if review.decision:
        raise Conflict(Reason.ENDED_ALREADY)
    return review
