"""What must be true of bans and leads at every moment; each question returns the offenders, best none."""

from collections.abc import Callable

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from auctions.fair_play import queries
from auctions.fair_play.models import (
    AwardReview,
    BarredListing,
    Exemption,
    InstitutionTie,
    Lead,
    LeadEvidence,
    SignInTrace,
)
from auctions.fair_play.rules.listing import STANDING
from auctions.fair_play.service.tracing import KEPT
from auctions.models import Auction, JournalEntry, Registration
from auctions.queries import ACCEPTED
from auctions.rules import BIDDING, Outcome
from marketplace import clock
from marketplace.parties.models import Institution

OFFENDERS_LIMIT = 100


def listed_institutions_are_barred(session: Session) -> list[str]:
    """Whoever stands on the list is barred in every open auction in which it is registered."""
    statement = (
        select(Registration.id)
        .join(Auction, Auction.id == Registration.auction_id)
        .join(BarredListing, BarredListing.institution_id == Registration.institution_id)
        .where(
            Auction.outcome == Outcome.OPEN,
            BarredListing.status.in_(STANDING),
            BarredListing.until > clock.now(),
            Registration.barred == "",
        )
    )
    return [f"registration {one} is not barred" for one in session.scalars(statement.limit(OFFENDERS_LIMIT))]


def nobody_bid_while_listed(session: Session) -> list[str]:
    """No bid of a listed institution was accepted after its entry began."""
    statement = (
        select(JournalEntry.id)
        .join(Registration, Registration.id == JournalEntry.registration_id)
        .join(BarredListing, BarredListing.institution_id == Registration.institution_id)
        .where(
            JournalEntry.action.in_(BIDDING),
            JournalEntry.caused_by.is_(None),
            JournalEntry.decision == ACCEPTED,
            BarredListing.listed_at < JournalEntry.at,
            BarredListing.until > JournalEntry.at,
            (BarredListing.ended_at.is_(None)) | (BarredListing.ended_at > JournalEntry.at),
        )
    )
    return [f"entry {one} was accepted" for one in session.scalars(statement.limit(OFFENDERS_LIMIT))]


def two_persons_decided(session: Session) -> list[str]:
    """Nobody confirmed, lifted or ended what they themselves proposed or recorded."""
    same = (
        (BarredListing.id, BarredListing.proposed_by_id == BarredListing.decided_by_id, "listing"),
        (Exemption.id, Exemption.proposed_by_id == Exemption.confirmed_by_id, "exemption"),
        (InstitutionTie.id, InstitutionTie.recorded_by_id == InstitutionTie.ended_by_id, "tie"),
    )
    return [
        f"{what} {one}"
        for identity, alike, what in same
        for one in session.scalars(
            select(identity).where(alike, *_first_decision(what)).limit(OFFENDERS_LIMIT)
        )
    ]


def _first_decision(what: str) -> tuple[ColumnElement[bool], ...]:
    """The one who proposed an entry may lift it later, on somebody else's proposal."""
    return (BarredListing.status.in_(["listed", "dropped"]),) if what == "listing" else ()


def leads_have_evidence(session: Session) -> list[str]:
    """Every lead says on what it rests."""
    statement = select(Lead.id).outerjoin(LeadEvidence, LeadEvidence.lead_id == Lead.id)
    bare = statement.where(LeadEvidence.id.is_(None)).limit(OFFENDERS_LIMIT)
    return [f"lead {one}" for one in session.scalars(bare)]


def awards_are_of_winners(session: Session) -> list[str]:
    """A decided award has a person and a reason."""
    statement = select(AwardReview.id).where(
        AwardReview.decision != "", (AwardReview.decided_by_id.is_(None)) | (AwardReview.reason == "")
    )
    return [f"award {one}" for one in session.scalars(statement.limit(OFFENDERS_LIMIT))]


def traces_are_forgotten(session: Session) -> list[str]:
    """No trace is kept a week longer than it may be: the worker removes them."""
    old = select(SignInTrace.id).where(SignInTrace.at <= clock.now() - KEPT - (KEPT / 26))
    return [f"trace {one}" for one in session.scalars(old.limit(OFFENDERS_LIMIT))]


def ties_name_their_institution(session: Session) -> list[str]:
    """A recorded tie begins at an institution of the marketplace."""
    known = select(queries.NODE).select_from(Institution)
    statement = select(InstitutionTie.id).where(InstitutionTie.node.not_in(known))
    return [f"tie {one}" for one in session.scalars(statement.limit(OFFENDERS_LIMIT))]


CHECKS: tuple[tuple[str, Callable[[Session], list[str]]], ...] = (
    ("listed institutions are barred", listed_institutions_are_barred),
    ("nobody bid while listed", nobody_bid_while_listed),
    ("two persons decided", two_persons_decided),
    ("leads have evidence", leads_have_evidence),
    ("decided awards have a person and a reason", awards_are_of_winners),
    ("traces are forgotten", traces_are_forgotten),
    ("ties name their institution", ties_name_their_institution),
)
