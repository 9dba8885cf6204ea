"""Named selects of disputes, debts and decisions; those that start with `lock_` hold the row."""

import uuid
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import Session

from marketplace.due import take_first
from marketplace.errors import NotFound
from payments.bank.models import BankLine, LineMatch, LineState, PaymentOrder
from payments.bank.rules.words import OrderStatus
from payments.disputes.models import Debt, Dispute, DisputeEvidence, MoneyDecision, SettlementCorrection
from payments.disputes.rules import DebtCause, DebtStatus, DecisionKind, DisputeStatus
from payments.ledger import Purpose
from payments.models import Account, BankReceipt, Deposit, Payment, Payout, Settlement
from payments.rules import ENDED_PAYOUTS

LIMIT = 100


def find_dispute(session: Session, dispute_id: uuid.UUID) -> Dispute:
    """The dispute; raises NotFound."""
    dispute = session.get(Dispute, dispute_id)
    if dispute is None:
        raise NotFound("dispute")
    return dispute


def lock_dispute(session: Session, dispute_id: uuid.UUID) -> Dispute:
    """The dispute, read anew and locked; raises NotFound."""
    statement = select(Dispute).where(Dispute.id == dispute_id).with_for_update(of=Dispute)
    dispute = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if dispute is None:
        raise NotFound("dispute")
    return dispute


def dispute_at_gateway(session: Session, gateway_object: str) -> Dispute | None:
    """The dispute with that id at the gateway, locked."""
    statement = select(Dispute).where(Dispute.gateway_object == gateway_object).with_for_update(of=Dispute)
    return session.scalars(statement.execution_options(populate_existing=True)).one_or_none()


def disputes() -> Select[Dispute]:
    """All, the open ones first, by the deadline for evidence."""
    return select(Dispute).order_by(Dispute.closed_at.is_not(None), Dispute.due_by, Dispute.opened_at.desc())


def disputes_of_sale(session: Session, deal_id: uuid.UUID) -> list[Dispute]:
    statement = select(Dispute).where(Dispute.deal_id == deal_id).order_by(Dispute.opened_at)
    return list(session.scalars(statement.limit(LIMIT)))


def open_disputes_of(session: Session, deal_id: uuid.UUID) -> list[Dispute]:
    return [dispute for dispute in disputes_of_sale(session, deal_id) if dispute.status is DisputeStatus.OPEN]


def open_dispute_of_receipt(session: Session, row: Deposit | Payment) -> Dispute | None:
    """An open dispute about money that came in for this deposit or payment."""
    column = Dispute.deposit_id if isinstance(row, Deposit) else Dispute.payment_id
    statement = select(Dispute).where(column == row.id, Dispute.status == DisputeStatus.OPEN)
    return session.scalars(statement).first()


def receipt_by_line(session: Session, bank_reference: str) -> BankReceipt | None:
    statement = select(BankReceipt).where(BankReceipt.bank_reference == bank_reference)
    return session.scalars(statement).one_or_none()


def money_by_line(session: Session, line: str) -> tuple[Deposit | Payment, int] | None:
    """What came by a line of the bank statement, and how much: confirmed by hand, or matched."""
    receipt = receipt_by_line(session, line)
    found: BankReceipt | LineMatch | None = receipt
    minor = receipt.amount_minor if receipt is not None else 0
    if found is None:
        statement = (
            select(LineMatch, BankLine.amount_minor)
            .join(LineState, LineState.match_id == LineMatch.id)
            .join(BankLine, BankLine.id == LineMatch.line_id)
            .where(BankLine.bank_reference == line)
        )
        match = session.execute(statement.limit(1)).first()
        found, minor = (match[0], match[1]) if match is not None else (None, 0)
    if found is None:
        return None
    if found.payment_id is not None:
        return session.get_one(Payment, found.payment_id), minor
    return (session.get_one(Deposit, found.deposit_id), minor) if found.deposit_id is not None else None


def lock_money(session: Session, row: Deposit | Payment) -> None:
    """Lock the deposit or payment that money came in for."""
    table = type(row)
    session.execute(select(table.id).where(table.id == row.id).with_for_update())


