"""Jobs: what was released is paid out of each party's money in the pool; a claim paid in full is closed."""

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.notices.rules import NoticeKind
from marketplace.status import check_move
from payments.compensation import queries
from payments.compensation.models import ClaimPart, CompensationClaim
from payments.compensation.rules import CLAIM_MOVES, ClaimStatus, PartyRole
from payments.compensation.service.telling import tell
from payments.funds import service as funds
from payments.rules import PayoutKind
from payments.service.acts import record


def pay_parts_due(session: Session) -> bool:
    """Make the payout of one released part whose party has paid in; True when there was one."""
    found = queries.part_to_pay(session)
    if found is None:
        return False
    claim = queries.lock_claim(session, found.claim_id)
    part = session.get_one(ClaimPart, found.id, populate_existing=True)
    if part.payout_id is not None or part.account is None:
        return False
    fund = queries.fund_of(session, claim.pool)
    source = part.account.name
    payout = funds.pay_out(session, fund, PayoutKind.COMPENSATION, source, claim.bank, minor=part.minor)
    part.payout_id = payout.id
    record(session, "pay_compensation", claim.id, None, role=part.role, minor=part.minor)
    return True


def close_paid(session: Session) -> bool:
    """Close one released claim of which every part is paid; True when there was one."""
    found = queries.claim_to_close(session)
    if found is None:
        return False
    claim = queries.lock_claim(session, found.id)
    if claim.status is not ClaimStatus.RELEASED:
        return False
    check_move(CLAIM_MOVES, claim.status, ClaimStatus.PAID)
    claim.status = ClaimStatus.PAID
    claim.ended_at = clock.now()
    paid = _paid(claim)
    record(session, "compensation_paid", claim.id, None, minor=paid)
    for reader in (claim.bank_id, claim.pool.keeper_id):
        tell(session, reader, NoticeKind.COMPENSATION_PAID, claim, paid)
    return True


def _paid(claim: CompensationClaim) -> int:
    return sum(part.minor for part in claim.parts if part.role is not PartyRole.BANK)
