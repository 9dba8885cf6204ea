"""The pages of documents: who may see which, how an invoice is corrected, what leaves for the books."""

import csv
import json
from io import BytesIO, StringIO

import pytest
from builders import a_person, an_institution, signed_in
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select

from marketplace.access import InstitutionKind, Role
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.errors import NotAllowed, NotFound, Refused
from marketplace.parties.models import Person
from marketplace.taxes import Treatment
from payments.documents import service
from payments.documents.models import Document
from payments.documents.rules import DocumentKind
from payments.taxes.models import Particulars

from .documents_story import Story, a_story, broken, documents, issue, paid, paid_out

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

# Who may read what, written down from the field: payer, loser, seller, seller's agency.
READERS = {
    "deposit_receipt": {"own"},
    "price_statement": {"carol", "bank"},
    "invoice price": {"carol", "bank"},
    "invoice commission": {"bob", "bank"},
    "settlement_statement": {"bank"},
    "surplus_notice": {"bank"},
    "payout_advice": {"own"},
    "refund_receipt": {"own"},
}
OVERSEERS = ("olga", "rita")


def browser(app: Flask, person_id: object) -> FlaskClient:
    with atomic() as session:
        person = session.get_one(Person, person_id)
    return signed_in(app.test_client(), person)


def the_cast(app: Flask, story: Story) -> dict[str, FlaskClient]:
    with atomic() as session:
        foreign = an_institution(session, InstitutionKind.BANK)
        mallory = a_person(session, foreign, "Mallory", frozenset(Role))
        authority = an_institution(session, InstitutionKind.REGULATOR)
        rita = a_person(session, authority, "Rita", frozenset(Role))
    return {
        "carol": browser(app, story.carol.person_id),
        "dave": browser(app, story.dave.person_id),
        "bank": browser(app, story.scene.bank.person_id),
        "bob": browser(app, story.bob.person_id),
        "olga": browser(app, story.scene.olga.person_id),
        "rita": browser(app, rita.id),
        "mallory": browser(app, mallory.id),
    }


def wanted(document: Document, story: Story) -> set[str]:
    names = {
        story.carol.institution_id: "carol",
        story.dave.institution_id: "dave",
        story.scene.bank.institution_id: "bank",
        story.bob.institution_id: "bob",
    }
    key = str(document.kind)
    if document.kind is DocumentKind.INVOICE:
        key = f"invoice {document.about.split(':')[0]}"
    own = {names[document.recipient_id]} if document.recipient_id else {"bank"}
    return own if READERS[key] == {"own"} else READERS[key]


def test_case_42_a_document_is_found_by_its_parties_and_overseers_and_by_nobody_else(
    app: Flask, clock: FixedClock
) -> None:
    """Invoices were fetched by changing an id elsewhere."""
    story = paid_out(a_story(clock, price_tax=Treatment.GENERAL), clock)
    issue()
    cast = the_cast(app, story)
    with atomic() as session:
        found = [(one, wanted(one, story)) for one in documents(session)]
    assert {str(one.kind) for one, _ in found} == {key.split()[0] for key in READERS}
    for document, readers in found:
        for name, client in cast.items():
            expected = 200 if name in readers or name in OVERSEERS else 404
            for address in (f"/money/documents/{document.id}", f"/money/documents/{document.id}/paper"):
                assert client.get(address).status_code == expected, (document.number, name)
            listed = str(document.id) in client.get("/money/documents").text
            assert listed == (expected == 200), (document.number, name)
        assert app.test_client().get(f"/money/documents/{document.id}").status_code == 303
    for name, client in cast.items():
        answer = client.get(f"/money/deals/{story.deal.id}/documents")
        assert answer.status_code == (404 if name in {"dave", "mallory"} else 200)
    assert cast["carol"].get(f"/money/documents/{story.deal.id}").status_code == 404


def test_the_paper_comes_in_each_language_and_no_other(app: Flask, clock: FixedClock) -> None:
    story = a_story(clock)
    issue()
    client = browser(app, story.carol.person_id)
    with atomic() as session:
        document = session.scalars(
            select(Document).where(Document.recipient_id == story.carol.institution_id)
        ).one()
    address = f"/money/documents/{document.id}/paper"
    papers = {
        language: client.get(f"{address}?language={language}").data for language in ("both", "zh", "en")
    }
    assert all(paper.startswith(b"%PDF") for paper in papers.values())
    assert len(set(papers.values())) == 3
    assert client.get(f"{address}?language=fr").status_code == 404
    assert client.get(address).headers["Cache-Control"] == "private, no-store"


