"""Every check of documents finds what breaks it: planted by raw SQL, with the guards off."""

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from marketplace.clock import FixedClock
from marketplace.db import atomic
from payments.documents import invariants, service
from payments.documents.rules import DocumentKind

from .documents_story import a_story, broken, documents, issue, paid_out

PLANTS = [
    ("the numbers of documents have no gaps", "UPDATE document_series SET last = last + 1"),
    (
        "the numbers of documents have no gaps",
        "UPDATE documents SET sequence = 9 WHERE kind = 'price_statement'",
    ),
    ("every document is what was issued", "UPDATE documents SET content = '{\"totals\": {}}'"),
    ("every document is what was issued", "UPDATE documents SET digest = 'x'"),
    ("every document adds up", "UPDATE documents SET net_minor = net_minor + 1"),
    ("every document adds up", "UPDATE documents SET net_minor = -1, tax_minor = total_minor + 1"),
    (
        "commissions are invoiced as the ledger paid them",
        "UPDATE documents SET total_minor = 1 WHERE kind = 'invoice' AND replaces_id IS NOT NULL",
    ),
    (
        "every credit note takes back its invoice",
        "UPDATE documents SET total_minor = total_minor + 1 WHERE kind = 'credit_note'",
    ),
    (
        "statements tell what was settled",
        "UPDATE documents SET total_minor = 1 WHERE kind = 'settlement_statement'",
    ),
    ("nothing waits for a document", "UPDATE documents SET subject_id = id WHERE kind = 'deposit_receipt'"),
    ("nothing waits for a document", "UPDATE documents SET subject_id = id WHERE kind = 'payout_advice'"),
    ("nothing waits for a document", "UPDATE documents SET subject_id = id WHERE kind = 'price_statement'"),
    ("every commission is invoiced", "UPDATE documents SET about = 'other' WHERE about LIKE 'commission:%'"),
]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_each_check_finds_what_is_planted(app: Flask, clock: FixedClock) -> None:
    story = paid_out(a_story(clock), clock)
    issue()
    with atomic() as session:
        service.correct(session, story.bob, documents(session, DocumentKind.INVOICE)[0].id, "address")
    assert broken() == {}
    assert {name for name, _ in PLANTS} == {name for name, _ in invariants.CHECKS}
    for name, plant in PLANTS:
        with atomic() as session:
            _without_guards(session)
            session.execute(text(plant))
            found = {check for check, question in invariants.CHECKS if question(session)}
            session.rollback()
        assert name in found, plant
    assert broken() == {}


def _without_guards(session: Session) -> None:
    """In this transaction alone, the triggers are gone; rolling back brings them back."""
    for table in ("documents", "document_readers"):
        for change in ("update", "delete"):
            session.execute(text(f"DROP TRIGGER {table}_no_{change}"))
