"""What must hold at all times: each check returns the rows that break it, and must return none."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from marketplace.deals.models import Deal
from marketplace.deals.rules import DealStatus
from payments.ledger import ASSETS, Purpose
from payments.models import (
    Account,
    Deposit,
    GatewayCall,
    GatewayEvent,
    LedgerEntry,
    LedgerTransaction,
    Payment,
    Payout,
    Settlement,
)
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

# A broken invariant is told by its first rows; nobody reads a thousand.
SHOWN = 100


def _found(session: Session, statement: Select[*tuple[Any, ...]], words: str) -> list[str]:
    return [words.format(*row) for row in session.execute(statement.limit(SHOWN))]


def unbalanced_transactions(session: Session) -> list[str]:
    """I21: for each transaction and currency the postings sum to zero."""
    total = func.sum(LedgerEntry.amount_minor)
    statement = (
        select(LedgerEntry.transaction_id, LedgerEntry.currency, total)
        .group_by(LedgerEntry.transaction_id, LedgerEntry.currency)
        .having(total != 0)
    )
    return _found(session, statement, "transaction {0} sums to {2} minor units of {1}")


def empty_transactions(session: Session) -> list[str]:
    """A transaction moves something."""
    statement = select(LedgerTransaction.id, LedgerTransaction.key).where(
        ~select(LedgerEntry.id).where(LedgerEntry.transaction_id == LedgerTransaction.id).exists()
    )
    return _found(session, statement, "transaction {0} ({1}) has no entries")


def wrong_balances(session: Session) -> list[str]:
    """I22: an account's balance is the sum of its entries, all in the account's currency."""
    total = func.coalesce(func.sum(LedgerEntry.amount_minor), 0)
    foreign = func.coalesce(func.sum(case((LedgerEntry.currency != Account.currency, 1), else_=0)), 0)
    statement = (
        select(Account.code, Account.balance_minor, total, foreign)
        .outerjoin(LedgerEntry, LedgerEntry.account_id == Account.id)
        .group_by(Account.code, Account.balance_minor)
        .having(or_(total != Account.balance_minor, foreign != 0))
    )
    return _found(session, statement, "account {0} says {1}, its entries {2} ({3} in another currency)")


def negative_accounts(session: Session) -> list[str]:
    """I23: nobody's money is below nothing, and no cash account is."""
    asset = Account.purpose.in_(ASSETS)
    below = or_(and_(asset, Account.balance_minor < 0), and_(~asset, Account.balance_minor > 0))
    statement = select(Account.code, Account.balance_minor).where(below)
    return _found(session, statement, "account {0} stands at {1}")


def deposits_with_other_outcomes(session: Session) -> list[str]:
    """I24: a deposit's outcome and its ledger agree: one ending transaction where it has ended, else none."""
    endings = (
        select(func.count())
        .where(LedgerTransaction.subject_id == Deposit.id, LedgerTransaction.key.like("deposit:%:ended"))
        .correlate(Deposit)
        .scalar_subquery()
    )
    wanted = case(
        (Deposit.status.in_(DEPOSIT_OUTCOMES - {DepositStatus.FAILED}), 1),
        else_=0,
    )
    statement = select(Deposit.id, Deposit.status, endings).where(endings != wanted)
    return _found(session, statement, "deposit {0} is {1} and has {2} endings in the ledger")


def deposits_not_in_ledger(session: Session) -> list[str]:
    """What is held of a bidder's deposits on a lot is what their rows say."""
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
    ledger_sum = func.coalesce(func.sum(-Account.balance_minor), 0)
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
    return _found(session, statement, "lot {0}: deposits held {1}, in the ledger {2}")


def payouts_other_than_settled(session: Session) -> list[str]:
    """I26: payouts and what was set off of a settlement sum to what there was to distribute."""
    paid = func.coalesce(func.sum(Payout.amount_minor), 0)
    statement = (
        select(Settlement.id, Settlement.received_minor, paid)
        .outerjoin(Payout, Payout.settlement_id == Settlement.id)
        .group_by(Settlement.id, Settlement.received_minor, Settlement.set_off_minor)
        .having(paid + Settlement.set_off_minor != Settlement.received_minor)
    )
    return _found(session, statement, "settlement {0} had {1} to distribute, its payouts sum to {2}")


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
    return _found(session, statement, "payout {0} is {1} without two persons")


def payouts_not_in_ledger(session: Session) -> list[str]:
    """A payout has left the ledger exactly when it is paid."""
    posted = select(LedgerTransaction.id).where(LedgerTransaction.subject_id == Payout.id).exists()
    paid = Payout.status == PayoutStatus.PAID
    statement = select(Payout.id, Payout.status).where(or_(and_(paid, ~posted), and_(~paid, posted)))
    return _found(session, statement, "payout {0} is {1}, and the ledger says otherwise")


def payments_other_than_deals(session: Session) -> list[str]:
    """A deal counts as paid exactly when its payment has succeeded."""
    paid = Deal.status.in_((DealStatus.PAID, DealStatus.COMPLETED))
    here = Payment.status == PaymentStatus.SUCCEEDED
    statement = (
        select(Deal.id, Deal.status, Payment.status)
        .join(Payment, Payment.deal_id == Deal.id)
        .where(or_(and_(paid, ~here), and_(~paid, here)))
    )
    return _found(session, statement, "deal {0} is {1}, its payment {2}")


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
    return _found(session, statement, "settlement {0} belongs to a deal that is {1}")


def applied_events_unheard(session: Session) -> list[str]:
    """I29: every applied notice had its effect: a look-up of its object."""
    statement = select(GatewayEvent.event_id).where(
        GatewayEvent.status == EventStatus.APPLIED,
        ~select(GatewayCall.id).where(GatewayCall.gateway_object == GatewayEvent.gateway_object).exists(),
    )
    return _found(session, statement, "notice {0} had no effect")


def captured_otherwise(session: Session) -> list[str]:
    """What was captured of a card hold is the deposit, and stands in an answered call's row."""
    statement = select(Deposit.id, Deposit.captured_minor, Deposit.amount_minor).where(
        Deposit.method == Method.STRIPE,
        Deposit.captured_minor > 0,
        Deposit.captured_minor != Deposit.amount_minor,
    )
    return _found(session, statement, "deposit {0}: {1} captured of {2}")


def calls_never_answered(session: Session) -> list[str]:
    """A call that has been tried for long without an answer needs a person."""
    statement = select(GatewayCall.id, GatewayCall.verb, GatewayCall.attempts).where(
        GatewayCall.status == CallStatus.PREPARED, GatewayCall.attempts > 50
    )
    return _found(session, statement, "call {0} ({1}) was tried {2} times")


CHECKS: tuple[tuple[str, Callable[[Session], list[str]]], ...] = (
    ("every ledger transaction sums to zero in each currency", unbalanced_transactions),
    ("every ledger transaction has entries", empty_transactions),
    ("every balance is the sum of its entries", wrong_balances),
    ("no account is below nothing", negative_accounts),
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
