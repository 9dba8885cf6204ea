"""What must hold at all times: each check returns the rows that break it, and must return none."""

from collections.abc import Callable

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from marketplace.deals.models import Deal
from marketplace.deals.rules import DealStatus
from payments import proofs
from payments.ledger import Purpose
from payments.models import (
    Account,
    Deposit,
    GatewayCall,
    GatewayEvent,
    LedgerTransaction,
    Payment,
    Payout,
    Settlement,
)
from payments.proofs import found
from payments.rules import (
    DEPOSIT_OUTCOMES,
    CallStatus,
    DepositStatus,
    EventStatus,
    Method,
    PaymentStatus,
    PayoutKind,
    PayoutStatus,
)


def deposits_with_other_outcomes(session: Session) -> list[str]:
    """I24: a deposit's outcome and its ledger agree: one ending transaction where it has ended, else none."""
    endings = (
        select(func.count())
        .where(LedgerTransaction.subject_id == Deposit.id, LedgerTransaction.key.like("deposit:%:ended"))
        .correlate(Deposit)
        .scalar_subquery()
    )
    wanted = case(
        (Deposit.held_at.is_not(None) & Deposit.status.in_(DEPOSIT_OUTCOMES - {DepositStatus.FAILED}), 1),
        else_=0,
    )
    statement = select(Deposit.id, Deposit.status, endings).where(endings != wanted)
    return found(session, statement, "deposit {0} is {1} and has {2} endings in the ledger")


def deposits_not_in_ledger(session: Session) -> list[str]:
    """What is held, or promised, of a bidder's deposits on a lot is what their rows say."""
    held = func.sum(case((Deposit.status == DepositStatus.HELD, Deposit.amount_minor), else_=0))
    per_lot = (
        select(
            Deposit.lot_id.label("lot_id"),
            Deposit.currency.label("currency"),
            held.label("held"),
        )
        .group_by(Deposit.lot_id, Deposit.currency)
        .subquery()
    )
    standing = Account.pending_credit_minor - Account.pending_debit_minor - Account.balance_minor
    ledger_sum = func.coalesce(func.sum(standing), 0)
    statement = (
        select(per_lot.c.lot_id, per_lot.c.held, ledger_sum)
        .outerjoin(
            Account,
            and_(
                Account.lot_id == per_lot.c.lot_id,
                Account.currency == per_lot.c.currency,
                Account.purpose == Purpose.DEPOSIT_HELD,
            ),
        )
        .group_by(per_lot.c.lot_id, per_lot.c.currency, per_lot.c.held)
        .having(ledger_sum != per_lot.c.held)
    )
    return found(session, statement, "lot {0}: deposits held {1}, in the ledger {2}")


def payouts_other_than_settled(session: Session) -> list[str]:
    """I26: payouts and what was set off of a settlement sum to what there was to distribute."""
    paid = func.coalesce(func.sum(Payout.amount_minor), 0)
    statement = (
        select(Settlement.id, Settlement.received_minor, paid)
        .outerjoin(Payout, Payout.settlement_id == Settlement.id)
        .group_by(Settlement.id, Settlement.received_minor, Settlement.set_off_minor)
        .having(paid + Settlement.set_off_minor != Settlement.received_minor)
    )
    return found(session, statement, "settlement {0} had {1} to distribute, its payouts sum to {2}")


def payouts_without_two_persons(session: Session) -> list[str]:
    """I27, I30: what is released was prepared by one person and approved by another, over its content."""
    released = Payout.status.in_((PayoutStatus.APPROVED, PayoutStatus.PAID))
    lacking = or_(
        Payout.prepared_by_id.is_(None),
        Payout.approved_by_id.is_(None),
        Payout.prepared_by_id == Payout.approved_by_id,
        Payout.content_hash == "",
    )
    statement = select(Payout.id, Payout.status).where(released, lacking)
    return found(session, statement, "payout {0} is {1} without two persons")


def payouts_not_in_ledger(session: Session) -> list[str]:
    """A payout has left the ledger exactly when it is paid, or kept for a debt."""
    posted = select(LedgerTransaction.id).where(LedgerTransaction.subject_id == Payout.id).exists()
    paid = Payout.status.in_((PayoutStatus.PAID, PayoutStatus.WITHHELD))
    statement = select(Payout.id, Payout.status).where(or_(and_(paid, ~posted), and_(~paid, posted)))
    return found(session, statement, "payout {0} is {1}, and the ledger says otherwise")


def payments_other_than_deals(session: Session) -> list[str]:
    """A deal counts as paid exactly when its payment has succeeded."""
    paid = Deal.status.in_((DealStatus.PAID, DealStatus.COMPLETED, DealStatus.RESCINDED))
    here = Payment.status == PaymentStatus.SUCCEEDED
    statement = (
        select(Deal.id, Deal.status, Payment.status)
        .join(Payment, Payment.deal_id == Deal.id)
        .where(or_(and_(paid, ~here), and_(~paid, here)))
    )
    return found(session, statement, "deal {0} is {1}, its payment {2}")


def settlements_before_transfer(session: Session) -> list[str]:
    """I27: nothing is settled before the price is paid."""
    statement = (
        select(Settlement.id, Deal.status)
        .join(Deal, Deal.id == Settlement.deal_id)
        .where(
            Settlement.kind == PayoutKind.SETTLEMENT,
            Deal.status.not_in((DealStatus.PAID, DealStatus.COMPLETED)),
        )
    )
    return found(session, statement, "settlement {0} belongs to a deal that is {1}")


def applied_events_unheard(session: Session) -> list[str]:
    """I29: every applied notice had its effect: a look-up of its object."""
    statement = select(GatewayEvent.event_id).where(
        GatewayEvent.status == EventStatus.APPLIED,
        ~select(GatewayCall.id)
        .where(GatewayCall.gateway_object.in_((GatewayEvent.gateway_object, GatewayEvent.subject)))
        .exists(),
    )
    return found(session, statement, "notice {0} had no effect")


def captured_otherwise(session: Session) -> list[str]:
    """What was captured of a card hold is the deposit, and stands in an answered call's row."""
    statement = select(Deposit.id, Deposit.captured_minor, Deposit.amount_minor).where(
        Deposit.method == Method.STRIPE,
        Deposit.captured_minor > 0,
        Deposit.captured_minor != Deposit.amount_minor,
    )
    return found(session, statement, "deposit {0}: {1} captured of {2}")


def calls_never_answered(session: Session) -> list[str]:
    """A call that has been tried for long without an answer needs a person."""
    statement = select(GatewayCall.id, GatewayCall.verb, GatewayCall.attempts).where(
        GatewayCall.status == CallStatus.PREPARED, GatewayCall.attempts > 50
    )
    return found(session, statement, "call {0} ({1}) was tried {2} times")


CHECKS: tuple[tuple[str, Callable[[Session], list[str]]], ...] = (
    *proofs.CHECKS,
    ("every deposit has at most one outcome, and it is in the ledger", deposits_with_other_outcomes),
    ("the deposits held are in the ledger", deposits_not_in_ledger),
    ("payouts sum to their settlement", payouts_other_than_settled),
    ("released payouts have two persons", payouts_without_two_persons),
    ("payouts leave the ledger when they are paid", payouts_not_in_ledger),
    ("deals are paid when their payment has succeeded", payments_other_than_deals),
    ("nothing is settled before it is paid", settlements_before_transfer),
    ("every applied notice had its effect", applied_events_unheard),
    ("card deposits are captured whole", captured_otherwise),
    ("every gateway call is answered in time", calls_never_answered),
)
