"""Papers: the same content gives the same bytes, and every word of it can be found in the PDF."""

from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from pypdf import PdfReader

from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.taxes import Treatment
from payments.documents import service
from payments.documents.drawing import LANGUAGES, draw
from payments.documents.models import Document
from payments.documents.rules import DocumentKind
from payments.taxes import service as taxes

from .documents_story import a_story, documents, issue, paid_out

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

URL = "http://localhost:8000/documents/x"


def text_of(document: Document, language: str = "both") -> str:
    """The text of the PDF without any space, since lines break anywhere between Chinese characters."""
    pdf = PdfReader(BytesIO(draw(document.content, document.digest, URL, language)))
    return "".join("".join(page.extract_text().split()) for page in pdf.pages)


def without_spaces(text: str) -> str:
    return "".join(text.split())


def test_case_44_every_document_can_be_read_and_searched_in_both_languages(
    app: Flask, clock: FixedClock
) -> None:
    """Chinese text came out blank or as boxes elsewhere."""
    story = a_story(clock, title="两相绕组发明专利", price_tax=Treatment.GENERAL)
    with atomic() as session:
        taxes.state_particulars(
            session,
            story.bob,
            treatment=Treatment.GENERAL,
            number="91110108551385082Q",
            address="北京市海淀区中关村大街1号",
        )
    paid_out(story, clock)
    issue()
    with atomic() as session:
        invoice = next(one for one in documents(session, DocumentKind.INVOICE) if one.about != "price")
        service.correct(session, story.bob, invoice.id, "地址有误")
    with atomic() as session:
        found = documents(session)
        assert {one.kind for one in found} >= set(DocumentKind) - {DocumentKind.SHORTFALL_NOTICE}
        for document in found:
            _compare(document)
        _compare_words({str(one.kind): one for one in found})
        by_address = [one for one in found if one.content["issuer"].get("address")]
        assert all("北京市海淀区中关村大街1号" in text_of(one) for one in by_address)


def _compare(document: Document) -> None:
    for language in LANGUAGES:
        text = text_of(document, language)
        assert document.number in text
        assert document.digest in text
        assert "〓" not in text
        assert without_spaces(document.recipient) in text
        if document.lot_id:
            assert "两相绕组发明专利" in text
        for name, shown, value in document.content["facts"]:
            if shown == "text":
                assert without_spaces(str(value)) in text, name
        for line in document.content.get("waterfall", ()):
            assert f"{line['paid'] // 100:,}.{line['paid'] % 100:02}CNY" in text


def _compare_words(found: dict[str, Document]) -> None:
    receipt = found["deposit_receipt"]
    assert "保证金收据DepositreceiptDR-2026-00000" in text_of(receipt)
    assert "人民币壹万元整" in text_of(receipt)
    assert "保证金收据" not in text_of(receipt, "en")
    assert "Depositreceipt" not in text_of(receipt, "zh")
    assert "贷项通知单" in text_of(found["credit_note"], "zh")
    assert "地址有误" in text_of(found["credit_note"], "en")
    assert "本单据不是税务机关监制的发票" in text_of(found["invoice"], "zh")
    statement = text_of(found["settlement_statement"])
    for word in ("担保债权", "剩余价款", "TaishanHolding", "1/"):
        assert word in statement


def test_the_same_content_gives_the_same_bytes(app: Flask, clock: FixedClock) -> None:
    a_story(clock)
    issue()
    with atomic() as session:
        document = documents(session, DocumentKind.DEPOSIT_RECEIPT)[0]
    first = draw(document.content, document.digest, URL)
    clock.advance(days=400)
    assert draw(document.content, document.digest, URL) == first
    changed: dict[str, Any] = document.content | {"number": "DR-2026-999999"}
    assert draw(changed, document.digest, URL) != first


def test_whatever_stands_in_names_is_printed(app: Flask, clock: FixedClock) -> None:
    a_story(clock, title="𠮷 <b>&amp;\u200b 🙂 = title\twith signs")
    issue()
    with atomic() as session:
        text = text_of(documents(session)[0])
    assert "<b>&amp;" in text
    assert "=titlewithsigns" in text
    assert "U+20BB7" in text