def concerns(payout: type[Payout] = Payout) -> ColumnElement[bool]:
    """Whether a payout is of the sale that a dispute is about, or goes back to the one who disputes."""
    of_sale = exists().where(Settlement.id == payout.settlement_id, Settlement.deal_id == Dispute.deal_id)
    of_payer = and_(payout.lot_id == Dispute.lot_id, payout.institution_id == Dispute.institution_id)
    return or_(of_sale, of_payer)


def open_dispute_about(session: Session, payout: Payout) -> Dispute | None:
    """The open dispute that keeps a payout here, the one with the latest deadline."""
    statement = (
        select(Dispute)
        .join(Payout, concerns())
        .where(Payout.id == payout.id, Dispute.status == DisputeStatus.OPEN)
        .order_by(Dispute.due_by.desc())
    )
    return session.scalars(statement).first()


def open_dispute_on_sale(session: Session, deal_id: uuid.UUID) -> bool:
    statement = select(Dispute.id).where(Dispute.deal_id == deal_id, Dispute.status == DisputeStatus.OPEN)
    return session.scalar(statement.limit(1)) is not None


def lock_payouts_on_lot(session: Session, lot_id: uuid.UUID) -> list[Payout]:
    """What has still to be paid on a lot, locked in one order, so that nobody releases it meanwhile."""
    statement = (
        select(Payout)
        .where(Payout.lot_id == lot_id, Payout.status.not_in(ENDED_PAYOUTS))
        .order_by(Payout.id)
        .with_for_update(of=Payout)
    )
    return list(session.scalars(statement.execution_options(populate_existing=True)))


def lock_payouts_of(session: Session, settlement_id: uuid.UUID) -> list[Payout]:
    """The payouts of a settlement, paid or not, locked."""
    statement = (
        select(Payout)
        .where(Payout.settlement_id == settlement_id)
        .order_by(Payout.id)
        .with_for_update(of=Payout)
    )
    return list(session.scalars(statement.execution_options(populate_existing=True)))


def find_debt(session: Session, debt_id: uuid.UUID) -> Debt:
    """The debt; raises NotFound."""
    debt = session.get(Debt, debt_id)
    if debt is None:
        raise NotFound("debt")
    return debt


def lock_debt(session: Session, debt_id: uuid.UUID) -> Debt:
    """The debt, read anew and locked; raises NotFound."""
    statement = select(Debt).where(Debt.id == debt_id).with_for_update(of=Debt)
    debt = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if debt is None:
        raise NotFound("debt")
    return debt


def debts() -> Select[Debt]:
    """All, the open ones first, the oldest before the others."""
    return select(Debt).order_by(Debt.ended_at.is_not(None), Debt.arose_at, Debt.id)


def own_debts(institution_id: uuid.UUID) -> Select[Debt]:
    return debts().where(Debt.institution_id == institution_id)


def debts_of_sale(session: Session, deal_id: uuid.UUID) -> list[Debt]:
    statement = select(Debt).where(Debt.deal_id == deal_id).order_by(Debt.arose_at, Debt.id)
    return list(session.scalars(statement.limit(LIMIT)))


def price_owed_again(session: Session, deal_id: uuid.UUID) -> list[Debt]:
    """Open debts of the buyer: parts of the price that were taken back. Locked."""
    statement = (
        select(Debt)
        .where(Debt.deal_id == deal_id, Debt.cause == DebtCause.DISPUTE_LOST, Debt.status == DebtStatus.OPEN)
        .order_by(Debt.id)
        .with_for_update(of=Debt)
    )
    return list(session.scalars(statement.execution_options(populate_existing=True)))


def price_taken_back(session: Session, payout: Payout) -> bool:
    """Whether a part of the price behind this payout was taken back for good and is not paid again."""
    statement = (
        select(Debt.id)
        .join(Settlement, Settlement.deal_id == Debt.deal_id)
        .where(Settlement.id == payout.settlement_id)
        .where(Debt.cause == DebtCause.DISPUTE_LOST, Debt.status == DebtStatus.OPEN)
    )
    return session.scalar(statement.limit(1)) is not None


