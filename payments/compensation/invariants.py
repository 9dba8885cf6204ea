"""What must always hold of risk compensation: each question answers with what breaks it, so with nothing."""

import uuid
from collections.abc import Callable, Iterator

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from payments import ledger
from payments.compensation import queries
from payments.compensation.models import ClaimPart, CompensationClaim, CompensationPool
from payments.compensation.rules import COUNTED, ClaimStatus, PartyRole, RecoveryStatus
from payments.compensation.rules.agreement import read
from payments.compensation.service.recovering import borne_by, recovered_by
from payments.funds import queries as funds
from payments.ledger import Purpose
from payments.models import Account, Payout
from payments.rules import PayoutStatus

_SETTLED = (ClaimStatus.PAID, ClaimStatus.PARTLY_RECOVERED, ClaimStatus.RECOVERED)


def _counted(session: Session) -> Iterator[CompensationClaim]:
    statement = select(CompensationClaim).where(CompensationClaim.status.in_(COUNTED))
    yield from session.scalars(statement.execution_options(yield_per=200))


def parts_other_than_loss(session: Session) -> list[str]:
    """The parts of a reviewed claim sum to its loss."""
    return [
        f"claim {claim.id} lost {claim.loss_minor}, its parts come to {total}"
        for claim in _counted(session)
        if (total := sum(part.minor for part in claim.parts)) != claim.loss_minor
    ]


def over_a_cap(session: Session) -> list[str]:
    """No part of the fund is above the caps of its agreement: per claim, per firm and year, bank and year."""
    found = []
    for claim in _counted(session):
        terms = read(claim.agreement.terms)
        own = sum(part.minor for part in claim.parts if part.role is PartyRole.FUND)
        sums = (
            (terms.cap_per_claim, own),
            (terms.cap_per_firm_and_year, _of_year(session, claim, "firm_key")),
            (terms.cap_per_bank_and_year, _of_year(session, claim, "bank_id")),
        )
        if own and any(cap is not None and total > cap for cap, total in sums):
            found.append(f"claim {claim.id}: {[total for _, total in sums]} is above a cap")
    return found


def _of_year(session: Session, claim: CompensationClaim, column: str) -> int:
    """The fund's parts of the same firm or bank in the claim's year, up to its review."""
    same = getattr(CompensationClaim, column) == getattr(claim, column)
    statement = (
        select(func.coalesce(func.sum(ClaimPart.minor), 0))
        .join(CompensationClaim, CompensationClaim.id == ClaimPart.claim_id)
        .where(
            ClaimPart.role == PartyRole.FUND,
            CompensationClaim.pool_id == claim.pool_id,
            CompensationClaim.status.in_(COUNTED),
            CompensationClaim.year == claim.year,
            CompensationClaim.reviewed_at <= claim.reviewed_at,
            same,
        )
    )
    return int(session.scalar(statement) or 0)


def promised_more_than_held(session: Session) -> list[str]:
    """A pool has promised no more of the fund's money than the fund has in it."""
    found = []
    for pool in session.scalars(select(CompensationPool)):
        fund = queries.fund_of(session, pool)
        account = session.scalars(
            select(Account).where(Account.code == fund.account(pool.keeper_id).code)
        ).one_or_none()
        held = ledger.natural(account.purpose, account.balance_minor) if account else 0
        if fund.reserved_minor > held:
            found.append(f"pool {pool.id} has promised {fund.reserved_minor} and holds {held}")
    return found


def claims_twice(session: Session) -> list[str]:
    """A loss is claimed once."""
    statement = (
        select(CompensationClaim.lot_id)
        .where(CompensationClaim.status.not_in(queries.CLOSED))
        .group_by(CompensationClaim.lot_id)
        .having(func.count() > 1)
    )
    return [f"lot {lot_id} has more than one claim" for lot_id in session.scalars(statement)]


