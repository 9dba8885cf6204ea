"""The ledger's accounts of disputes and debts, and the movements between them."""

import uuid

from sqlalchemy.orm import Session

from payments import ledger
from payments.disputes.models import Debt, Dispute
from payments.ledger import AccountName, Posting, Purpose
from payments.rules import Method
from payments.service import books


def disputed(dispute: Dispute) -> AccountName:
    return AccountName(Purpose.DISPUTED, dispute.currency, dispute.lot_id, str(dispute.id))


def owed_by(debt: Debt) -> AccountName:
    """What the debtor owes on the lot; several debts of one debtor stand on it together."""
    return AccountName(Purpose.DEBT, debt.currency, debt.lot_id, debt.debtor)


def refund_due(lot_id: uuid.UUID, buyer_id: uuid.UUID, currency: str) -> AccountName:
    return AccountName(Purpose.REFUND_DUE, currency, lot_id, str(buyer_id))


def written_off(lot_id: uuid.UUID, currency: str) -> AccountName:
    return AccountName(Purpose.WRITTEN_OFF, currency, lot_id, "operator")


def owed_to_gateway(currency: str) -> AccountName:
    return AccountName(Purpose.OWED_TO_GATEWAY, currency, None, str(Method.STRIPE))


def taken_from(session: Session, method: Method, currency: str, minor: int) -> tuple[Posting, ...]:
    """Credits for what is taken out of a cash account: what the gateway does not hold, we owe it.

    A gateway takes money back even when its balance was paid out to the bank long ago; a bank does not.
    """
    cash = ledger.cash(method, currency)
    held = books.available(session, cash) if method is Method.STRIPE else minor
    here = min(held, minor)
    parts = ((cash, here), (owed_to_gateway(currency), minor - here))
    return tuple(Posting(account, -part) for account, part in parts if part)


def given_to(session: Session, method: Method, currency: str, minor: int) -> tuple[Posting, ...]:
    """Debits for what comes back: first what we owe the gateway, then its cash account."""
    owed = books.balance(session, owed_to_gateway(currency)) if method is Method.STRIPE else 0
    settled = min(owed, minor)
    parts = ((owed_to_gateway(currency), settled), (ledger.cash(method, currency), minor - settled))
    return tuple(Posting(account, part) for account, part in parts if part)
