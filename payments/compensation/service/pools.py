"""Opening a pool, agreeing its terms by two persons, and its money in and out."""

import uuid
from datetime import date

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.access import Actor, Subject, Verb, require, require_four_eyes
from marketplace.canonical import digest
from marketplace.errors import Conflict, Refused
from marketplace.money import exponent
from marketplace.parties.models import Institution
from marketplace.rule_packs import Basis
from payments.compensation import queries
from payments.compensation.models import CompensationPool, PoolAgreement
from payments.compensation.rules import Agreement, PoolReason, check_agreement
from payments.compensation.rules.agreement import read, written
from payments.funds import service as funds
from payments.funds.models import FundMovement
from payments.funds.queries import lock_movement
from payments.funds.rules import FundReason, check_said
from payments.service.acts import record


def open_pool(
    session: Session, actor: Actor, *, name: str, area: str, currency: str, public_totals: bool
) -> CompensationPool:
    """A new pool, kept by the actor's institution; claims need an agreement in force.

    Raises:
        Refused: no name or area. Conflict: the name is taken. NotAllowed: as `access.require`.
    """
    require(actor, Verb.KEEP_FUND, Subject(owner_id=actor.institution_id))
    exponent(currency)
    name = check_said(name, PoolReason.NAME_NEEDED, "name", 200)
    if queries.pool_named(session, name) is not None:
        raise Conflict(PoolReason.NAME_TAKEN, field="name")
    pool = CompensationPool(
        keeper_id=actor.institution_id,
        name=name,
        area=check_said(area, PoolReason.NAME_NEEDED, "area", 100),
        currency=currency,
        public_totals=public_totals,
        opened_by_id=actor.person_id,
        opened_at=clock.now(),
    )
    session.add(pool)
    session.flush()
    record(session, "open_pool", pool.id, actor, name=name)
    return pool


def propose_agreement(
    session: Session,
    actor: Actor,
    pool_id: uuid.UUID,
    agreement: Agreement,
    *,
    valid_from: date,
    basis: Basis,
    source: str,
) -> PoolAgreement:
    """The next version of a pool's agreement; a second person has to approve it.

    Raises:
        Refused: shares or parties lack, no source, or it would begin in the past.
        Conflict: a version waits already. NotAllowed, NotFound: as `access.require`.
    """
    pool = queries.lock_pool(session, pool_id)
    require(actor, Verb.KEEP_FUND, Subject(owner_id=pool.keeper_id))
    versions = queries.agreements_of(session, pool.id)
    if versions and versions[0].approved_at is None:
        raise Conflict(PoolReason.AGREEMENT_WAITS)
    if valid_from < clock.now().astimezone(clock.LOCAL_ZONE).date():
        raise Refused(PoolReason.VALID_FROM_PAST, field="valid_from")
    terms = written(check_agreement(agreement))
    row = PoolAgreement(
        pool_id=pool.id,
        version=len(versions) + 1,
        valid_from=valid_from,
        terms=terms,
        basis=basis,
        source=check_said(source, PoolReason.SOURCE_NEEDED, "source", 300),
        content_hash=digest(terms | {"valid_from": valid_from.isoformat()}),
        proposed_by_id=actor.person_id,
        proposed_at=clock.now(),
    )
    session.add(row)
    session.flush()
    record(session, "propose_agreement", pool.id, actor, version=row.version, hash=row.content_hash)
    return row


def approve_agreement(session: Session, actor: Actor, agreement_id: uuid.UUID) -> PoolAgreement:
    """The second person; it is in force from its day.

    Raises:
        Conflict: it is approved already. NotAllowed: the actor proposed it, or as `access.require`.
    """
    pool = queries.lock_pool(session, queries.find_agreement(session, agreement_id).pool_id)
    row = queries.find_agreement(session, agreement_id)
    require(actor, Verb.RELEASE_FUND, Subject(owner_id=pool.keeper_id))
    require_four_eyes(actor, Subject(makers=frozenset({row.proposed_by_id})))
    if row.approved_at is not None:
        raise Conflict(PoolReason.AGREEMENT_APPROVED)
    row.approved_by_id, row.approved_at = actor.person_id, clock.now()
    record(session, "approve_agreement", pool.id, actor, version=row.version, hash=row.content_hash)
    return row


def contribute(
    session: Session,
    actor: Actor,
    pool_id: uuid.UUID,
    party_id: uuid.UUID,
    *,
    minor: int,
    bank_reference: str,
) -> FundMovement:
    """A contribution of the keeper, or of another party of the agreement, stands on the bank statement.

    Raises:
        Refused: the institution is no party, or as `funds.service.prepare_contribution`.
    """
    pool = queries.lock_pool(session, pool_id)
    if party_id not in parties_of(session, pool):
        raise Refused(FundReason.NOT_A_PARTY, field="party")
    fund = queries.fund_of(session, pool)
    return funds.prepare_contribution(
        session, actor, fund, party_id, minor=minor, bank_reference=bank_reference
    )


def withdraw_money(
    session: Session, actor: Actor, pool_id: uuid.UUID, party_id: uuid.UUID, *, minor: int, reason: str
) -> FundMovement:
    """The keeper asks for money back, its own or another party's.

    Raises:
        Refused, NotAllowed: as `funds.service.prepare_withdrawal`.
    """
    fund = queries.fund_of(session, queries.lock_pool(session, pool_id))
    return funds.prepare_withdrawal(session, actor, fund, party_id, minor=minor, reason=reason)


def answer_movement(session: Session, actor: Actor, movement_id: uuid.UUID, *, confirm: bool) -> FundMovement:
    """The second person's answer to a contribution or withdrawal.

    Raises:
        Refused, Conflict, NotAllowed: as `funds.service.answer_movement`.
    """
    pool = queries.lock_pool(session, lock_movement(session, movement_id).fund_id)
    fund = queries.fund_of(session, pool)
    return funds.answer_movement(session, actor, fund, movement_id, confirm=confirm)


def parties_of(session: Session, pool: CompensationPool) -> dict[uuid.UUID, Institution]:
    """Who may have money in the pool: its keeper, and everybody who pays under any version."""
    ids = {pool.keeper_id}
    for version in queries.agreements_of(session, pool.id):
        ids |= {uuid.UUID(party.institution) for party in read(version.terms).payers}
    found = {institution_id: session.get_one(Institution, institution_id) for institution_id in ids}
    return dict(sorted(found.items(), key=lambda pair: pair[1].name))
