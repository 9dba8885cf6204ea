"""Payouts that the gateway makes: asked for once two persons have released them, paid once it is there."""

from sqlalchemy.orm import Session

from marketplace import clock
from payments import ledger
from payments import queries as payment_queries
from payments.connect import queries
from payments.connect.rules import Payee, by_transfer
from payments.disputes.models import Debt
from payments.models import GatewayCall, Payment, Payout
from payments.rules import CallVerb, Method, PaymentStatus
from payments.service import books
from payments.ways import REVERSIBLE

# What stands in `Payout.transfer_object` from the release until the gateway has answered.
ASKED = "asked"


def prepare_transfer(session: Session, payout: Payout) -> bool:
    """Write down the transfer of an approved payout; False where the bank has to pay it."""
    account = queries.account_of(session, payout.institution_id) if payout.institution_id else None
    if account is None or payout.lot_id is None:
        return False
    held = books.available(session, ledger.cash(Method.STRIPE, payout.currency))
    payee = Payee(payout.kind, payout.amount_minor, account.country, account.ready, held)
    if not by_transfer(payee):
        return False
    _call(session, CallVerb.TRANSFER, payout, payout.amount_minor, account.gateway_object)
    payout.transfer_object = ASKED
    return True


def charge_behind(session: Session, payout: Payout) -> str:
    """The charge that paid the sale, where it is one that settles later; empty for money that is here."""
    deal_id = payout.settlement.deal_id if payout.settlement is not None else None
    payment: Payment | None = payment_queries.payment_of(session, deal_id) if deal_id else None
    if payment is None or payment.status is not PaymentStatus.SUCCEEDED or payment.way not in REVERSIBLE:
        return ""
    return payment.gateway_object if payment.amount_minor >= payout.amount_minor else ""


def reverse(session: Session, debt: Debt) -> bool:
    """Ask the gateway to take back what a debtor was paid by transfer; False where the bank has paid it."""
    payout = session.get(Payout, debt.payout_id) if debt.payout_id else None
    if payout is None or not payout.transfer_object or payout.transfer_object == ASKED:
        return False
    now = clock.now()
    session.add(
        GatewayCall(
            method=Method.STRIPE,
            verb=CallVerb.REVERSE,
            subject_id=debt.id,
            amount_minor=min(debt.open_minor, payout.amount_minor),
            currency=debt.currency,
            gateway_object=payout.transfer_object,
            prepared_at=now,
            due_at=now,
        )
    )
    session.flush()
    return True


def _call(session: Session, verb: CallVerb, payout: Payout, minor: int, gateway_object: str) -> None:
    now = clock.now()
    session.add(
        GatewayCall(
            method=Method.STRIPE,
            verb=verb,
            subject_id=payout.id,
            amount_minor=minor,
            currency=payout.currency,
            gateway_object=gateway_object,
            prepared_at=now,
            due_at=now,
        )
    )
    session.flush()
