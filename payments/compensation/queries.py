"""Named reads of pools, agreements, claims and recoveries; those that start with `lock_` hold the row."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from marketplace.errors import NotFound
from marketplace.parties.models import Institution
from marketplace.parties.rules import InstitutionKind, InstitutionStatus
from payments import ledger
from payments.compensation.models import (
    ClaimPart,
    CompensationClaim,
    CompensationPool,
    PoolAgreement,
    Recovery,
)
from payments.compensation.rules import (
    COUNTED,
    ClaimStatus,
    PartyRole,
    RecoveryStatus,
    Room,
)
from payments.funds import queries as funds
from payments.funds.service import Fund
from payments.ledger import Purpose
from payments.models import Account, Payout
from payments.rules import PayoutStatus

LIMIT = 200
PERIOD_LIMIT = 10_000
CLOSED = (ClaimStatus.REFUSED, ClaimStatus.WITHDRAWN)


def find_pool(session: Session, pool_id: uuid.UUID) -> CompensationPool:
    """The pool; raises NotFound."""
    found = session.get(CompensationPool, pool_id)
    if found is None:
        raise NotFound("pool")
    return found


def lock_pool(session: Session, pool_id: uuid.UUID) -> CompensationPool:
    """The pool, locked: its caps are counted by one at a time. Raises NotFound."""
    statement = select(CompensationPool).where(CompensationPool.id == pool_id).with_for_update()
    found = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound("pool")
    return found


def all_pools(session: Session) -> list[CompensationPool]:
    return list(session.scalars(select(CompensationPool).order_by(CompensationPool.name).limit(LIMIT)))


def pool_named(session: Session, name: str) -> CompensationPool | None:
    return session.scalars(select(CompensationPool).where(CompensationPool.name == name)).one_or_none()


def agreements_of(session: Session, pool_id: uuid.UUID) -> list[PoolAgreement]:
    """All versions, the latest first."""
    statement = select(PoolAgreement).where(PoolAgreement.pool_id == pool_id)
    return list(session.scalars(statement.order_by(PoolAgreement.version.desc()).limit(LIMIT)))


def agreement_in_force(session: Session, pool_id: uuid.UUID, today: date) -> PoolAgreement | None:
    """The latest approved version whose day has come."""
    statement = select(PoolAgreement).where(
        PoolAgreement.pool_id == pool_id,
        PoolAgreement.approved_at.is_not(None),
        PoolAgreement.valid_from <= today,
    )
    latest = statement.order_by(PoolAgreement.valid_from.desc(), PoolAgreement.version.desc())
    return session.scalars(latest).first()


def find_agreement(session: Session, agreement_id: uuid.UUID) -> PoolAgreement:
    """The version of an agreement; raises NotFound."""
    found = session.get(PoolAgreement, agreement_id, populate_existing=True)
    if found is None:
        raise NotFound("agreement")
    return found


def find_claim(session: Session, claim_id: uuid.UUID) -> CompensationClaim:
    """The claim; raises NotFound."""
    found = session.get(CompensationClaim, claim_id)
    if found is None:
        raise NotFound("claim")
    return found


def lock_claim(session: Session, claim_id: uuid.UUID) -> CompensationClaim:
    """The claim, with its pool locked before it; raises NotFound."""
    lock_pool(session, find_claim(session, claim_id).pool_id)
    statement = select(CompensationClaim).where(CompensationClaim.id == claim_id).with_for_update()
    return session.scalars(statement.execution_options(populate_existing=True)).one()


def claim_on_lot(session: Session, lot_id: uuid.UUID) -> CompensationClaim | None:
    """The claim for a lot that was neither refused nor withdrawn; the latest of those otherwise."""
    statement = select(CompensationClaim).where(CompensationClaim.lot_id == lot_id)
    closed = CompensationClaim.status.in_(CLOSED)
    return session.scalars(statement.order_by(closed, CompensationClaim.claimed_at.desc())).first()


def next_number(session: Session, pool_id: uuid.UUID) -> int:
    statement = select(func.max(CompensationClaim.number)).where(CompensationClaim.pool_id == pool_id)
    return (session.scalar(statement) or 0) + 1


def claims_seen_by(institution_id: uuid.UUID) -> Select[CompensationClaim]:
    """A bank's own claims, a keeper's on its pools, and those of which a party bears a part."""
    part = exists().where(
        ClaimPart.claim_id == CompensationClaim.id, ClaimPart.institution_id == institution_id
    )
    keeps = exists().where(
        CompensationPool.id == CompensationClaim.pool_id, CompensationPool.keeper_id == institution_id
    )
    return latest_claims().where(or_(CompensationClaim.bank_id == institution_id, keeps, part))


def latest_claims() -> Select[CompensationClaim]:
    return select(CompensationClaim).order_by(
        CompensationClaim.claimed_at.desc(), CompensationClaim.number.desc()
    )


def claims_on(session: Session, pool_id: uuid.UUID) -> list[CompensationClaim]:
    """The claims on a pool, the latest first."""
    of_pool = latest_claims().where(CompensationClaim.pool_id == pool_id)
    return list(session.scalars(of_pool.limit(LIMIT)))


def verified_of_kind(session: Session, kind: InstitutionKind) -> dict[uuid.UUID, str]:
    """The names of the verified institutions of a kind."""
    statement = select(Institution).where(
        Institution.kind == kind, Institution.status == InstitutionStatus.VERIFIED
    )
    return {row.id: row.name for row in session.scalars(statement.order_by(Institution.name).limit(1000))}


def claims_between(session: Session, since: datetime, until: datetime) -> Sequence[CompensationClaim]:
    """Claims made in a period, in their order."""
    statement = select(CompensationClaim).where(
        CompensationClaim.claimed_at >= since, CompensationClaim.claimed_at < until
    )
    ordered = statement.order_by(CompensationClaim.claimed_at, CompensationClaim.number)
    return session.scalars(ordered.limit(PERIOD_LIMIT)).all()


def fund_of(session: Session, pool: CompensationPool) -> Fund:
    """The pool as its money sees it, with what reviewed claims have been promised."""
    promised = _fund_parts().where(
        CompensationClaim.pool_id == pool.id, CompensationClaim.status == ClaimStatus.REVIEWED
    )
    reserved = int(session.scalar(promised) or 0)
    return Fund(pool.id, Purpose.COMPENSATION, pool.currency, pool.keeper_id, reserved)


def room_for(session: Session, claim: CompensationClaim, year: int) -> Room:
    """What earlier claims have left for this one; the pool must be locked."""
    counted = _fund_parts().where(
        CompensationClaim.pool_id == claim.pool_id,
        CompensationClaim.id != claim.id,
        CompensationClaim.status.in_(COUNTED),
        CompensationClaim.year == year,
    )
    fund = fund_of(session, claim.pool)
    balance = session.scalars(
        select(Account).where(Account.code == fund.account(fund.keeper_id).code)
    ).first()
    held = ledger.natural(balance.purpose, balance.balance_minor) if balance else 0
    return Room(
        firm_used=int(session.scalar(counted.where(CompensationClaim.firm_key == claim.firm_key)) or 0),
        bank_used=int(session.scalar(counted.where(CompensationClaim.bank_id == claim.bank_id)) or 0),
        held=max(
            held - fund.reserved_minor - funds.withdrawals_waiting(session, fund.id, fund.keeper_id),
            0,
        ),
    )


def _fund_parts() -> Select[int]:
    return (
        select(func.coalesce(func.sum(ClaimPart.minor), 0))
        .join(CompensationClaim, CompensationClaim.id == ClaimPart.claim_id)
        .where(ClaimPart.role == PartyRole.FUND)
    )


def loans_behind(session: Session, pool_id: uuid.UUID) -> int:
    """The loans behind all claims that stand, in minor units."""
    statement = select(func.coalesce(func.sum(CompensationClaim.loan_minor), 0)).where(
        CompensationClaim.pool_id == pool_id, CompensationClaim.status.not_in(CLOSED)
    )
    return int(session.scalar(statement) or 0)


def part_to_pay(session: Session) -> ClaimPart | None:
    """A released part that nobody has paid out yet, whose party has by now what it bears."""
    statement = (
        select(ClaimPart)
        .join(CompensationClaim, CompensationClaim.id == ClaimPart.claim_id)
        .join(Account, Account.id == ClaimPart.account_id)
        .where(
            CompensationClaim.status == ClaimStatus.RELEASED,
            ClaimPart.payout_id.is_(None),
            ClaimPart.minor > 0,
            ClaimPart.minor <= -Account.balance_minor,
        )
        .order_by(CompensationClaim.released_at, ClaimPart.line)
    )
    return session.scalars(statement.limit(1)).first()


def claim_to_close(session: Session) -> CompensationClaim | None:
    """A released claim of which every part has been paid."""
    open_part = (
        select(ClaimPart.id)
        .outerjoin(Payout, Payout.id == ClaimPart.payout_id)
        .where(
            ClaimPart.claim_id == CompensationClaim.id,
            ClaimPart.role != PartyRole.BANK,
            ClaimPart.minor > 0,
            or_(Payout.id.is_(None), Payout.status != PayoutStatus.PAID),
        )
    )
    statement = select(CompensationClaim).where(
        CompensationClaim.status == ClaimStatus.RELEASED, ~open_part.exists()
    )
    return session.scalars(statement.order_by(CompensationClaim.released_at).limit(1)).first()


def waiting_for(session: Session, keeper_id: uuid.UUID) -> list[CompensationClaim]:
    """Claims on a keeper's pools that wait for it, the oldest first."""
    statement = (
        select(CompensationClaim)
        .join(CompensationPool, CompensationPool.id == CompensationClaim.pool_id)
        .where(
            CompensationPool.keeper_id == keeper_id,
            CompensationClaim.status.in_((ClaimStatus.CLAIMED, ClaimStatus.REVIEWED)),
        )
    )
    return list(session.scalars(statement.order_by(CompensationClaim.claimed_at).limit(LIMIT)))


