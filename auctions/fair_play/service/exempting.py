"""Exceptions from a ban that is the platform's own: for one buyer and one lot, by two persons."""

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from auctions import queries as auction_queries
from auctions.fair_play import queries
from auctions.fair_play.models import AwardReview, Exemption
from auctions.fair_play.rules.reasons import Reason
from auctions.fair_play.rules.standing import Finding
from auctions.fair_play.service.acts import needed, record
from auctions.fair_play.service.barring import refresh_lot, standing_of
from auctions.models import Auction, Registration
from marketplace import clock
from marketplace.access import Actor, Subject, Verb, require, require_four_eyes
from marketplace.deals import service as deals
from marketplace.deals.queries import deal_from
from marketplace.deals.rules import DealSource
from marketplace.errors import Conflict, NotFound, Refused
from marketplace.parties.models import Institution

STANDS = "stands"


def propose(
    session: Session,
    actor: Actor,
    auction_id: uuid.UUID,
    institution_id: uuid.UUID,
    *,
    code: str,
    reason: str,
) -> Exemption:
    """Propose to let a buyer bid although a ban of the platform's own speaks against it.

    Raises:
        Refused: nothing of that code speaks against the buyer, the law does not let it, or no reason.
        Conflict: it was proposed already.
        NotFound, NotAllowed: as `access.require`, or no such auction or institution.
    """
    require(actor, Verb.KEEP_FAIR_PLAY)
    auction = auction_queries.lock_auction(session, auction_id)
    if session.get(Institution, institution_id) is None:
        raise NotFound("institution")
    finding = _finding(session, auction, institution_id, code)
    if not finding.ban.liftable:
        raise Refused(Reason.NOT_LIFTABLE, article=finding.ban.source)
    if _known(session, auction.lot_id, institution_id, code):
        raise Conflict(Reason.ASKED_ALREADY)
    exemption = Exemption(
        lot_id=auction.lot_id,
        institution_id=institution_id,
        code=code,
        reason=needed(reason, Reason.REASON_MISSING, "reason"),
        proposed_by_id=actor.person_id,
        proposed_at=clock.now(),
    )
    session.add(exemption)
    session.flush()
    record(session, actor, "propose_exemption", exemption.id, exemption.reason, code=code)
    return exemption


def _finding(session: Session, auction: Auction, institution_id: uuid.UUID, code: str) -> Finding:
    registration = auction_queries.registration_of_buyer(session, auction.id, institution_id)
    agency = registration.mandate.agency_id if registration and registration.mandate else institution_id
    standing = standing_of(session, auction, institution_id, agency)
    for finding in (*standing.bars, *standing.reviews):
        if finding.code == code:
            return finding
    raise Refused(Reason.NOTHING_TO_EXEMPT)


def _known(session: Session, lot_id: uuid.UUID, institution_id: uuid.UUID, code: str) -> bool:
    statement = select(Exemption.id).where(
        Exemption.lot_id == lot_id, Exemption.institution_id == institution_id, Exemption.code == code
    )
    return session.scalar(statement) is not None


def confirm(session: Session, actor: Actor, exemption_id: uuid.UUID) -> Exemption:
    """A second person confirms; the buyer may bid, and an award that waited only for this stands.

    Raises:
        Conflict: it was confirmed already.
        NotFound, NotAllowed: as `access.require`, no such proposal, or the one who made it asks.
    """
    require(actor, Verb.KEEP_FAIR_PLAY)
    exemption = session.get(
        Exemption, exemption_id, with_for_update={"of": Exemption}, populate_existing=True
    )
    if exemption is None:
        raise NotFound("exemption")
    require_four_eyes(actor, Subject(makers=frozenset({exemption.proposed_by_id})))
    if exemption.confirmed_at is not None:
        raise Conflict(Reason.ASKED_ALREADY)
    exemption.confirmed_at, exemption.confirmed_by_id = clock.now(), actor.person_id
    record(session, actor, "confirm_exemption", exemption.id, exemption.reason, code=exemption.code)
    session.flush()
    refresh_lot(session, exemption.lot_id)
    _let_stand(session, actor, exemption)
    return exemption


def _let_stand(session: Session, actor: Actor, exemption: Exemption) -> None:
    """An award that waits for a decision stands once nothing more speaks against the winner."""
    statement = (
        select(AwardReview)
        .join(Registration, Registration.id == AwardReview.registration_id)
        .join(Auction, Auction.id == AwardReview.auction_id)
        .where(
            Auction.lot_id == exemption.lot_id,
            Registration.institution_id == exemption.institution_id,
            AwardReview.decision == "",
        )
    )
    exempt = queries.exempt_codes(session, exemption.lot_id, exemption.institution_id)
    for review in session.scalars(statement):
        if set(review.codes) <= exempt:
            close(session, actor, review, STANDS, exemption.reason)


def close(session: Session, actor: Actor, review: AwardReview, decision: str, reason: str) -> None:
    """Write down what was decided about an award."""
    review.decision, review.reason = decision, reason[:500]
    now = clock.now()
    review.decided_by_id, review.decided_at = actor.person_id, now
    record(session, actor, f"award_{decision}", review.id, reason)
    session.flush()
    buyer_id = review.registration.institution_id
    deal = deal_from(session, DealSource.AUCTION, review.auction_id, buyer_id)
    if deal is not None and decision == STANDS:
        deals.postpone(session, deal, now - review.opened_at)