def released_by_one_person(session: Session) -> list[str]:
    """What was released was reviewed by somebody else."""
    released = [status for status in COUNTED if status is not ClaimStatus.REVIEWED]
    statement = select(CompensationClaim).where(
        CompensationClaim.status.in_(released),
        or_(
            CompensationClaim.reviewed_by_id.is_(None),
            CompensationClaim.released_by_id.is_(None),
            CompensationClaim.reviewed_by_id == CompensationClaim.released_by_id,
        ),
    )
    return [f"claim {claim.id} was released by one person" for claim in session.scalars(statement)]


def paid_otherwise(session: Session) -> list[str]:
    """Every part of a paid claim has its paid payout of that amount, and the bank's own part has none."""
    statement = (
        select(ClaimPart, Payout)
        .join(CompensationClaim, CompensationClaim.id == ClaimPart.claim_id)
        .outerjoin(Payout, Payout.id == ClaimPart.payout_id)
        .where(CompensationClaim.status.in_(_SETTLED), ClaimPart.minor > 0)
    )
    found = []
    for part, payout in session.execute(statement):
        paid = payout is not None and (payout.status, payout.amount_minor) == (PayoutStatus.PAID, part.minor)
        if paid is (part.role is PartyRole.BANK):
            found.append(f"the {part.role}'s part of claim {part.claim_id} is not what was paid")
    return found


def recovered_otherwise(session: Session) -> list[str]:
    """Shares sum to what was recovered, nobody had back more than it bore, and the status says how much."""
    found = []
    statement = select(CompensationClaim).where(CompensationClaim.status.in_(_SETTLED))
    for claim in session.scalars(statement):
        confirmed = [row for row in claim.recoveries if row.status is RecoveryStatus.CONFIRMED]
        borne, back = borne_by(claim), recovered_by(claim)
        whole = sum(back.values()) == claim.loss_minor
        fits = all(sum(row.shares.values()) == row.amount_minor for row in confirmed)
        fits = fits and all(minor <= borne.get(role, 0) for role, minor in back.items())
        fits = fits and (claim.status is ClaimStatus.RECOVERED) is whole
        if not fits or (claim.status is ClaimStatus.PAID) is bool(confirmed):
            found.append(f"claim {claim.id} is {claim.status}, {back} came back of {borne}")
    return found


def balances_otherwise(session: Session) -> list[str]:
    """Each party's money in a pool is what it paid in, less what it paid for claims, with what came back."""
    return [
        f"pool {pool.id}: the {institution_id} has {held}, it should be {proven}"
        for pool in session.scalars(select(CompensationPool))
        for institution_id, held, proven in _balances(session, pool)
        if held != proven
    ]


def _balances(session: Session, pool: CompensationPool) -> Iterator[tuple[str, int, int]]:
    claims = select(CompensationClaim).where(CompensationClaim.pool_id == pool.id)
    moved: dict[str, int] = {}
    for claim in session.scalars(claims):
        back = recovered_by(claim)
        for part in claim.parts:
            paid = part.minor if part.payout_id else 0
            name = str(part.institution_id)
            returned = back.get(part.role, 0) if part.role is not PartyRole.BANK else 0
            moved[name] = moved.get(name, 0) - paid + returned
    for account in funds.accounts_of(session, Purpose.COMPENSATION, pool.id):
        name = account.party.partition(":")[2]
        paid_in = funds.contributed(session, pool.id, uuid.UUID(name))
        yield name, -account.balance_minor, paid_in + moved.get(name, 0)


CHECKS: tuple[tuple[str, Callable[[Session], list[str]]], ...] = (
    ("the parts of a claim sum to its loss", parts_other_than_loss),
    ("no compensation is above a cap", over_a_cap),
    ("a pool promises no more than it holds", promised_more_than_held),
    ("a loss is claimed once", claims_twice),
    ("compensation is released by a second person", released_by_one_person),
    ("compensation is paid as it was divided", paid_otherwise),
    ("what is recovered is shared back as it was borne", recovered_otherwise),
    ("the balances of pools are proven by their claims", balances_otherwise),
)