def test_the_list_is_filtered(app: Flask, clock: FixedClock) -> None:
    story = paid(a_story(clock))
    issue()
    client = browser(app, story.carol.person_id)
    day = "2026-03-03"

    def numbers(query: str) -> set[str]:
        page = client.get(f"/money/documents?{query}").text
        return {number for number in ("PS-2026-000001", "DR-2026-00000") if number in page}

    assert numbers("") == {"PS-2026-000001", "DR-2026-00000"}
    assert numbers("kind=price_statement") == {"PS-2026-000001"}
    assert numbers(f"lot={story.scene.lot.reference}") == {"PS-2026-000001", "DR-2026-00000"}
    assert numbers("lot=another") == set()
    assert numbers(f"since={day}&until={day}") == {"PS-2026-000001", "DR-2026-00000"}
    assert numbers("since=2026-03-04") == numbers("until=2026-03-02") == set()
    # What makes no sense leaves nothing out.
    assert numbers("kind=nonsense") == {"PS-2026-000001", "DR-2026-00000"}
    assert client.get("/money/documents?since=0001-01-01&lot=%00").status_code in {200, 404}


def test_case_36_a_credit_note_corrects_and_a_new_invoice_follows(app: Flask, clock: FixedClock) -> None:
    """A wrong invoice was mended in place elsewhere, and nobody could tell."""
    story = paid_out(a_story(clock), clock)
    issue()
    bob, bank = browser(app, story.bob.person_id), browser(app, story.scene.bank.person_id)
    with atomic() as session:
        old = documents(session, DocumentKind.INVOICE)[0]
    page = f"/money/documents/{old.id}"
    assert "Correct this invoice" in bob.get(page).text
    assert "Correct this invoice" not in bank.get(page).text
    assert bank.post(f"{page}/correction", data={"reason": "x"}).status_code == 403
    assert bob.post(f"{page}/correction", data={"reason": ""}).status_code == 422

    stated = {"tax_number": "91110108551385082Q", "treatment": "general", "address": "北京市"}
    assert bob.post("/money/particulars", data=stated | {"tax_number": "1"}).status_code == 422
    assert bob.post("/money/particulars", data=stated).status_code == 303
    assert "北京市" in bob.get("/money/particulars").text
    answer = bob.post(f"{page}/correction", data={"reason": "Tax was not shown"})
    assert answer.status_code == 303
    assert bob.post(f"{page}/correction", data={"reason": "again"}).status_code == 422

    with atomic() as session:
        assert len(session.scalars(select(Particulars)).all()) == 1
        credit = documents(session, DocumentKind.CREDIT_NOTE)[0]
        renewed = next(one for one in documents(session, DocumentKind.INVOICE) if one.replaces_id)
        assert (credit.corrects_id, renewed.replaces_id) == (old.id, old.id)
        assert (credit.total_minor, credit.tax_minor) == (old.total_minor, 0)
        assert (renewed.total_minor, renewed.tax_minor) == (450_000, 25_472)
        assert (old.sequence, renewed.sequence) == (1, 2)
        assert credit.content["corrects"]["number"] == old.number
        assert session.get_one(Document, old.id).tax_minor == 0
    assert broken() == {}
    assert issue() == 0
    assert credit.number in bob.get(page).text
    assert renewed.number in bank.get(page).text


def test_only_the_issuer_corrects_and_only_an_invoice(app: Flask, clock: FixedClock) -> None:
    story = paid(a_story(clock, price_tax=Treatment.GENERAL))
    issue()
    with atomic() as session:
        invoice = documents(session, DocumentKind.INVOICE)[0]
        receipt = documents(session, DocumentKind.DEPOSIT_RECEIPT)[0]
    for actor, document, refused in (
        (story.carol, invoice, NotAllowed),
        (story.dave, invoice, NotFound),
        (story.bob, invoice, NotFound),
        (story.scene.bank, receipt, NotFound),
    ):
        with pytest.raises(refused), atomic() as session:
            service.correct(session, actor, document.id, "wrong")
    with pytest.raises(NotFound), atomic() as session:
        service.correct(session, story.scene.bank, story.deal.id, "wrong")
    with atomic() as session:
        credit, renewed = service.correct(session, story.scene.bank, invoice.id, "wrong address")
        assert renewed.taxed == invoice.taxed
    with pytest.raises(Refused), atomic() as session:
        service.correct(session, story.scene.bank, credit.id, "wrong")


