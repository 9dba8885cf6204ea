"""Issuing documents: once for each occasion, numbered without gaps, never changed; invoices are corrected."""

import uuid
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import Select, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.access import Actor, Subject, Verb, require
from marketplace.canonical import digest
from marketplace.clock import LOCAL_ZONE, moment_text
from marketplace.config import Config
from marketplace.errors import NotFound
from marketplace.money import Money
from marketplace.notices.rules import NoticeKind
from marketplace.notices.service import notify
from marketplace.papers import new_code
from payments.documents import queries
from payments.documents.contents import correcting, deposits, payouts, prices, settlements
from payments.documents.drafts import Draft, party, platform
from payments.documents.models import Document, DocumentReader, DocumentSeries
from payments.documents.rules import check_correction, number_text
from payments.models import Deposit, GatewayCall, Payment, Payout, Settlement
from payments.service.acts import record

# How the content is laid out; a later program reads an older one by this.
LAYOUT = 1

Drafting = Callable[[Session, Any], Iterable[Draft]]


def _one(draft: Draft | None) -> list[Draft]:
    return [draft] if draft is not None else []


# What waits for documents, and which; in the order in which a deal lives.
DUE: tuple[tuple[Callable[[], Select[Any]], type[Any], Drafting], ...] = (
    (queries.unreceipted_deposits, Deposit, lambda _session, row: [deposits.receipt(row)]),
    (queries.unstated_payments, Payment, lambda session, row: [prices.statement(session, row)]),
    (queries.uninvoiced_payments, Payment, lambda session, row: [prices.invoice(session, row)]),
    (queries.unstated_settlements, Settlement, settlements.all_of),
    (queries.unadvised_payouts, Payout, lambda session, row: [payouts.advice(session, row)]),
    (queries.unreceipted_refunds, GatewayCall, lambda session, row: _one(payouts.refund(session, row))),
)


def issue_due(session: Session) -> bool:
    """Issue the documents of one deposit, payment, settlement or payout; True when there was one."""
    for waiting, table, drafting in DUE:
        row = queries.first_due(session, waiting(), table)
        if row is not None:
            for draft in drafting(session, row):
                issue(session, draft)
            return True
    return False


def issue(session: Session, draft: Draft, actor: Actor | None = None) -> Document | None:
    """Write a document down for ever and tell its readers; None when another worker was faster.

    The caller holds the lock on the row that it is about. Number and content stand in one transaction, so
    that a number is never drawn for nothing.
    """
    if queries.is_issued(session, draft.kind, draft.subject_id, draft.about, draft.edition):
        return None
    now = clock.now()
    year = now.astimezone(LOCAL_ZONE).year
    sequence = _next_number(session, draft, year)
    number, code = number_text(draft.kind, year, sequence), new_code()
    content = _content(session, draft, number, code, now)
    document = Document(
        kind=draft.kind,
        issuer=draft.series,
        year=year,
        sequence=sequence,
        number=number,
        issuer_id=draft.issuer.id if draft.issuer else None,
        recipient_id=draft.recipient_id,
        recipient=content["recipient"]["name"],
        lot_id=draft.lot.id if draft.lot else None,
        deal_id=draft.deal_id,
        subject_id=draft.subject_id,
        about=draft.about,
        edition=draft.edition,
        currency=draft.currency,
        net_minor=draft.taxed.net,
        tax_minor=draft.taxed.tax,
        total_minor=draft.taxed.gross,
        corrects_id=draft.corrects_id,
        replaces_id=draft.replaces_id,
        content=content,
        digest=digest(content),
        code=code,
        issued_at=now,
        issued_by_id=actor.person_id if actor else None,
        readers=[DocumentReader(institution_id=reader) for reader in sorted(draft.all_readers)],
    )
    session.add(document)
    session.flush()
    _tell(session, document, actor)
    return document


def correct(session: Session, actor: Actor, document_id: uuid.UUID, reason: str) -> tuple[Document, Document]:
    """Take an invoice back whole by a credit note, and issue it anew from what is known now.

    Returns:
        The credit note and the new invoice.

    Raises:
        Refused: it is no invoice, was corrected before, or no reason is given.
        NotFound, NotAllowed: as `access.require`.
    """
    statement = select(Document).where(Document.id == document_id).with_for_update(of=Document)
    invoice = session.scalars(statement).one_or_none()
    if invoice is None:
        raise NotFound("document")
    readers = frozenset(reader.institution_id for reader in invoice.readers)
    require(actor, Verb.SEE_DOCUMENT, Subject(parties=readers))
    require(actor, Verb.CORRECT_INVOICE, Subject(owner_id=invoice.issuer_id, parties=readers))
    credited = queries.credit_note_of(session, invoice.id) is not None
    text = check_correction(invoice.kind, reason, credited=credited)
    credit = issue(session, correcting.credit_note(session, invoice, text), actor)
    renewed = issue(session, correcting.renewed(session, invoice), actor)
    if credit is None or renewed is None:
        raise AssertionError("corrected by another at the same moment, in spite of the lock")
    return credit, renewed


def _next_number(session: Session, draft: Draft, year: int) -> int:
    """The next number of the series, under its lock: whoever rolls back gives it back."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    values = {"id": uuid.uuid4(), "issuer": draft.series, "kind": draft.kind, "year": year, "last": 0}
    opened = dialect.insert(DocumentSeries).values([values])
    session.execute(opened.on_conflict_do_nothing(index_elements=["issuer", "kind", "year"]))
    statement = (
        select(DocumentSeries)
        .where(
            DocumentSeries.issuer == draft.series,
            DocumentSeries.kind == draft.kind,
            DocumentSeries.year == year,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    series = session.scalars(statement).one()
    series.last += 1
    return series.last


def _content(session: Session, draft: Draft, number: str, code: str, now: datetime) -> dict[str, Any]:
    settings: Config = current_app.extensions["settings"]
    name = settings.marketplace_name
    issuer = party(session, draft.issuer) if draft.issuer else platform(session, name)
    lot = {"reference": draft.lot.reference, "title": draft.lot.title} if draft.lot else None
    taxed = draft.taxed
    return {
        "layout": LAYOUT,
        "kind": str(draft.kind),
        "number": number,
        "code": code,
        "issued_at": moment_text(now),
        "marketplace": name,
        "issuer": issuer,
        "recipient": party(session, draft.recipient),
        "lot": lot,
        "deal": str(draft.deal_id) if draft.deal_id else "",
        "currency": draft.currency,
        "totals": {"net": taxed.net, "tax": taxed.tax, "gross": taxed.gross},
    } | draft.body


def _tell(session: Session, document: Document, actor: Actor | None) -> None:
    record(session, "issue_document", document.id, actor, number=document.number, digest=document.digest)
    for reader in document.readers:
        notify(
            session,
            reader.institution_id,
            NoticeKind.DOCUMENT_ISSUED,
            f"/money/documents/{document.id}",
            title=document.number,
            amount=Money(document.total_minor, document.currency),
        )
