"""The barred list: one person proposes, another decides; the institution hears of it and can answer."""

import uuid
from datetime import timedelta

from sqlalchemy.orm import Session

from auctions.fair_play import queries
from auctions.fair_play.models import BarredListing
from auctions.fair_play.rules.leads import LeadStatus
from auctions.fair_play.rules.listing import LISTING_MOVES, MOST_DAYS, SECOND_PERSONS, ListingStatus
from auctions.fair_play.rules.reasons import Reason
from auctions.fair_play.service.acts import needed, record
from auctions.fair_play.service.barring import refresh_around
from auctions.fair_play.service.leads import led_to_proposal
from marketplace import clock
from marketplace.access import Actor, InstitutionKind, Subject, Verb, require, require_four_eyes
from marketplace.errors import Conflict, NotFound, Refused
from marketplace.notices.rules import NoticeKind
from marketplace.notices.service import notify
from marketplace.parties.models import Institution
from marketplace.parties.queries import lock_institution
from marketplace.status import check_move


def propose(
    session: Session,
    actor: Actor,
    institution_id: uuid.UUID,
    *,
    reason: str,
    source: str,
    days: int,
    lead_id: uuid.UUID | None = None,
) -> BarredListing:
    """Propose to bar an institution for so many days; nothing changes until a second person confirms.

    Raises:
        Refused: reason or source missing, longer than five years, or the operator itself.
        Conflict: an entry is proposed or stands already, or the lead is not being looked into.
        NotFound, NotAllowed: as `access.require`, or no such institution.
    """
    require(actor, Verb.KEEP_FAIR_PLAY)
    institution = lock_institution(session, institution_id)
    now = clock.now()
    _check_proposal(session, institution, days)
    listing = BarredListing(
        institution_id=institution_id,
        reason=needed(reason, Reason.REASON_MISSING, "reason"),
        source=needed(source, Reason.EVIDENCE_MISSING, "source", 300),
        until=now + timedelta(days=days),
        lead_id=lead_id,
        proposed_by_id=actor.person_id,
        proposed_at=now,
    )
    session.add(listing)
    session.flush()
    if lead_id is not None:
        _close_lead(session, actor, lead_id, institution, listing.reason)
    record(session, actor, "propose_listing", listing.id, listing.reason, institution=str(institution_id))
    return listing


def _check_proposal(session: Session, institution: Institution, days: int) -> None:
    if institution.kind in {InstitutionKind.OPERATOR, InstitutionKind.REGULATOR}:
        raise Refused(Reason.OWN_INSTITUTION)
    if not 1 <= days <= MOST_DAYS:
        raise Refused(Reason.UNTIL_TOO_LATE, field="days", most=MOST_DAYS)
    if queries.listing_of(session, institution.id) is not None:
        raise Conflict(Reason.LISTED_ALREADY)


def _close_lead(
    session: Session, actor: Actor, lead_id: uuid.UUID, institution: Institution, reason: str
) -> None:
    lead = queries.lock_lead(session, lead_id)
    if str(institution.id) not in lead.subjects:
        raise NotFound("lead")
    if lead.status is not LeadStatus.LED_TO_PROPOSAL:
        led_to_proposal(session, actor, lead_id, reason)


def decide(session: Session, actor: Actor, listing_id: uuid.UUID, status: ListingStatus) -> BarredListing:
    """A second person confirms or drops the proposal, lifts the entry, or lets it stand.

    Raises:
        Conflict: the entry has moved on.
        NotFound, NotAllowed: as `access.require`, no such entry, or the one who proposed it asks.
    """
    require(actor, Verb.KEEP_FAIR_PLAY)
    listing = queries.lock_listing(session, listing_id)
    now = clock.now()
    if status not in SECOND_PERSONS:
        raise NotFound("decision")
    check_move(LISTING_MOVES, listing.status, status)
    makers = {listing.lift_proposed_by_id or listing.proposed_by_id}
    require_four_eyes(actor, Subject(makers=frozenset(makers)))
    listing.status, listing.decided_by_id = status, actor.person_id
    listing.lift_proposed_by_id = None
    if status is ListingStatus.LISTED:
        listing.listed_at = listing.listed_at or now
    else:
        listing.ended_at = now
    record(session, actor, f"{status}_listing", listing.id, listing.reason)
    _tell(session, listing, status)
    refresh_around(session, {queries.node_of(listing.institution)})
    return listing


