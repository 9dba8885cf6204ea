"""What must hold of documents at all times: each check returns what breaks it, and must return nothing."""

from collections.abc import Callable

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from marketplace.canonical import digest
from payments.documents import queries
from payments.documents.models import Document, DocumentSeries
from payments.documents.rules import DocumentKind
from payments.ledger import Purpose
from payments.models import Account, LedgerEntry, LedgerTransaction, Settlement
from payments.waterfall import Step

# A broken invariant is told by its first rows; nobody reads a thousand.
SHOWN = 100
_BATCH = 500


def gaps_in_numbers(session: Session) -> list[str]:
    """Every number from 1 to the last of its series was issued, once."""
    last = func.coalesce(func.max(Document.sequence), 0)
    first = func.coalesce(func.min(Document.sequence), 1)
    same = and_(
        Document.issuer == DocumentSeries.issuer,
        Document.kind == DocumentSeries.kind,
        Document.year == DocumentSeries.year,
    )
    statement = (
        select(DocumentSeries.issuer, DocumentSeries.kind, DocumentSeries.year, DocumentSeries.last)
        .outerjoin(Document, same)
        .group_by(DocumentSeries.id, DocumentSeries.issuer, DocumentSeries.kind, DocumentSeries.year)
        .having(or_(last != DocumentSeries.last, func.count(Document.id) != DocumentSeries.last, first != 1))
    )
    rows = session.execute(statement.limit(SHOWN))
    return [
        f"series {issuer} {kind} {year} says {number}, its documents differ"
        for issuer, kind, year, number in rows
    ]


def changed_contents(session: Session) -> list[str]:
    """A document's digest is that of its content, and its columns say what the content says."""
    found: list[str] = []
    for document in session.scalars(select(Document).execution_options(yield_per=_BATCH)):
        content = document.content
        totals = {"net": document.net_minor, "tax": document.tax_minor, "gross": document.total_minor}
        fits = (
            digest(content) == document.digest
            and content["totals"] == totals
            and content["number"] == document.number
            and content["code"] == document.code
            and content["currency"] == document.currency
        )
        if not fits:
            found.append(f"document {document.number} of {document.issuer} is not what was issued")
        if len(found) == SHOWN:
            break
    return found


def totals_that_do_not_add_up(session: Session) -> list[str]:
    """Net and tax are the total, and no amount is negative."""
    statement = select(Document.number, Document.issuer).where(
        or_(
            Document.net_minor + Document.tax_minor != Document.total_minor,
            Document.net_minor < 0,
            Document.tax_minor < 0,
        )
    )
    return [
        f"document {number} of {issuer} does not add up"
        for number, issuer in session.execute(statement.limit(SHOWN))
    ]


def invoices_other_than_the_ledger(session: Session) -> list[str]:
    """What is invoiced for commissions, less what was taken back, is what the ledger gave for them."""
    credit = aliased(Document)
    invoiced = (
        select(Document.subject_id, Document.issuer, func.sum(Document.total_minor).label("minor"))
        .outerjoin(credit, credit.corrects_id == Document.id)
        .where(
            Document.kind == DocumentKind.INVOICE, Document.about.like("commission:%"), credit.id.is_(None)
        )
        .group_by(Document.subject_id, Document.issuer)
        .subquery()
    )
    booked = (
        select(
            LedgerTransaction.subject_id,
            Account.party,
            func.sum(-LedgerEntry.amount_minor).label("minor"),
        )
        .join(LedgerEntry, LedgerEntry.transaction_id == LedgerTransaction.id)
        .join(Account, Account.id == LedgerEntry.account_id)
        .where(Account.purpose == Purpose.COMMISSION, LedgerTransaction.key.like("settlement:%"))
        .group_by(LedgerTransaction.subject_id, Account.party)
        .subquery()
    )
    same = and_(booked.c.subject_id == invoiced.c.subject_id, booked.c.party == invoiced.c.issuer)
    statement = (
        select(invoiced.c.subject_id, invoiced.c.issuer, invoiced.c.minor, booked.c.minor)
        .outerjoin(booked, same)
        .where(func.coalesce(booked.c.minor, 0) != invoiced.c.minor)
    )
    rows = session.execute(statement.limit(SHOWN))
    return [f"settlement {row[0]}: {row[1]} invoiced {row[2]}, the ledger says {row[3]}" for row in rows]