def find_recovery(session: Session, recovery_id: uuid.UUID) -> Recovery:
    """The report of a recovery, read anew; whoever changes it locks its claim first. Raises NotFound."""
    found = session.get(Recovery, recovery_id, populate_existing=True)
    if found is None:
        raise NotFound("recovery")
    return found


def reported_recoveries(session: Session) -> list[Recovery]:
    """Reports that wait for the money to arrive, the oldest first."""
    statement = select(Recovery).where(Recovery.status == RecoveryStatus.REPORTED)
    return list(session.scalars(statement.order_by(Recovery.reported_at).limit(LIMIT)))


@dataclass(frozen=True, slots=True)
class Totals:
    """A pool in figures, minor units: what the fund paid in, has paid for claims, had back, and holds."""

    contributed: int
    paid: int
    recovered: int
    promised: int
    held: int
    claims: int


def totals_of(session: Session, pool: CompensationPool) -> Totals:
    """The fund's own money in a pool, and how many claims stand."""
    of_pool = CompensationClaim.pool_id == pool.id
    released = CompensationClaim.status.in_(set(COUNTED) - {ClaimStatus.REVIEWED})
    fund = fund_of(session, pool)
    back = select(Recovery).join(CompensationClaim, CompensationClaim.id == Recovery.claim_id)
    confirmed = back.where(and_(of_pool, Recovery.status == RecoveryStatus.CONFIRMED))
    count = select(func.count(CompensationClaim.id)).where(of_pool)
    account = select(Account).where(Account.code == fund.account(pool.keeper_id).code)
    found = session.scalars(account).one_or_none()
    return Totals(
        contributed=funds.contributed(session, pool.id, pool.keeper_id),
        paid=int(session.scalar(_fund_parts().where(of_pool, released)) or 0),
        recovered=sum(row.shares.get(PartyRole.FUND, 0) for row in session.scalars(confirmed)),
        promised=fund.reserved_minor,
        held=ledger.natural(found.purpose, found.balance_minor) if found else 0,
        claims=session.scalar(count.where(CompensationClaim.status.not_in(CLOSED))) or 0,
    )
