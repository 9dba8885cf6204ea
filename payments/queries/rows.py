"""Single rows: locked by id, or found by what is written on them."""

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased, joinedload

from auctions.models import Registration
from marketplace.deals.models import Deal
from marketplace.errors import NotFound
from payments.ledger import Phase
from payments.models import BankReceipt, Deposit, LedgerEntry, LedgerTransaction, Payment, Payout, Settlement
from payments.rules import PayoutKind


def lock_deposit(session: Session, deposit_id: uuid.UUID) -> Deposit:
    """The deposit, read anew and locked; raises NotFound."""
    statement = select(Deposit).where(Deposit.id == deposit_id).with_for_update(of=Deposit)
    deposit = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if deposit is None:
        raise NotFound("deposit")
    return deposit


def lock_payment(session: Session, payment_id: uuid.UUID) -> Payment:
    """The payment, read anew and locked; raises NotFound."""
    statement = select(Payment).where(Payment.id == payment_id).with_for_update(of=Payment)
    payment = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if payment is None:
        raise NotFound("payment")
    return payment


def lock_payout(session: Session, payout_id: uuid.UUID) -> Payout:
    """The payout, read anew and locked; raises NotFound."""
    statement = select(Payout).where(Payout.id == payout_id).with_for_update(of=Payout)
    payout = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if payout is None:
        raise NotFound("payout")
    return payout


def transaction_by_key(session: Session, key: str) -> LedgerTransaction | None:
    return session.scalars(select(LedgerTransaction).where(LedgerTransaction.key == key)).one_or_none()


def open_promises(session: Session, subject_id: uuid.UUID) -> list[LedgerTransaction]:
    """The pending transactions of a subject that nothing has ended, the oldest first."""
    ending = aliased(LedgerTransaction)
    statement = (
        select(LedgerTransaction)
        .outerjoin(ending, ending.resolves_id == LedgerTransaction.id)
        .where(
            LedgerTransaction.subject_id == subject_id,
            LedgerTransaction.phase == Phase.PENDING,
            ending.id.is_(None),
        )
        .order_by(LedgerTransaction.at, LedgerTransaction.key)
    )
    entries = joinedload(LedgerTransaction.entries).joinedload(LedgerEntry.account)
    return list(session.scalars(statement.options(entries)).unique())


def deposit_by_reference(session: Session, reference: str) -> Deposit | None:
    statement = select(Deposit).where(Deposit.reference == reference).with_for_update(of=Deposit)
    return session.scalars(statement.execution_options(populate_existing=True)).one_or_none()


def payment_by_reference(session: Session, reference: str) -> Payment | None:
    statement = select(Payment).where(Payment.reference == reference).with_for_update(of=Payment)
    return session.scalars(statement.execution_options(populate_existing=True)).one_or_none()


def receipt_by_bank_reference(session: Session, bank_reference: str) -> BankReceipt | None:
    return session.scalars(
        select(BankReceipt).where(BankReceipt.bank_reference == bank_reference)
    ).one_or_none()


def payment_of(session: Session, deal_id: uuid.UUID) -> Payment | None:
    return session.scalars(select(Payment).where(Payment.deal_id == deal_id)).one_or_none()


def deposit_of_deal(session: Session, deal_id: uuid.UUID) -> Deposit | None:
    return session.scalars(select(Deposit).where(Deposit.deal_id == deal_id)).one_or_none()


def deposit_of_registration(session: Session, registration_id: uuid.UUID) -> Deposit | None:
    statement = select(Deposit).where(Deposit.registration_id == registration_id)
    return session.scalars(statement).one_or_none()


def settlement_of(session: Session, deal_id: uuid.UUID, kind: PayoutKind) -> Settlement | None:
    statement = select(Settlement).where(Settlement.deal_id == deal_id, Settlement.kind == kind)
    return session.scalars(statement).one_or_none()


def settlements_on_lot(session: Session, lot_id: uuid.UUID) -> list[Settlement]:
    """Everything that was distributed on the lot, in its order."""
    statement = select(Settlement).where(Settlement.lot_id == lot_id)
    return list(session.scalars(statement.order_by(Settlement.settled_at, Settlement.id).limit(200)))


def payouts_of(session: Session, settlement_id: uuid.UUID) -> list[Payout]:
    statement = select(Payout).where(Payout.settlement_id == settlement_id).order_by(Payout.payee, Payout.id)
    return list(session.scalars(statement))


def next_deal_on_lot(session: Session, deal: Deal) -> Deal | None:
    """The next price that was agreed for the lot after this deal failed."""
    statement = (
        select(Deal)
        .where(Deal.lot_id == deal.lot_id, Deal.id != deal.id, Deal.agreed_at >= deal.agreed_at)
        .order_by(Deal.agreed_at)
    )
    return session.scalars(statement).first()


def deposit_of_bidder(session: Session, auction_id: uuid.UUID, institution_id: uuid.UUID) -> Deposit | None:
    """The deposit of a bidder in an auction, locked."""
    statement = (
        select(Deposit)
        .join(Registration, Registration.id == Deposit.registration_id)
        .where(Registration.auction_id == auction_id, Registration.institution_id == institution_id)
        .with_for_update(of=Deposit)
    )
    return session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
