"""Giving a buyer back what it paid: after a rescission, a judgment, an agreed reduction.

Before the money is distributed it is still in escrow: the whole goes back, and the sale is undone. Afterwards
the settlement is corrected from its end (`correcting`).
"""

from sqlalchemy.orm import Session

from marketplace.deals import service as deals
from marketplace.deals.models import Deal
from marketplace.deals.rules import DealStatus
from marketplace.errors import Conflict, Refused
from payments import ledger
from payments import queries as payment_queries
from payments.disputes import accounts, queries
from payments.disputes.models import MoneyDecision
from payments.disputes.rules import DebtCause, DisputeReason
from payments.disputes.service import debts
from payments.disputes.service.correcting import correct, distributed
from payments.disputes.service.giving_back import give_back
from payments.ledger import AccountName, Posting
from payments.rules import PayoutKind, check_reason
from payments.service import books


def check(session: Session, deal: Deal, minor: int, proof: str) -> None:
    """Whether so much of a sale can be refunded.

    Raises:
        Refused: no proof, nothing, more than was distributed, or a part before anything is distributed.
        Conflict: the sale is not paid, is disputed, or a part of its price was taken back already.
    """
    check_reason(proof)
    if deal.status not in {DealStatus.PAID, DealStatus.COMPLETED}:
        raise Conflict(DisputeReason.NOT_PAID_YET)
    if queries.open_dispute_on_sale(session, deal.id):
        raise Conflict(DisputeReason.DISPUTE_IS_OPEN)
    settlement = payment_queries.settlement_of(session, deal.id, PayoutKind.SETTLEMENT)
    if settlement is None:
        whole = books.balance(session, books.escrow(deal.lot_id, deal.id, deal.currency))
        if minor != whole:
            raise Refused(DisputeReason.ONLY_THE_WHOLE, field="amount")
        return
    if queries.price_owed_again(session, deal.id):
        raise Conflict(DisputeReason.PRICE_TAKEN_BACK)
    if not 0 < minor <= distributed(session, settlement):
        raise Refused(DisputeReason.MORE_THAN_DISTRIBUTED, field="amount")


def refund(session: Session, decision: MoneyDecision, deal: Deal) -> None:
    """Carry out an approved refund. What the payees owe goes back to the buyer once they have paid it."""
    own = books.buyer_balance(deal.lot_id, deal.buyer_id, deal.currency)
    settlement = payment_queries.settlement_of(session, deal.id, PayoutKind.SETTLEMENT)
    if settlement is None:
        back = _out_of_escrow(session, decision, deal, own)
    else:
        waiting = accounts.refund_due(deal.lot_id, deal.buyer_id, deal.currency)
        back = correct(session, decision, settlement, kept=own, owed=waiting, cause=DebtCause.REFUND)
    if back:
        give_back(session, deal, back)


def _out_of_escrow(session: Session, decision: MoneyDecision, deal: Deal, own: AccountName) -> int:
    """The whole price goes back, and the sale is undone; what was taken back already is not given twice."""
    minor = decision.amount_minor
    escrow = books.escrow(deal.lot_id, deal.id, deal.currency)
    for debt in queries.price_owed_again(session, deal.id):
        part = debt.open_minor
        key = f"decision:{decision.id}:{debt.id.hex[:8]}"
        debts.cover(session, debt, (Posting(escrow, part),), part, key=key)
        minor -= part
    if minor:
        out, key = ledger.movement(escrow, own, minor), f"decision:{decision.id}"
        books.post(session, key, subject_id=decision.id, lot_id=deal.lot_id, postings=out)
    deals.rescind(session, deal)
    return minor
