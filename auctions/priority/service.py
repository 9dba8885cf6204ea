"""Claiming a right of first refusal, and confirming it as one entry of the lot's list."""

import uuid
from collections.abc import Sequence

from sqlalchemy.orm import Session

from auctions import queries as auctions
from auctions.models import Auction
from auctions.priority import queries
from auctions.priority.models import PriorityClaim
from auctions.priority.rules import (
    CLAIM_MOVES,
    Candidate,
    ClaimReason,
    ClaimStatus,
    check_before_bidding,
    confirmed_order,
)
from marketplace import audit, clock
from marketplace.access import Actor, InstitutionKind, Subject, Verb, require
from marketplace.errors import Conflict, Refused
from marketplace.listings.priority import queries as holders
from marketplace.listings.priority.models import PriorityHolder
from marketplace.listings.priority.rules import (
    HOLDER_MOVES,
    HolderKind,
    HolderStatus,
    two_persons,
)
from marketplace.listings.queries import lock_lot
from marketplace.notices.rules import NoticeKind
from marketplace.notices.service import notify
from marketplace.status import check_move


def claim(
    session: Session, actor: Actor, auction_id: uuid.UUID, *, kind: HolderKind, proof: str
) -> PriorityClaim:
    """A registered bidder claims to be a holder; nothing changes until the seller or operator confirms it.

    Raises:
        Refused: not registered, no proof named, or bidding has begun.
        Conflict: the bidder has a claim that is open or confirmed.
        NotFound, NotAllowed: as `access.require`, or no such auction.
    """
    require(actor, Verb.REGISTER_TO_BID)
    auction = auctions.lock_auction(session, auction_id)
    now = clock.now()
    check_before_bidding(auction.opens_at, now)
    registration = auctions.registration_for(session, auction.id, actor.institution_id)
    if registration is None:
        raise Refused(ClaimReason.NOT_REGISTERED)
    if not proof.strip():
        raise Refused(ClaimReason.PROOF_MISSING, field="proof")
    earlier = queries.own_claims(session, registration.id)
    if any(other.status is not ClaimStatus.REFUSED for other in earlier):
        raise Conflict(ClaimReason.CLAIMED_ALREADY)
    made = PriorityClaim(
        auction_id=auction.id,
        registration_id=registration.id,
        kind=kind,
        proof=proof.strip()[:500],
        claimed_by_id=actor.person_id,
        claimed_at=now,
    )
    session.add(made)
    session.flush()
    _record(session, actor, "auctions.claim_priority", made, kind=kind)
    notify(
        session,
        auction.institution_id,
        NoticeKind.PRIORITY_CLAIMED,
        f"/auctions/{auction.id}/priority",
        title=auction.lot.title,
        due_at=auction.opens_at,
    )
    return made


def confirm(session: Session, actor: Actor, claim_id: uuid.UUID, holder_id: uuid.UUID) -> PriorityClaim:
    """The seller or the operator confirms a claim as one entry of the lot's list, whose order it gets.

    Raises:
        Refused: not an entry of this lot, or as `rules.confirmed_order`; bidding has begun.
        Conflict: the claim was answered, or another bidder is this holder.
        NotFound, NotAllowed: as `access.require`, or no such claim.
    """
    claim, auction = _lock_claim(session, actor, claim_id)
    check_move(CLAIM_MOVES, claim.status, ClaimStatus.CONFIRMED)
    lot = lock_lot(session, auction.lot_id)
    holder = _holder_of_lot(holders.holders_of(session, lot.id), holder_id)
    registration = claim.registration
    candidate = Candidate(
        holder=holders.as_rules_see(holder),
        institution_id=holder.institution_id,
        entered_by_id=holder.entered_by_id,
        in_use=holder.id in queries.bidders_by_holder(session, auction.id),
    )
    order = confirmed_order(
        candidate,
        claimant_id=registration.institution_id,
        person_id=actor.person_id,
        two_persons=two_persons(holders.pack_of(lot)),
    )
    if holder.status is not HolderStatus.NOTIFIED:
        raise Refused(ClaimReason.NOT_NOTIFIED, field="holder_id")
    holder.status, holder.institution_id = HolderStatus.TAKES_PART, registration.institution_id
    registration.priority_order = order
    claim.holder_id = holder.id
    _answer(session, actor, claim, ClaimStatus.CONFIRMED)
    return claim