_NOTICES = {
    ListingStatus.LISTED: NoticeKind.INSTITUTION_BARRED,
    ListingStatus.LIFTED: NoticeKind.INSTITUTION_NO_LONGER_BARRED,
}


def _tell(session: Session, listing: BarredListing, status: ListingStatus) -> None:
    if status in _NOTICES:
        kind, title = _NOTICES[status], listing.institution.name
        notify(session, listing.institution_id, kind, "/fair-play/own", title=title, due_at=listing.until)


def review(session: Session, actor: Actor, listing_id: uuid.UUID, finding: str) -> BarredListing:
    """The yearly look: the entry stands, and why.

    Raises:
        Refused: without a finding.
        Conflict: the entry does not stand.
        NotFound, NotAllowed: as `access.require`, or no such entry.
    """
    require(actor, Verb.KEEP_FAIR_PLAY)
    listing = queries.lock_listing(session, listing_id)
    if listing.status is not ListingStatus.LISTED:
        raise Conflict(Reason.ENDED_ALREADY)
    text = needed(finding, Reason.REASON_MISSING, "reason")
    listing.reviewed_at = clock.now()
    record(session, actor, "review_listing", listing.id, text)
    return listing


def propose_lift(session: Session, actor: Actor, listing_id: uuid.UUID, reason: str) -> BarredListing:
    """Propose to take the institution off the list; the entry stands until a second person lifts it.

    Raises:
        Refused: without a reason.
        Conflict: the entry does not stand.
        NotFound, NotAllowed: as `access.require`, or no such entry.
    """
    require(actor, Verb.KEEP_FAIR_PLAY)
    listing = queries.lock_listing(session, listing_id)
    check_move(LISTING_MOVES, listing.status, ListingStatus.LIFT_PROPOSED)
    text = needed(reason, Reason.REASON_MISSING, "reason")
    listing.status, listing.lift_proposed_by_id = ListingStatus.LIFT_PROPOSED, actor.person_id
    record(session, actor, "propose_lift", listing.id, text)
    return listing


def answer(session: Session, actor: Actor, text: str) -> BarredListing:
    """What the barred institution says to its entry; a later answer takes the place of an earlier one.

    Raises:
        Refused: an empty answer.
        NotFound, NotAllowed: as `access.require`, or the institution is not on the list.
    """
    require(actor, Verb.DECLARE_TIES, Subject(owner_id=actor.institution_id))
    own = queries.listing_of(session, actor.institution_id)
    if own is None or own.listed_at is None:
        raise NotFound("listing")
    listing = queries.lock_listing(session, own.id)
    listing.answer = needed(text, Reason.ANSWER_MISSING, "answer", 2000)
    listing.answered_at = clock.now()
    record(session, actor, "answer_listing", listing.id, listing.answer[:500])
    for operator in queries.operators(session):
        url = f"/operator/fair-play/list/{listing.id}"
        notify(session, operator.id, NoticeKind.BARRED_ANSWERED, url, title=listing.institution.name)
    return listing


def expire_due(session: Session) -> bool:
    """End one entry whose time is over, and let its institution bid again; False when there is none."""
    listing = queries.lock_listing_to_expire(session, clock.now())
    if listing is None:
        return False
    listing.status, listing.ended_at = ListingStatus.LIFTED, clock.now()
    session.flush()
    _tell(session, listing, ListingStatus.LIFTED)
    refresh_around(session, {queries.node_of(listing.institution)})
    return True