def test_case_43_the_invoice_journal_leaves_for_the_books(app: Flask, clock: FixedClock) -> None:
    """Text from users ran as a formula in the exported journal elsewhere."""
    story = paid_out(a_story(clock, reference="=1+1"), clock)
    issue()
    with atomic() as session:
        service.correct(session, story.bob, documents(session, DocumentKind.INVOICE)[0].id, "address")
    bob, carol = browser(app, story.bob.person_id), browser(app, story.carol.person_id)
    answer = bob.get("/money/documents/journal.csv")
    rows = list(csv.DictReader(StringIO(answer.text)))
    assert {row["number"]: row["total"] for row in rows} == {
        "IN-2026-000001": "4500.00",
        "CN-2026-000001": "-4500.00",
        "IN-2026-000002": "4500.00",
    }
    assert {row["lot"] for row in rows} == {"'=1+1"}
    assert sorted(row["corrects"] or row["replaces"] for row in rows) == ["", *["IN-2026-000001"] * 2]
    sheet = load_workbook(BytesIO(bob.get("/money/documents/journal.xlsx").data)).worksheets[0]
    cells = list(sheet.iter_rows(values_only=True))
    assert sorted(str(row[12]) for row in cells[1:]) == ["-4500", "4500", "4500"]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert "IN-2026" not in carol.get("/money/documents/journal.csv").text
    assert "IN-2026" not in bob.get("/money/documents/journal.csv?since=2026-06-01").text


def test_anybody_checks_a_code(app: Flask, clock: FixedClock) -> None:
    story = paid_out(a_story(clock), clock)
    issue()
    with atomic() as session:
        invoice = documents(session, DocumentKind.INVOICE)[0]
    anybody = app.test_client()
    assert anybody.get("/documents").status_code == 200
    typed = f"{invoice.code[:4].lower()} {invoice.code[4:]}"
    assert anybody.get(f"/documents?code={typed}").headers["Location"] == f"/documents/{invoice.code}"
    page = anybody.get(f"/documents/{invoice.code}")
    assert invoice.number in page.text
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert "taken back" not in page.text
    with atomic() as session:
        service.correct(session, story.bob, invoice.id, "address")
    assert "taken back" in anybody.get(f"/documents/{invoice.code}").text
    for wrong in ("/documents/ABCD", "/documents?code=nonsense", f"/documents/{'A' * 20}"):
        assert anybody.get(wrong).status_code == 404


def test_an_exemption_needs_its_evidence(app: Flask, clock: FixedClock) -> None:
    story = paid(a_story(clock, price_tax=Treatment.EXEMPT))
    issue()
    bank, bob = browser(app, story.scene.bank.person_id), browser(app, story.bob.person_id)
    page = f"/money/deals/{story.deal.id}/documents"
    act = f"/money/deals/{story.deal.id}/contract"
    assert "Registration as a technology contract" in bank.get(page).text
    given = {"number": "2026110108000001", "registered_on": "2026-03-03"}
    assert bank.post(act, data={"number": ""}).status_code == 303
    assert bank.post(act, data=given | {"registered_on": "2099-01-01"}).status_code == 422
    assert bank.post(act, data=given).status_code == 303
    assert bob.post(act, data=given).status_code == 409
    assert "2026110108000001" in bank.get(page).text
    issue()
    assert "IN-2026-000001" in bank.get(page).text


def test_a_taxed_price_needs_no_evidence(app: Flask, clock: FixedClock) -> None:
    story = paid(a_story(clock))
    bank = browser(app, story.scene.bank.person_id)
    given = {"number": "1", "registered_on": "2026-03-03"}
    assert bank.post(f"/money/deals/{story.deal.id}/contract", data=given).status_code == 422


def test_the_command_lists_what_was_issued(app: Flask, clock: FixedClock) -> None:
    paid(a_story(clock))
    issue()
    runner = app.test_cli_runner()
    lines = runner.invoke(args=["payments", "documents", "--json"]).output.splitlines()
    assert [json.loads(line)["kind"] for line in lines] == [
        "deposit_receipt",
        "deposit_receipt",
        "price_statement",
    ]
    shown = runner.invoke(args=["payments", "documents", "--since", "2026-03-03"])
    assert shown.exit_code == 0
    assert "PS-2026-000001" in shown.output
    assert runner.invoke(args=["payments", "documents", "--since", "2026-03-04"]).output == ""
    assert runner.invoke(args=["payments", "documents", "--since", "yesterday"]).exit_code == 2
