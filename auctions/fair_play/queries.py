"""Named reads of fair play: what is known of a bidder and a sale, the lists, what is due."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, Exists, Select, exists, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from auctions.fair_play.models import (
    AwardReview,
    BarredListing,
    Exemption,
    InstitutionTie,
    Lead,
    LotParty,
)
from auctions.fair_play.rules.leads import LeadStatus
from auctions.fair_play.rules.listing import STANDING
from auctions.fair_play.rules.policy import Capacity
from auctions.fair_play.rules.ties import MOST_EDGES, MOST_TIES_READ, Tie, company_node, name_node
from auctions.models import Auction, Registration
from auctions.rules import Outcome
from marketplace.access import InstitutionKind
from marketplace.deals.models import Deal, Mandate
from marketplace.deals.rules import MandateSide, MandateStatus
from marketplace.due import take_first
from marketplace.errors import NotFound
from marketplace.parties.models import Institution, Person
from marketplace.parties.names import name_key
from marketplace.parties.rules import PEOPLE_LIMIT

PAGE = 50
MOST_OPERATORS = 20
MOST_REGISTRATIONS = 5_000

# An institution's node as the database writes it; the same as `company_node`.
NODE = Institution.country + " " + Institution.registration_number


def node_of(institution: Institution) -> str:
    return company_node(institution.country, institution.registration_number)


def node_of_name(session: Session, name: str) -> str:
    """The node of somebody known by name: the institution of that name, or the name itself."""
    key = name_key(name)
    found = session.scalars(select(Institution).where(Institution.name_key == key)).one_or_none()
    return node_of(found) if found else name_node(key)


def institution_by_number(session: Session, country: str, number: str) -> Institution | None:
    statement = select(Institution).where(
        Institution.country == country, Institution.registration_number == number
    )
    return session.scalars(statement).one_or_none()


def institutions_by_id(session: Session, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Institution]:
    statement = select(Institution).where(Institution.id.in_(list(ids)))
    return {institution.id: institution for institution in session.scalars(statement)}


def ties_around(session: Session, nodes: Iterable[str], edges: int = MOST_EDGES) -> list[Tie]:
    """The ties in force within so many edges of the nodes, the nearest first, `MOST_TIES_READ` at most."""
    reached, frontier = set(nodes), set(nodes)
    found: dict[uuid.UUID, Tie] = {}
    for _ in range(edges):
        if not frontier or len(found) >= MOST_TIES_READ:
            break
        following: set[str] = set()
        for row in session.scalars(_ties_at(frontier, MOST_TIES_READ - len(found))):
            found[row.id] = Tie(row.node, row.other_node, row.kind, certain=row.certain)
            following |= {row.node, row.other_node}
        frontier = following - reached
        reached |= following
    return list(found.values())


def _ties_at(nodes: Collection[str], limit: int) -> Select[InstitutionTie]:
    at = or_(InstitutionTie.node.in_(nodes), InstitutionTie.other_node.in_(nodes))
    return (
        select(InstitutionTie)
        .where(InstitutionTie.ended_at.is_(None), at)
        .order_by(InstitutionTie.recorded_at, InstitutionTie.id)
        .limit(limit)
    )


def ties_of(session: Session, node: str) -> Sequence[InstitutionTie]:
    """What was recorded about one institution, ended ones too, the newest first."""
    at = or_(InstitutionTie.node == node, InstitutionTie.other_node == node)
    statement = (
        select(InstitutionTie).where(at).order_by(InstitutionTie.recorded_at.desc(), InstitutionTie.id)
    )
    return session.scalars(statement.limit(200)).all()


def find_tie(session: Session, tie_id: uuid.UUID) -> InstitutionTie:
    """The tie, locked; raises NotFound."""
    tie = session.get(InstitutionTie, tie_id, with_for_update=True)
    if tie is None:
        raise NotFound("tie")
    return tie


def parties_of_lot(session: Session, lot_id: uuid.UUID) -> Sequence[LotParty]:
    return session.scalars(
        select(LotParty).where(LotParty.lot_id == lot_id).order_by(LotParty.recorded_at).limit(100)
    ).all()


def operators(session: Session) -> Sequence[Institution]:
    statement = select(Institution).where(Institution.kind == InstitutionKind.OPERATOR).limit(MOST_OPERATORS)
    return session.scalars(statement).all()


def addresses_of(session: Session, institution_id: uuid.UUID) -> Sequence[str]:
    """The e-mail addresses of an institution's people."""
    statement = select(Person.email).where(Person.institution_id == institution_id).limit(PEOPLE_LIMIT)
    return session.scalars(statement).all()


def listed_nodes(session: Session, nodes: Collection[str], now: datetime) -> set[str]:
    """Which of these are on the barred list."""
    statement = (
        select(NODE)
        .join(BarredListing, BarredListing.institution_id == Institution.id)
        .where(BarredListing.status.in_(STANDING), BarredListing.until > now, NODE.in_(list(nodes)))
    )
    return set(session.scalars(statement))


def exempt_codes(session: Session, lot_id: uuid.UUID, institution_id: uuid.UUID) -> set[str]:
    """From which findings two persons have excepted a buyer for a lot."""
    statement = select(Exemption.code).where(
        Exemption.lot_id == lot_id,
        Exemption.institution_id == institution_id,
        Exemption.confirmed_at.is_not(None),
    )
    return set(session.scalars(statement))


