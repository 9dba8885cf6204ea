"""Which documents there are, and what waits for one; every list pages or has a limit."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, String, cast, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, selectinload

from marketplace.deals.models import Deal
from marketplace.due import take_first
from marketplace.listings.models import Lot
from marketplace.parties.models import Institution
from marketplace.taxes import Treatment, countries
from payments.documents.models import Document, DocumentReader
from payments.documents.rules import JOURNAL, DocumentKind
from payments.models import Deposit, GatewayCall, Payment, Payout, Settlement
from payments.rules import CallStatus, CallVerb, DepositStatus, PaymentStatus, PayoutStatus
from payments.taxes.models import ContractRegistration

# A deposit in one of these has been held in its present attempt.
WAS_HELD = (DepositStatus.HELD, DepositStatus.APPLIED, DepositStatus.RELEASED, DepositStatus.FORFEITED)
MOST = 1000


def _issued(kinds: Sequence[DocumentKind], subject: InstrumentedAttribute[uuid.UUID]) -> ColumnElement[bool]:
    return exists().where(Document.subject_id == subject, Document.kind.in_(kinds))


def unreceipted_deposits() -> Select[Deposit]:
    """Deposits that are or were held, without the receipt of that attempt."""
    receipt = exists().where(
        Document.subject_id == Deposit.id,
        Document.kind == DocumentKind.DEPOSIT_RECEIPT,
        Document.about == cast(Deposit.attempt, String),
    )
    statement = select(Deposit).where(Deposit.status.in_(WAS_HELD), Deposit.held_at.is_not(None), ~receipt)
    return statement.order_by(Deposit.held_at, Deposit.id)


def unstated_payments() -> Select[Payment]:
    """Payments that have succeeded, without the buyer's statement."""
    stated = _issued((DocumentKind.PRICE_STATEMENT,), Payment.id)
    return (
        select(Payment)
        .where(Payment.status == PaymentStatus.SUCCEEDED, ~stated)
        .order_by(Payment.prepared_at, Payment.id)
    )


def uninvoiced_payments() -> Select[Payment]:
    """Payments of prices whose tax is determined, without the seller's invoice.

    An exempt price is invoiced once the registration of its contract is recorded.
    """
    registered = exists().where(ContractRegistration.deal_id == Payment.deal_id)
    determined = or_(
        Lot.price_tax.in_((Treatment.GENERAL, Treatment.SMALL_SCALE)),
        (Lot.price_tax == Treatment.EXEMPT) & registered,
    )
    return (
        select(Payment)
        .join(Deal, Deal.id == Payment.deal_id)
        .join(Lot, Lot.id == Deal.lot_id)
        .join(Institution, Institution.id == Lot.institution_id)
        .where(Payment.status == PaymentStatus.SUCCEEDED, determined)
        .where(Institution.country.in_(countries()), ~_issued((DocumentKind.INVOICE,), Payment.id))
        .order_by(Payment.prepared_at, Payment.id)
    )


def unstated_settlements() -> Select[Settlement]:
    stated = _issued((DocumentKind.SETTLEMENT_STATEMENT,), Settlement.id)
    return select(Settlement).where(~stated).order_by(Settlement.settled_at, Settlement.id)


def unadvised_payouts() -> Select[Payout]:
    """Payouts that are paid, without an advice or receipt."""
    told = _issued((DocumentKind.PAYOUT_ADVICE, DocumentKind.REFUND_RECEIPT), Payout.id)
    return select(Payout).where(Payout.status == PayoutStatus.PAID, ~told).order_by(Payout.paid_at, Payout.id)


def unreceipted_refunds() -> Select[GatewayCall]:
    """Amounts that the gateway has given back, without a receipt."""
    told = _issued((DocumentKind.REFUND_RECEIPT,), GatewayCall.id)
    return (
        select(GatewayCall)
        .where(
            GatewayCall.verb == CallVerb.REFUND,
            GatewayCall.status == CallStatus.ANSWERED,
            GatewayCall.amount_minor > 0,
            or_(GatewayCall.payment_id.is_not(None), GatewayCall.deposit_id.is_not(None)),
            ~told,
        )
        .order_by(GatewayCall.answered_at, GatewayCall.id)
    )


def first_due(session: Session, statement: Select[object], table: type) -> object | None:
    """The first row of such a select, locked; None where nothing is due."""
    return take_first(session, statement, table)


def settlements_on(session: Session, lot_id: uuid.UUID) -> list[Settlement]:
    statement = select(Settlement).where(Settlement.lot_id == lot_id).order_by(Settlement.settled_at)
    return list(session.scalars(statement.limit(MOST)))


def is_issued(
    session: Session, kind: DocumentKind, subject_id: uuid.UUID, about: str, edition: int = 1
) -> bool:
    """Whether the document is there by now, perhaps from another worker."""
    statement = select(func.count()).where(
        Document.kind == kind,
        Document.subject_id == subject_id,
        Document.about == about,
        Document.edition == edition,
    )
    return bool(session.scalar(statement))


def document(session: Session, document_id: uuid.UUID) -> Document | None:
    statement = select(Document).where(Document.id == document_id).options(selectinload(Document.readers))
    return session.scalars(statement).one_or_none()


def by_code(session: Session, code: str) -> Document | None:
    return session.scalars(select(Document).where(Document.code == code)).one_or_none()


def credit_note_of(session: Session, document_id: uuid.UUID) -> Document | None:
    """The credit note that takes an invoice back."""
    return session.scalars(select(Document).where(Document.corrects_id == document_id)).one_or_none()


def replacement_of(session: Session, document_id: uuid.UUID) -> Document | None:
    """The invoice that replaces this one."""
    return session.scalars(select(Document).where(Document.replaces_id == document_id)).one_or_none()


def readable(
    institution_id: uuid.UUID | None,
    *,
    kind: DocumentKind | None = None,
    lot: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> Select[Document]:
    """Documents that an institution may read, or all for None, newest first.

    `lot` is part of a lot's reference or title; `until` is not included.
    """
    statement = select(Document)
    if institution_id is not None:
        mine = select(DocumentReader.document_id).where(DocumentReader.institution_id == institution_id)
        statement = statement.where(Document.id.in_(mine))
    if kind is not None:
        statement = statement.where(Document.kind == kind)
    if lot:
        named = or_(Lot.reference.icontains(lot, autoescape=True), Lot.title.icontains(lot, autoescape=True))
        statement = statement.where(Document.lot_id.in_(select(Lot.id).where(named)))
    if since is not None:
        statement = statement.where(Document.issued_at >= since)
    if until is not None:
        statement = statement.where(Document.issued_at < until)
    return statement.order_by(Document.issued_at.desc(), Document.number.desc(), Document.id)


def of_deal(session: Session, institution_id: uuid.UUID | None, deal_id: uuid.UUID) -> list[Document]:
    """The documents of a deal and its deposit that this reader may see, in the order of issue."""
    deposits = select(Deposit.id).where(Deposit.deal_id == deal_id)
    about = or_(Document.deal_id == deal_id, Document.subject_id.in_(deposits))
    statement = readable(institution_id).where(about).order_by(None)
    return list(session.scalars(statement.order_by(Document.issued_at, Document.number).limit(MOST)))


def journal(
    institution_id: uuid.UUID | None, *, since: datetime | None = None, until: datetime | None = None
) -> Select[Document]:
    """The invoice journal: every invoice and credit note, in the order of issue."""
    statement = (
        readable(institution_id, since=since, until=until).where(Document.kind.in_(JOURNAL)).order_by(None)
    )
    return statement.order_by(Document.issued_at, Document.number, Document.id)
