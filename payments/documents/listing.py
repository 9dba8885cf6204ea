"""Documents as rows of a table or as JSON, for the books of accounts."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from marketplace.clock import moment_text
from marketplace.money import decimal_text
from marketplace.spreadsheets import csv_text
from payments.documents import queries
from payments.documents.models import Document
from payments.documents.rules import DocumentKind, percent_text
from payments.funds.sheets import amount_cell, workbook

COLUMNS = (
    "number", "kind", "issued_at", "issuer", "issuer_tax_number", "recipient", "recipient_tax_number", "lot",
    "deal", "currency", "net", "tax", "total", "rates", "corrects", "replaces", "digest",
)  # fmt: skip
AMOUNTS = ("net", "tax", "total")

# A journal of more is asked for in parts, by its dates.
MOST_ROWS = 20_000


def row_of(document: Document) -> dict[str, str]:
    """A document in columns; a credit note's amounts are negative, so that the journal adds up."""
    content, sign = document.content, -1 if document.kind is DocumentKind.CREDIT_NOTE else 1
    amounts = zip(AMOUNTS, (document.net_minor, document.tax_minor, document.total_minor), strict=True)
    return {
        "number": document.number,
        "kind": str(document.kind),
        "issued_at": moment_text(document.issued_at),
        "issuer": content["issuer"]["name"],
        "issuer_tax_number": _tax_number(content["issuer"]),
        "recipient": document.recipient,
        "recipient_tax_number": _tax_number(content["recipient"]),
        "lot": content["lot"]["reference"] if content["lot"] else "",
        "deal": content["deal"],
        "currency": document.currency,
        **{name: decimal_text(sign * minor, document.currency) for name, minor in amounts},
        "rates": ";".join(_rate(line) for line in content.get("lines", ())),
        "corrects": content.get("corrects", {}).get("number", ""),
        "replaces": content.get("replaces", {}).get("number", ""),
        "digest": document.digest,
    }


def journal_csv(documents: Iterable[Document]) -> str:
    """The journal as a table of text; a negative amount is a plain number and no formula."""
    rows = (row_of(document) for document in documents)
    return csv_text(COLUMNS, rows)


def journal_xlsx(documents: Iterable[Document], title: str) -> bytes:
    """The journal as a workbook: amounts are numbers, everything else is text."""
    made = []
    for document in documents:
        row: dict[str, Any] = dict(row_of(document))
        sign = -1 if document.kind is DocumentKind.CREDIT_NOTE else 1
        minors = (document.net_minor, document.tax_minor, document.total_minor)
        row |= {
            name: amount_cell(sign * minor, document.currency)
            for name, minor in zip(AMOUNTS, minors, strict=True)
        }
        made.append([row[name] for name in COLUMNS])
    return workbook([(title, COLUMNS, made)], "CNY")


def since(session: Session, moment: datetime | None) -> list[dict[str, str]]:
    """Every document issued since a moment, oldest first, at most `MOST_ROWS`."""
    statement = queries.readable(None, since=moment).order_by(None)
    statement = statement.order_by(Document.issued_at, Document.number, Document.id).limit(MOST_ROWS)
    return [row_of(document) for document in session.scalars(statement)]


def _tax_number(party: dict[str, str]) -> str:
    return party.get("tax_number") or party.get("number", "")


def _rate(line: dict[str, Any]) -> str:
    points = line["basis_points"]
    return "" if points is None else percent_text(points)
