"""Who stands behind a registration, before the end: asked with a reason, and never without a trace."""

import uuid

from sqlalchemy.orm import Session

from auctions import queries
from auctions.disclosure import may_ask_identity
from auctions.models import Registration
from auctions.refusals import IdentityReason
from auctions.written.terms import read_terms
from marketplace import audit
from marketplace.access import Actor, Subject, Verb, require
from marketplace.errors import NotFound, Refused


def see_identity(session: Session, actor: Actor, registration_id: uuid.UUID, reason: str) -> Registration:
    """Show the seller one bidder's name, to check whether it may bid; the alias stays hidden.

    Raises:
        Refused: no reason, or a procedure in which the law keeps names secret until the end.
        NotFound, NotAllowed: as `access.require`, or no such registration.
    """
    registration = session.get(Registration, registration_id)
    if registration is None:
        raise NotFound("registration")
    auction = queries.find_auction(session, registration.auction_id)
    require(actor, Verb.ADMIT_BIDDER, Subject(owner_id=auction.institution_id))
    if not may_ask_identity(read_terms(auction.terms).pack):
        raise Refused(IdentityReason.SECRET_BY_LAW)
    if not reason.strip():
        raise Refused(IdentityReason.STATE_WHY, field="reason")
    audit.record(
        session,
        "auctions.see_identity",
        registration.id,
        person_id=actor.person_id,
        institution_id=actor.institution_id,
        reason=reason.strip()[:500],
        auction=str(auction.id),
    )
    return registration