def refuse(session: Session, actor: Actor, claim_id: uuid.UUID, reason: str) -> PriorityClaim:
    """Refuse a claim, or take a confirmation back, with the reason that the bidder reads.

    Raises:
        Refused: no reason, or bidding has begun.
        Conflict: it was refused already.
        NotFound, NotAllowed: as `access.require`, or no such claim.
    """
    claim, auction = _lock_claim(session, actor, claim_id)
    check_move(CLAIM_MOVES, claim.status, ClaimStatus.REFUSED)
    if not reason.strip():
        raise Refused(ClaimReason.REASON_MISSING, field="reason")
    if claim.holder_id is not None:
        lock_lot(session, auction.lot_id)
        holder = holders.find_holder(session, claim.holder_id)
        check_move(HOLDER_MOVES, holder.status, HolderStatus.NOTIFIED)
        holder.status = HolderStatus.NOTIFIED
        claim.registration.priority_order = None
    _answer(session, actor, claim, ClaimStatus.REFUSED, reason.strip()[:500])
    return claim


def subject_verb(actor: Actor) -> Verb:
    """Under which verb the reader answers claims: the operator as such, everybody else as the seller."""
    return Verb.CONTROL_AUCTION if actor.kind is InstitutionKind.OPERATOR else Verb.ADMIT_BIDDER


def _lock_claim(session: Session, actor: Actor, claim_id: uuid.UUID) -> tuple[PriorityClaim, Auction]:
    auction = auctions.lock_auction(session, queries.find_claim(session, claim_id).auction_id)
    require(actor, subject_verb(actor), Subject(owner_id=auction.institution_id))
    check_before_bidding(auction.opens_at, clock.now())
    claim = queries.find_claim(session, claim_id)
    session.refresh(claim.registration)
    return claim, auction


def _holder_of_lot(known: Sequence[PriorityHolder], holder_id: uuid.UUID) -> PriorityHolder:
    found = next((holder for holder in known if holder.id == holder_id), None)
    if found is None:
        raise Refused(ClaimReason.NOT_A_HOLDER, field="holder_id")
    return found


def _answer(
    session: Session, actor: Actor, claim: PriorityClaim, status: ClaimStatus, reason: str = ""
) -> None:
    claim.status, claim.reason = status, reason
    claim.answered_by_id, claim.answered_at = actor.person_id, clock.now()
    act = "auctions.confirm_priority" if status is ClaimStatus.CONFIRMED else "auctions.refuse_priority"
    _record(session, actor, act, claim, reason, order=claim.registration.priority_order)
    _tell(session, claim)


def _tell(session: Session, claim: PriorityClaim) -> None:
    confirmed = claim.status is ClaimStatus.CONFIRMED
    kind = NoticeKind.PRIORITY_CONFIRMED if confirmed else NoticeKind.PRIORITY_REFUSED
    readers = {claim.registration.institution_id}
    readers |= {claim.registration.mandate.agency_id} if claim.registration.mandate else set()
    url, title = f"/auctions/{claim.auction_id}/priority/claim", claim.auction.lot.title
    for reader in sorted(readers):
        notify(session, reader, kind, url, title=title, due_at=claim.auction.opens_at)


def _record(
    session: Session, actor: Actor, act: str, claim: PriorityClaim, reason: str = "", **facts: object
) -> None:
    audit.record(
        session,
        act,
        claim.registration_id,
        person_id=actor.person_id,
        institution_id=actor.institution_id,
        reason=reason,
        auction=str(claim.auction_id),
        **facts,
    )
