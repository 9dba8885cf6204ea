"""Documents come of what happened to money: each once, each with what the rows say."""

import threading

import pytest
from crowd import at_once
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from marketplace import clock as clocks
from marketplace.canonical import digest
from marketplace.clock import FixedClock
from marketplace.db import ChangedHistory, atomic
from marketplace.notices.models import Notice
from marketplace.notices.rules import NoticeKind
from marketplace.taxes import TaxBearer, Treatment, inside
from payments.documents import service
from payments.documents.models import Document, DocumentSeries
from payments.documents.rules import DocumentKind
from payments.models import Payout
from payments.rules import PayoutKind
from payments.taxes import service as taxes

from .documents_story import a_story, documents, issue, kinds, paid, paid_out, settled

PRICE, DEPOSIT, CLAIM = 15_000_000, 1_000_000, 12_000_000


def test_every_step_of_a_deal_gives_its_documents_once(app: Flask, clock: FixedClock) -> None:
    story = paid_out(a_story(clock), clock)
    assert issue() == 8  # deposits 2, payment, settlement with its invoice and notice, payouts 4
    with atomic() as session:
        assert kinds(session) == {
            "deposit_receipt": 2,
            "price_statement": 1,
            "invoice": 1,
            "settlement_statement": 1,
            "surplus_notice": 1,
            "payout_advice": 3,
            "refund_receipt": 1,
        }
        statement = documents(session, DocumentKind.SETTLEMENT_STATEMENT)[0]
        assert statement.recipient_id == story.scene.bank.institution_id
        assert statement.total_minor == PRICE
        surplus = documents(session, DocumentKind.SURPLUS_NOTICE)[0]
        assert (surplus.recipient, surplus.recipient_id) == ("Taishan Holding", None)
        assert surplus.total_minor == PRICE - CLAIM - 450_000
        refund = documents(session, DocumentKind.REFUND_RECEIPT)[0]
        assert (refund.recipient_id, refund.total_minor) == (story.dave.institution_id, DEPOSIT)
        payouts = session.scalars(select(Payout).where(Payout.kind == PayoutKind.SETTLEMENT))
        advised = documents(session, DocumentKind.PAYOUT_ADVICE)
        assert {found.subject_id for found in advised} == {payout.id for payout in payouts}
    assert issue() == 0


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_commission_is_invoiced_by_the_agency_to_its_client(app: Flask, clock: FixedClock) -> None:
    story = settled(a_story(clock))
    issue()
    with atomic() as session:
        invoice = documents(session, DocumentKind.INVOICE)[0]
        assert (invoice.issuer_id, invoice.recipient_id) == (
            story.bob.institution_id,
            story.scene.bank.institution_id,
        )
        assert (invoice.net_minor, invoice.tax_minor, invoice.total_minor) == (450_000, 0, 450_000)
        assert invoice.content["lines"][0]["basis_points"] is None
        assert "tax_not_determined" in invoice.content["notes"]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_an_agency_that_states_how_it_is_taxed_shows_the_tax_within_its_commission(
    app: Flask, clock: FixedClock
) -> None:
    story = a_story(clock)
    with atomic() as session:
        taxes.state_particulars(
            session,
            story.bob,
            treatment=Treatment.GENERAL,
            number="91110108551385082Q",
            address="北京市海淀区中关村大街1号",
            bank="中国银行",
            bank_account="3456",
        )
    settled(story)
    issue()
    with atomic() as session:
        invoice = documents(session, DocumentKind.INVOICE)[0]
        assert invoice.taxed == inside(450_000, 600)
        assert invoice.content["issuer"]["tax_number"] == "91110108551385082Q"
        assert invoice.content["issuer"]["address"] == "北京市海淀区中关村大街1号"


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_shortfall_is_told_to_the_debtor_and_the_creditor(app: Flask, clock: FixedClock) -> None:
    story = settled(a_story(clock, price="110000.00"))
    issue()
    with atomic() as session:
        assert not documents(session, DocumentKind.SURPLUS_NOTICE)
        notice = documents(session, DocumentKind.SHORTFALL_NOTICE)[0]
        assert notice.recipient == "Taishan Motors"
        assert notice.total_minor == CLAIM - (11_000_000 - 330_000)
        assert [reader.institution_id for reader in notice.readers] == [story.scene.bank.institution_id]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_case_36_a_deposit_is_a_prepayment_and_no_part_of_the_tax(app: Flask, clock: FixedClock) -> None:
    """The deposit was taxed, or taken off the taxed amount, elsewhere."""
    story = paid(a_story(clock, price_tax=Treatment.GENERAL))
    issue()
    with atomic() as session:
        invoice = documents(session, DocumentKind.INVOICE)[0]
        assert (invoice.issuer_id, invoice.recipient_id) == (
            story.scene.bank.institution_id,
            story.carol.institution_id,
        )
        # The tax is that of the whole price: the deposit neither bears any nor lowers any.
        assert invoice.taxed == inside(PRICE, 600)
        assert [(row["what"], row["minor"]) for row in invoice.content["prepaid"]] == [
            ("deposit", DEPOSIT),
            ("balance", PRICE - DEPOSIT),
        ]
        assert sum(line["gross"] for line in invoice.content["lines"]) == PRICE
        receipts = documents(session, DocumentKind.DEPOSIT_RECEIPT)
        assert {(found.net_minor, found.tax_minor) for found in receipts} == {(DEPOSIT, 0)}
        assert all("lines" not in found.content for found in receipts)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_tax_on_top_is_paid_by_the_buyer_and_passed_on_to_the_seller(app: Flask, clock: FixedClock) -> None:
    story = a_story(clock, price_tax=Treatment.GENERAL, tax_bearer=TaxBearer.BUYER)
    settled(story)
    issue()
    with atomic() as session:
        invoice = next(found for found in documents(session, DocumentKind.INVOICE) if found.about == "price")
        assert (invoice.net_minor, invoice.tax_minor) == (PRICE, 900_000)
        assert [row["minor"] for row in invoice.content["prepaid"]] == [DEPOSIT, PRICE + 900_000 - DEPOSIT]
        statement = documents(session, DocumentKind.SETTLEMENT_STATEMENT)[0]
        assert statement.total_minor == PRICE + 900_000
        first = statement.content["waterfall"][0]
        assert (first["step"], first["paid"]) == ("buyer_tax", 900_000)
        due = {
            payout.account.purpose.value: payout.amount_minor for payout in session.scalars(select(Payout))
        }
        assert due["tax"] == 900_000
        assert due["claim"] == CLAIM


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_tax_within_the_price_is_a_cost_paid_before_the_claims(app: Flask, clock: FixedClock) -> None:
    story = settled(a_story(clock, price="120000.00", price_tax=Treatment.GENERAL))
    tax = inside(12_000_000, 600).tax
    issue()
    with atomic() as session:
        due = {payout.account.purpose.value: payout for payout in session.scalars(select(Payout))}
        assert due["tax"].amount_minor == tax
        assert due["tax"].institution_id == story.scene.bank.institution_id
        assert due["claim"].amount_minor == 12_000_000 - tax - 360_000
        assert documents(session, DocumentKind.SHORTFALL_NOTICE)[0].total_minor == tax + 360_000


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_an_exempt_price_is_invoiced_once_its_contract_is_registered(app: Flask, clock: FixedClock) -> None:
    story = paid(a_story(clock, price_tax=Treatment.EXEMPT))
    issue()
    with atomic() as session:
        assert not documents(session, DocumentKind.INVOICE)
        assert documents(session, DocumentKind.PRICE_STATEMENT)
        taxes.register_contract(
            session,
            story.scene.bank,
            story.deal.id,
            number="2026110108000001",
            registered_on=clocks.now().date(),
        )
    issue()
    with atomic() as session:
        invoice = documents(session, DocumentKind.INVOICE)[0]
        assert invoice.taxed.tax == 0
        assert ["contract_number", "text", "2026110108000001"] in invoice.content["facts"]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_nothing_is_invoiced_where_no_tax_is_determined(app: Flask, clock: FixedClock) -> None:
    paid(a_story(clock))
    issue()
    with atomic() as session:
        assert kinds(session) == {"deposit_receipt": 2, "price_statement": 1}
        statement = documents(session, DocumentKind.PRICE_STATEMENT)[0]
        assert "statement_no_invoice" in statement.content["notes"]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_everybody_concerned_is_told_of_a_document(app: Flask, clock: FixedClock) -> None:
    story = paid(a_story(clock))
    issue()
    with atomic() as session:
        statement = documents(session, DocumentKind.PRICE_STATEMENT)[0]
        notices = session.scalars(select(Notice).where(Notice.kind == NoticeKind.DOCUMENT_ISSUED))
        told = {notice.institution_id for notice in notices if notice.title == statement.number}
    assert told == {story.carol.institution_id, story.scene.bank.institution_id}