def credits_other_than_invoices(session: Session) -> list[str]:
    """A credit note takes back an invoice of the same issuer and currency, to the fen and not more."""
    invoice = aliased(Document)
    lacking = or_(
        invoice.id.is_(None),
        invoice.kind != DocumentKind.INVOICE,
        invoice.issuer != Document.issuer,
        invoice.currency != Document.currency,
        invoice.total_minor != Document.total_minor,
        invoice.tax_minor != Document.tax_minor,
    )
    statement = (
        select(Document.number, Document.issuer)
        .outerjoin(invoice, invoice.id == Document.corrects_id)
        .where(Document.kind == DocumentKind.CREDIT_NOTE, lacking)
    )
    rows = session.execute(statement.limit(SHOWN))
    return [f"credit note {number} of {issuer} takes back no such invoice" for number, issuer in rows]


def settlements_told_otherwise(session: Session) -> list[str]:
    """A settlement's statement tells what the settlement distributed."""
    statement = (
        select(Document.number, Document.total_minor, Settlement.received_minor)
        .join(Settlement, Settlement.id == Document.subject_id)
        .where(
            Document.kind == DocumentKind.SETTLEMENT_STATEMENT,
            Document.total_minor != Settlement.received_minor,
        )
    )
    rows = session.execute(statement.limit(SHOWN))
    return [f"statement {row[0]} says {row[1]}, its settlement {row[2]}" for row in rows]


def waiting_for_documents(session: Session) -> list[str]:
    """After the worker nothing waits for a document: deposit, payment, settlement, payout or refund."""
    found: list[str] = []
    waiting: tuple[tuple[str, Callable[[], Select[object]]], ...] = (
        ("deposit", queries.unreceipted_deposits),
        ("payment", queries.unstated_payments),
        ("price", queries.uninvoiced_payments),
        ("settlement", queries.unstated_settlements),
        ("payout", queries.unadvised_payouts),
        ("refund", queries.unreceipted_refunds),
    )
    for name, statement in waiting:
        rows = session.scalars(statement().limit(SHOWN))
        found += [f"{name} {row.id} has no document" for row in rows]  # type: ignore[attr-defined]
    return found


def commissions_without_invoice(session: Session) -> list[str]:
    """Every commission of one of our institutions that a settlement paid was invoiced."""
    made = select(Document.subject_id, Document.about).where(Document.about.like("commission:%"))
    invoiced = {(subject, about) for subject, about in session.execute(made)}
    stated = select(Document.subject_id).where(Document.kind == DocumentKind.SETTLEMENT_STATEMENT)
    found: list[str] = []
    for row in session.scalars(
        select(Settlement).where(Settlement.id.in_(stated)).execution_options(yield_per=_BATCH)
    ):
        found += [
            f"settlement {row.id}: the commission of {line['name']} is not invoiced"
            for place, line in enumerate(row.lines)
            if Step(line["step"]) in {Step.COMMISSION, Step.BUYER_COMMISSION}
            and line["paid"]
            and line["party"] != line["name"]
            and (row.id, f"commission:{place}") not in invoiced
        ]
        if len(found) >= SHOWN:
            break
    return found[:SHOWN]


CHECKS: tuple[tuple[str, Callable[[Session], list[str]]], ...] = (
    ("the numbers of documents have no gaps", gaps_in_numbers),
    ("every document is what was issued", changed_contents),
    ("every document adds up", totals_that_do_not_add_up),
    ("commissions are invoiced as the ledger paid them", invoices_other_than_the_ledger),
    ("every credit note takes back its invoice", credits_other_than_invoices),
    ("statements tell what was settled", settlements_told_otherwise),
    ("nothing waits for a document", waiting_for_documents),
    ("every commission is invoiced", commissions_without_invoice),
)
