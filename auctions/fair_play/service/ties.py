"""Recording ties, and what somebody is to a lot. It bars at once; ending a tie takes another person."""

import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

from auctions.fair_play import queries
from auctions.fair_play.models import InstitutionTie, LotParty
from auctions.fair_play.rules.policy import RECORDED, Capacity
from auctions.fair_play.rules.reasons import Reason
from auctions.fair_play.rules.ties import MOST_TIES_OF_ONE, TieKind, TieSource, company_node
from auctions.fair_play.service.acts import needed, record
from auctions.fair_play.service.barring import refresh_around, refresh_lot
from marketplace import clock
from marketplace.access import Actor, Subject, Verb, require, require_four_eyes
from marketplace.errors import Conflict, NotFound, Refused
from marketplace.listings.models import Lot
from marketplace.parties.models import Institution
from marketplace.parties.names import clean_name, clean_registration_number


@dataclass(frozen=True, slots=True)
class Other:
    """The other end as typed: a company by its number, or somebody by name only.

    Attributes:
        registration_number: empty where there is none; then a path through the name is looked at by a person.
    """

    name: str
    country: str = "CN"
    registration_number: str = ""


def declare_tie(
    session: Session, actor: Actor, *, kind: TieKind, other: Other, evidence: str
) -> InstitutionTie:
    """An institution says whom it is tied to. It counts at once: nobody declares against themselves idly.

    Raises:
        Refused: evidence missing, too many ties, tied to itself, a name or number that is none.
        NotAllowed: as `access.require`.
    """
    require(actor, Verb.DECLARE_TIES, Subject(owner_id=actor.institution_id))
    return _add(
        session,
        actor,
        actor.institution_id,
        kind=kind,
        source=TieSource.DECLARED,
        other=other,
        evidence=evidence,
    )


def record_tie(
    session: Session, actor: Actor, institution_id: uuid.UUID, *, kind: TieKind, other: Other, evidence: str
) -> InstitutionTie:
    """The operator records a tie with its evidence.

    Raises:
        Refused: as `declare_tie`.
        NotFound, NotAllowed: as `access.require`, or no such institution.
    """
    require(actor, Verb.KEEP_FAIR_PLAY)
    return _add(
        session,
        actor,
        institution_id,
        kind=kind,
        source=TieSource.OPERATOR,
        other=other,
        evidence=evidence,
    )


def _add(
    session: Session,
    actor: Actor,
    institution_id: uuid.UUID,
    *,
    kind: TieKind,
    source: TieSource,
    other: Other,
    evidence: str,
) -> InstitutionTie:
    institution = session.get(Institution, institution_id, with_for_update=True)
    if institution is None:
        raise NotFound("institution")
    now, node = clock.now(), queries.node_of(institution)
    other_node, other_name = other_end(session, other)
    if node == other_node:
        raise Refused(Reason.TIED_TO_ITSELF, field="name")
    if sum(tie.ended_at is None for tie in queries.ties_of(session, node)) >= MOST_TIES_OF_ONE:
        raise Refused(Reason.TOO_MANY_TIES, most=MOST_TIES_OF_ONE)
    tie = InstitutionTie(
        node=node,
        name=institution.name,
        other_node=other_node,
        other_name=other_name,
        kind=kind,
        source=source,
        certain=kind is not TieKind.MAIL_DOMAIN,
        evidence=needed(evidence, Reason.EVIDENCE_MISSING, "evidence"),
        recorded_by_id=actor.person_id,
        recorded_at=now,
    )
    session.add(tie)
    session.flush()
    record(session, actor, "record_tie", tie.id, tie.evidence, kind=kind, source=source, other=other_name)
    refresh_around(session, {node, other_node})
    return tie


def other_end(session: Session, other: Other) -> tuple[str, str]:
    """Node and name of what was typed: a registered institution goes by its own number and name.

    Raises:
        Refused: the name or the number is none.
    """
    name = clean_name(other.name)
    if not other.registration_number.strip():
        return queries.node_of_name(session, name), name
    number = clean_registration_number(other.country, other.registration_number)
    known = queries.institution_by_number(session, other.country, number)
    return company_node(other.country, number), known.name if known else name


def end_tie(session: Session, actor: Actor, tie_id: uuid.UUID, reason: str) -> InstitutionTie:
    """The tie is no longer there. Another person than the one that recorded it says so.

    Raises:
        Refused: without a reason.
        Conflict: it has ended already.
        NotFound, NotAllowed: as `access.require`, no such tie, or the recorder asks.
    """
    require(actor, Verb.KEEP_FAIR_PLAY)
    tie = queries.find_tie(session, tie_id)
    require_four_eyes(actor, Subject(makers=frozenset({tie.recorded_by_id})))
    if tie.ended_at is not None:
        raise Conflict(Reason.ENDED_ALREADY)
    text = needed(reason, Reason.REASON_MISSING, "reason")
    tie.ended_at, tie.ended_by_id = clock.now(), actor.person_id
    record(session, actor, "end_tie", tie.id, text)
    refresh_around(session, {tie.node, tie.other_node})
    return tie


def record_party(
    session: Session, actor: Actor, lot_id: uuid.UUID, *, capacity: Capacity, other: Other, evidence: str
) -> LotParty:
    """The operator records who is debtor, appraiser or helper of one lot.

    Raises:
        Refused: evidence missing, a name or number that is none.
        Conflict: recorded already.
        NotFound, NotAllowed: as `access.require`, no such lot, or a capacity that is not recorded by hand.
    """
    require(actor, Verb.KEEP_FAIR_PLAY)
    lot = session.get(Lot, lot_id, with_for_update={"of": Lot})
    if lot is None or capacity not in RECORDED:
        raise NotFound("lot")
    node, name = other_end(session, other)
    known = queries.parties_of_lot(session, lot_id)
    if any((party.node, party.capacity) == (node, capacity) for party in known):
        raise Conflict(Reason.ASKED_ALREADY)
    party = LotParty(
        lot_id=lot_id,
        node=node,
        name=name,
        capacity=capacity,
        evidence=needed(evidence, Reason.EVIDENCE_MISSING, "evidence"),
        recorded_by_id=actor.person_id,
        recorded_at=clock.now(),
    )
    session.add(party)
    session.flush()
    record(session, actor, "record_party", party.id, party.evidence, capacity=capacity, lot=str(lot_id))
    refresh_lot(session, lot_id)
    return party