def test_case_36_an_issued_document_cannot_be_changed(app: Flask, clock: FixedClock) -> None:
    """A closed invoice was edited elsewhere."""
    paid(a_story(clock, price_tax=Treatment.GENERAL))
    issue()
    with pytest.raises(ChangedHistory), atomic() as session:
        documents(session, DocumentKind.INVOICE)[0].total_minor = 1
    for change in ("UPDATE documents SET total_minor = 1", "DELETE FROM documents"):
        with pytest.raises(DBAPIError, match="only added to"), atomic() as session:
            session.execute(text(change))
    with atomic() as session:
        invoice = documents(session, DocumentKind.INVOICE)[0]
        assert invoice.total_minor == PRICE
        assert invoice.digest == digest(invoice.content)


def test_numbers_have_no_gaps_even_where_an_issue_fails(app: Flask, clock: FixedClock) -> None:
    a_story(clock)
    with pytest.raises(ZeroDivisionError):
        _issue_and_fail()
    issue()
    with atomic() as session:
        numbers = [found.sequence for found in documents(session, DocumentKind.DEPOSIT_RECEIPT)]
        assert numbers == [1, 2]
        assert documents(session)[0].number == "DR-2026-000001"
        assert {series.last for series in session.scalars(select(DocumentSeries))} == {2}


def _issue_and_fail() -> None:
    with atomic() as session:
        assert service.issue_due(session)
        raise ZeroDivisionError


@pytest.mark.parametrize(
    "databases", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)
def test_many_workers_at_once_issue_every_document_once(app: Flask, clock: FixedClock) -> None:
    settled(a_story(clock))
    gate = threading.Barrier(4)

    def work() -> int:
        gate.wait()
        issued = 0
        for _ in range(30):
            with atomic() as session:
                issued += service.issue_due(session)
        return issued

    outcomes = at_once(app, [work] * 4)
    assert all(isinstance(outcome, int) for outcome in outcomes), outcomes
    issue()
    with atomic() as session:
        assert kinds(session) == {
            "deposit_receipt": 2,
            "price_statement": 1,
            "invoice": 1,
            "settlement_statement": 1,
            "surplus_notice": 1,
        }
        keys = session.execute(select(Document.kind, Document.subject_id, Document.about)).all()
        assert len(keys) == len(set(keys))
