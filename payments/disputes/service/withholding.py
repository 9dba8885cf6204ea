"""Keeping what was to be paid out: the payout is split, and the part that is kept is booked at once."""

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.errors import Conflict
from marketplace.status import check_move
from payments import ledger
from payments.disputes import queries
from payments.disputes.rules import DisputeReason
from payments.ledger import AccountName
from payments.models import Payout
from payments.rules import ENDED_PAYOUTS, PAYOUT_MOVES, PayoutStatus
from payments.service import books


def can_be_kept(session: Session, payout: Payout) -> bool:
    """Whether the money is still here: not paid, and neither the gateway nor the bank was told to pay it."""
    under_way = bool(payout.transfer_object) or queries.is_ordered_from_bank(session, payout.id)
    return payout.status not in ENDED_PAYOUTS and not under_way


def withhold(session: Session, payout: Payout, minor: int, to: AccountName, reason: str) -> Payout:
    """Keep `minor` of a locked payout for `to`; returns the part that is kept.

    What is left has to be prepared and approved anew: it is not what the two persons have seen.

    Raises:
        Conflict: it is paid, or on its way by the gateway or in a file for the bank.
    """
    if not can_be_kept(session, payout):
        raise Conflict(DisputeReason.PAYOUT_BLOCKED)
    if payout.status is not PayoutStatus.DUE:
        check_move(PAYOUT_MOVES, payout.status, PayoutStatus.DUE)
        payout.status, payout.content_hash = PayoutStatus.DUE, ""
        payout.prepared_by_id, payout.prepared_at = None, None
        payout.approved_by_id, payout.approved_at = None, None
    part = payout if minor == payout.amount_minor else _split(session, payout, minor)
    check_move(PAYOUT_MOVES, part.status, PayoutStatus.WITHHELD)
    part.status, part.reason, part.paid_at = PayoutStatus.WITHHELD, reason[:500], clock.now()
    kept = ledger.movement(part.account.name, to, minor)
    books.post(session, f"payout:{part.id}", subject_id=part.id, lot_id=part.lot_id, postings=kept)
    return part


def _split(session: Session, payout: Payout, minor: int) -> Payout:
    payout.amount_minor -= minor
    part = Payout(
        kind=payout.kind,
        settlement_id=payout.settlement_id,
        settlement=payout.settlement,
        lot_id=payout.lot_id,
        account_id=payout.account_id,
        institution_id=payout.institution_id,
        payee=payout.payee,
        amount_minor=minor,
        currency=payout.currency,
        status=PayoutStatus.DUE,
        due_at=payout.due_at,
        not_before=payout.not_before,
    )
    session.add(part)
    session.flush()
    session.refresh(part, ["account"])
    return part
