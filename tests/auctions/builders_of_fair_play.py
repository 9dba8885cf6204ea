"""Builders for fair play: two operators, ties and entries of the barred list."""

import uuid
from dataclasses import dataclass

from builders import an_actor, an_institution
from sqlalchemy.orm import Session

from auctions.fair_play.models import BarredListing, InstitutionTie
from auctions.fair_play.queries import node_of
from auctions.fair_play.rules.listing import ListingStatus
from auctions.fair_play.rules.ties import TieKind
from auctions.fair_play.service import listing, ties
from auctions.fair_play.service.ties import Other
from marketplace.access import Actor, InstitutionKind
from marketplace.parties.models import Institution


@dataclass(frozen=True)
class Operators:
    """Olga proposes, Otto decides."""

    olga: Actor
    otto: Actor
    institution: Institution


def operators(session: Session) -> Operators:
    institution = an_institution(session, InstitutionKind.OPERATOR)
    olga, otto = (an_actor(session, InstitutionKind.OPERATOR, institution=institution) for _ in range(2))
    return Operators(olga, otto, institution)


def the_other(institution: Institution) -> Other:
    """An institution as somebody types it who knows its number."""
    return Other(institution.name, institution.country, institution.registration_number)


def a_tie(
    session: Session,
    actor: Actor,
    one: Institution,
    other: Institution,
    kind: TieKind = TieKind.SAME_GROUP,
) -> InstitutionTie:
    """Between two foreign companies: their numbers need no check character."""
    for institution in (one, other):
        institution.country = "DE"
    session.flush()
    return ties.record_tie(
        session, actor, one.id, kind=kind, other=the_other(other), evidence="Register, sheet 4711"
    )


def on_the_list(
    session: Session, staff: Operators, institution_id: uuid.UUID, days: int = 365
) -> BarredListing:
    """Proposed by one, confirmed by the other."""
    proposal = listing.propose(
        session,
        staff.olga,
        institution_id,
        reason="Took part in a ring",
        source="Decision 12/2026",
        days=days,
    )
    return listing.decide(session, staff.otto, proposal.id, ListingStatus.LISTED)


def node(institution: Institution) -> str:
    return node_of(institution)