def open_registrations(session: Session, nodes: Collection[str]) -> Sequence[Registration]:
    """Registrations in open auctions whose buyer or agency is one of the nodes."""
    ids = select(Institution.id).where(NODE.in_(list(nodes)))
    statement = (
        select(Registration)
        .join(Auction, Auction.id == Registration.auction_id)
        .outerjoin(Mandate, Mandate.id == Registration.mandate_id)
        .where(
            Auction.outcome == Outcome.OPEN,
            or_(Registration.institution_id.in_(ids), Mandate.agency_id.in_(ids)),
        )
        .order_by(Registration.auction_id, Registration.id)
        .limit(MOST_REGISTRATIONS)
    )
    return session.scalars(statement).all()


def open_registrations_of_lot(session: Session, lot_id: uuid.UUID) -> Sequence[Registration]:
    statement = (
        select(Registration)
        .join(Auction, Auction.id == Registration.auction_id)
        .where(Auction.outcome == Outcome.OPEN, Auction.lot_id == lot_id)
        .order_by(Registration.id)
        .limit(MOST_REGISTRATIONS)
    )
    return session.scalars(statement).all()


def registered_selling_agencies(session: Session, on: date) -> Sequence[uuid.UUID]:
    """Registrations in open auctions, not barred yet, of an agency that sells that lot today."""
    buying = aliased(Mandate)
    statement = (
        select(Registration.id)
        .join(Auction, Auction.id == Registration.auction_id)
        .outerjoin(buying, buying.id == Registration.mandate_id)
        .join(
            Mandate,
            or_(Mandate.agency_id == Registration.institution_id, Mandate.agency_id == buying.agency_id),
        )
        .where(
            Auction.outcome == Outcome.OPEN,
            Registration.barred == "",
            Mandate.client_id == Auction.institution_id,
            Mandate.side == MandateSide.SELL,
            Mandate.status == MandateStatus.ACCEPTED,
            Mandate.valid_until >= on,
            or_(Mandate.lot_id == Auction.lot_id, Mandate.lot_id.is_(None)),
            ~_exempt(Capacity.SELLING_AGENCY),
        )
        .distinct()
        .limit(PAGE)
    )
    return session.scalars(statement).all()


def _exempt(code: str) -> Exists:
    """Whether two persons have excepted the registration's buyer from a finding."""
    return exists().where(
        Exemption.lot_id == Auction.lot_id,
        Exemption.institution_id == Registration.institution_id,
        Exemption.code == code,
        Exemption.confirmed_at.is_not(None),
    )


def listings() -> Select[BarredListing]:
    """The barred list, what waits for a second person first."""
    return (
        select(BarredListing)
        .options(joinedload(BarredListing.institution))
        .order_by(BarredListing.ended_at.is_not(None), BarredListing.proposed_at.desc(), BarredListing.id)
    )


def listing_of(session: Session, institution_id: uuid.UUID) -> BarredListing | None:
    """The entry of an institution that is proposed or stands, or None."""
    statement = select(BarredListing).where(
        BarredListing.institution_id == institution_id, BarredListing.ended_at.is_(None)
    )
    return session.scalars(statement).first()


def lock_listing(session: Session, listing_id: uuid.UUID) -> BarredListing:
    """The entry, read anew and locked; raises NotFound."""
    listing = session.get(
        BarredListing, listing_id, with_for_update={"of": BarredListing}, populate_existing=True
    )
    if listing is None:
        raise NotFound("listing")
    return listing


def lock_lead(session: Session, lead_id: uuid.UUID) -> Lead:
    """The lead, read anew and locked; raises NotFound."""
    lead = session.get(Lead, lead_id, with_for_update={"of": Lead}, populate_existing=True)
    if lead is None:
        raise NotFound("lead")
    return lead


def latest_lead(session: Session, fingerprint: str) -> Lead | None:
    statement = select(Lead).where(Lead.fingerprint == fingerprint).order_by(Lead.opened_at.desc())
    return session.scalars(statement.limit(1)).first()


def leads(status: LeadStatus) -> Select[Lead]:
    """The strongest first."""
    return select(Lead).where(Lead.status == status).order_by(Lead.strength_percent.desc(), Lead.id)


def awards_to_decide(session: Session) -> Sequence[AwardReview]:
    """Awards that wait for a person, the oldest first."""
    statement = select(AwardReview).where(AwardReview.decision == "").order_by(AwardReview.opened_at)
    return session.scalars(statement.limit(PAGE)).all()


def exemptions_to_confirm(session: Session) -> Sequence[Exemption]:
    statement = select(Exemption).where(Exemption.confirmed_at.is_(None)).order_by(Exemption.proposed_at)
    return session.scalars(statement.limit(PAGE)).all()


def lock_listing_to_expire(session: Session, now: datetime) -> BarredListing | None:
    """An entry whose end has come and which no other worker holds."""
    statement = (
        select(BarredListing)
        .where(BarredListing.status.in_(STANDING), BarredListing.until <= now)
        .order_by(BarredListing.until, BarredListing.id)
    )
    return take_first(session, statement, BarredListing)


def award_waits() -> ColumnElement[bool]:
    """Whether a person still has to decide about the award behind a deal, for a select of deals."""
    return exists().where(AwardReview.auction_id == Deal.source_id, AwardReview.decision == "")
