"""What the debtor pays later is shared back: the bank reports it, the operator finds the others' shares."""

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.access import Actor, Subject, Verb, require
from marketplace.errors import Conflict, Refused
from marketplace.notices.rules import NoticeKind
from marketplace.status import check_move
from payments.compensation import queries
from payments.compensation.models import CompensationClaim, Recovery
from payments.compensation.rules import (
    CLAIM_MOVES,
    RECOVERABLE,
    ClaimStatus,
    PartyRole,
    PoolReason,
    RecoveryStatus,
    share_back,
)
from payments.compensation.service.telling import tell
from payments.funds import service as funds
from payments.funds.rules import FundReason, check_amount, check_said
from payments.service.acts import record


def report_recovery(
    session: Session, actor: Actor, claim_id: uuid.UUID, minor: int, document: str
) -> Recovery:
    """The bank got something from the debtor after all; it passes on what is not its own share.

    Raises:
        Refused: no amount, no document, or more than was lost and is still open: the rest is the bank's.
        Conflict: the claim is not paid, or an earlier report waits. NotAllowed: as `access.require`.
    """
    claim = queries.lock_claim(session, claim_id)
    require(actor, Verb.CLAIM_COMPENSATION, Subject(owner_id=claim.bank_id))
    if claim.status not in RECOVERABLE:
        raise Conflict(PoolReason.NOT_ENDED)
    if any(row.status is RecoveryStatus.REPORTED for row in claim.recoveries):
        raise Conflict(PoolReason.RECOVERY_WAITS)
    borne, before = borne_by(claim), recovered_by(claim)
    if check_amount(minor) > sum(borne.values()) - sum(before.values()):
        raise Refused(PoolReason.MORE_THAN_LOST, field="amount")
    row = Recovery(
        claim_id=claim.id,
        amount_minor=minor,
        currency=claim.currency,
        shares={str(role): part for role, part in share_back(minor, borne, before).items()},
        document=check_said(document, FundReason.REFERENCE_NEEDED, "document", 200),
        reported_by_id=actor.person_id,
        reported_at=clock.now(),
    )
    session.add(row)
    session.flush()
    session.refresh(claim, ["recoveries"])
    record(session, "report_recovery", claim.id, actor, minor=minor, shares=row.shares)
    tell(session, claim.pool.keeper_id, NoticeKind.RECOVERY_REPORTED, claim, minor)
    return row


def confirm_recovery(session: Session, actor: Actor, recovery_id: uuid.UUID, bank_reference: str) -> Recovery:
    """The others' shares have arrived: each goes back to its party's money in the pool.

    Raises:
        Refused: no bank reference. Conflict: it is answered, or this line is recorded already.
        NotAllowed: as `access.require`.
    """
    require(actor, Verb.CONFIRM_MONEY)
    row, claim = _waiting(session, recovery_id)
    reference = check_said(bank_reference, FundReason.BANK_REFERENCE_NEEDED, "bank_reference", 100)
    if session.scalar(select(Recovery.id).where(Recovery.bank_reference == reference)) is not None:
        raise Conflict(FundReason.BANK_REFERENCE_USED, field="bank_reference")
    fund = queries.fund_of(session, claim.pool)
    shares = {
        fund.account(part.institution_id): minor
        for part in claim.parts
        if part.role is not PartyRole.BANK and (minor := row.shares.get(part.role, 0))
    }
    if shares:
        funds.receive(session, f"recovery:{row.id}", claim.pool_id, shares, claim.currency)
    row.bank_reference = reference
    _answer(row, actor, RecoveryStatus.CONFIRMED)
    _move_on(claim)
    record(session, "confirm_recovery", claim.id, actor, minor=row.amount_minor)
    for reader in (claim.bank_id, claim.pool.keeper_id):
        tell(session, reader, NoticeKind.RECOVERY_SHARED, claim, row.amount_minor)
    return row


def decline_recovery(session: Session, actor: Actor, recovery_id: uuid.UUID, reason: str) -> Recovery:
    """The others' shares did not arrive, or the report was wrong: nothing is shared.

    Raises:
        Refused: no reason. Conflict: it is answered. NotAllowed: as `access.require`.
    """
    require(actor, Verb.CONFIRM_MONEY)
    row, claim = _waiting(session, recovery_id)
    reason = check_said(reason, FundReason.REASON_NEEDED, "reason")
    _answer(row, actor, RecoveryStatus.DECLINED)
    record(session, "decline_recovery", claim.id, actor, reason=reason)
    tell(session, claim.bank_id, NoticeKind.RECOVERY_DECLINED, claim, row.amount_minor)
    return row


def borne_by(claim: CompensationClaim) -> dict[PartyRole, int]:
    """Each party's part of the loss."""
    return {part.role: part.minor for part in claim.parts}


def recovered_by(claim: CompensationClaim) -> dict[PartyRole, int]:
    """What each party had back."""
    total: dict[PartyRole, int] = {}
    for row in claim.recoveries:
        if row.status is RecoveryStatus.CONFIRMED:
            for role, minor in row.shares.items():
                total[PartyRole(role)] = total.get(PartyRole(role), 0) + minor
    return total


def _waiting(session: Session, recovery_id: uuid.UUID) -> tuple[Recovery, CompensationClaim]:
    claim = queries.lock_claim(session, queries.find_recovery(session, recovery_id).claim_id)
    row = queries.find_recovery(session, recovery_id)
    if row.status is not RecoveryStatus.REPORTED:
        raise Conflict(PoolReason.RECOVERY_WAITS)
    session.refresh(claim, ["recoveries"])
    return row, claim


def _answer(row: Recovery, actor: Actor, status: RecoveryStatus) -> None:
    row.status, row.answered_by_id, row.answered_at = status, actor.person_id, clock.now()


def _move_on(claim: CompensationClaim) -> None:
    whole = sum(recovered_by(claim).values()) == claim.loss_minor
    new = ClaimStatus.RECOVERED if whole else ClaimStatus.PARTLY_RECOVERED
    check_move(CLAIM_MOVES, claim.status, new)
    claim.status = new