def debt_to_remind(session: Session, now: datetime) -> Debt | None:
    statement = (
        select(Debt)
        .where(Debt.status == DebtStatus.OPEN, Debt.remind_at <= now, Debt.institution_id.is_not(None))
        .order_by(Debt.remind_at)
    )
    return take_first(session, statement, Debt)


def payouts_to_set_off(session: Session, debt: Debt) -> list[Payout]:
    """What the debtor is still to be paid, and could cover the debt."""
    statement = select(Payout).where(
        Payout.status.not_in(ENDED_PAYOUTS),
        Payout.currency == debt.currency,
        Payout.institution_id == debt.institution_id,
    )
    return list(session.scalars(statement.order_by(Payout.due_at, Payout.id).limit(LIMIT)))


def lock_decision(session: Session, decision_id: uuid.UUID) -> MoneyDecision:
    """The decision, read anew and locked; raises NotFound."""
    statement = select(MoneyDecision).where(MoneyDecision.id == decision_id)
    statement = statement.with_for_update(of=MoneyDecision).execution_options(populate_existing=True)
    decision = session.scalars(statement).one_or_none()
    if decision is None:
        raise NotFound("decision")
    return decision


def waiting_decisions(session: Session) -> list[MoneyDecision]:
    """What waits for a second person, the oldest first."""
    statement = select(MoneyDecision).where(MoneyDecision.agreed.is_(None))
    return list(session.scalars(statement.order_by(MoneyDecision.proposed_at).limit(LIMIT)))


def decisions_of_sale(session: Session, deal_id: uuid.UUID) -> list[MoneyDecision]:
    statement = select(MoneyDecision).where(MoneyDecision.deal_id == deal_id)
    return list(session.scalars(statement.order_by(MoneyDecision.proposed_at).limit(LIMIT)))


def waiting_decision(
    session: Session, kind: DecisionKind, *, deal_id: uuid.UUID | None, debt_id: uuid.UUID | None
) -> MoneyDecision | None:
    statement = select(MoneyDecision).where(
        MoneyDecision.kind == kind,
        MoneyDecision.deal_id == deal_id,
        MoneyDecision.debt_id == debt_id,
        MoneyDecision.agreed.is_(None),
    )
    return session.scalars(statement).first()


def evidence_of(session: Session, dispute_id: uuid.UUID) -> list[DisputeEvidence]:
    statement = select(DisputeEvidence).where(DisputeEvidence.dispute_id == dispute_id)
    return list(session.scalars(statement.order_by(DisputeEvidence.handed_in_at).limit(LIMIT)))


def corrections_of(session: Session, deal_id: uuid.UUID) -> list[SettlementCorrection]:
    statement = (
        select(SettlementCorrection)
        .join(Settlement, Settlement.id == SettlementCorrection.settlement_id)
        .where(Settlement.deal_id == deal_id)
        .order_by(SettlementCorrection.corrected_at)
    )
    return list(session.scalars(statement.limit(LIMIT)))


def decisions_about(session: Session, debt_id: uuid.UUID) -> list[MoneyDecision]:
    statement = select(MoneyDecision).where(MoneyDecision.debt_id == debt_id)
    return list(session.scalars(statement.order_by(MoneyDecision.proposed_at).limit(LIMIT)))


def owed_to_gateway(session: Session) -> list[Account]:
    """What we owe the gateway for money it took back beyond what it held, per currency."""
    statement = select(Account).where(Account.purpose == Purpose.OWED_TO_GATEWAY, Account.balance_minor != 0)
    return list(session.scalars(statement.order_by(Account.code).limit(LIMIT)))


def is_ordered_from_bank(session: Session, payout_id: uuid.UUID) -> bool:
    """Whether a payout stands in a file for the bank that was not withdrawn."""
    statement = select(PaymentOrder.id).where(
        PaymentOrder.payout_id == payout_id, PaymentOrder.status != OrderStatus.WITHDRAWN
    )
    return session.scalar(statement.limit(1)) is not None
