"""The confirmation of a sale: drawn once, kept for ever, its Chinese readable, checked by its code."""

import hashlib
import io
import re
from typing import Any

import pytest
from builders import an_actor
from flask import Flask
from flask.testing import FlaskClient
from live_cast import Stage, a_stage, somebody
from pypdf import PdfReader
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from auctions import service
from auctions.confirmations.issuing import _drawn, issue, issue_due
from auctions.models import Confirmation
from auctions.rules import Action
from auctions.runner_up.queries import offers_in
from auctions.runner_up.service import accept
from marketplace.access import InstitutionKind
from marketplace.clock import FixedClock
from marketplace.db import atomic, db
from marketplace.deals.models import Deal
from marketplace.parties.models import Institution
from marketplace.web import limiter

TITLE = "一种硅碳复合负极材料及其制备方法（发明专利）"


@pytest.fixture
def stage(app: Flask, clock: FixedClock) -> Stage:
    """Carol has won at 130,000.00."""
    played = a_stage(app, clock, title=TITLE)
    played.bid(played.dave, "125000.00")
    played.bid(played.carol, "130000.00")
    played.closes(clock)
    return played


def the_confirmation() -> Confirmation:
    return db.session.scalars(select(Confirmation)).one()


def words_of(document: bytes) -> str:
    """The text of a PDF without spaces and line ends, which a reader of tables places as it likes."""
    pages = PdfReader(io.BytesIO(document)).pages
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in pages))


def test_the_text_of_the_document_is_what_was_confirmed(app: Flask, stage: Stage) -> None:
    """Failure case 44: Chinese text blank or boxes in PDF."""
    assert issue_due() == 1
    confirmation = the_confirmation()
    found, facts = words_of(confirmation.document), confirmation.facts
    for expected in (
        "成交确认书",
        "Confirmationofsale",
        TITLE,
        facts["lot"]["reference"],
        "买受人",
        "CarolCarbonWorks",
        facts["buyer"]["number"],
        "BankofTaishan",
        "130,000.00CNY",
        "人民币壹拾叁万元整",
        stage.alias("carol"),
        confirmation.code[:4],
        facts["last_hash"],
    ):
        assert expected.replace(" ", "") in found, expected
    assert "Dave" not in found


def test_the_fonts_are_embedded(app: Flask, stage: Stage) -> None:
    issue_due()
    page: Any = PdfReader(io.BytesIO(the_confirmation().document)).pages[0]
    for font in page["/Resources"]["/Font"].values():
        descendant = font.get_object()["/DescendantFonts"][0].get_object()
        assert "/FontFile2" in descendant["/FontDescriptor"].get_object()
        assert "/ToUnicode" in font.get_object()


def test_a_confirmation_is_issued_once_and_never_changes(app: Flask, stage: Stage) -> None:
    deal_id = db.session.scalars(select(Deal.id)).one()
    twice = _drawn(db.session(), deal_id)
    assert (issue_due(), issue_due()) == (1, 0)
    first = the_confirmation()
    with atomic() as session:
        assert not issue(session, twice)
    confirmation = the_confirmation()
    assert confirmation.document == first.document
    assert confirmation.digest == hashlib.sha256(confirmation.document).hexdigest()
    with pytest.raises(DBAPIError, match="only added to"), db.engine.begin() as connection:
        connection.execute(text("UPDATE confirmations SET code = 'A'"))


def test_parties_and_operator_get_the_same_bytes_and_others_nothing(
    app: Flask, client: FlaskClient, stage: Stage
) -> None:
    issue_due()
    url, document = f"{stage.url}/confirmation", the_confirmation().document
    for who in (stage.carol, stage.alice, stage.olga):
        for _ in range(2):
            answer = who.client.get(f"{url}?deal={the_confirmation().deal_id}")
            assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
            assert answer.data == document
    mallory = somebody(app, InstitutionKind.BANK, "Mallory", "Another Bank")
    for who in (stage.dave, mallory):
        assert who.client.get(url).status_code == 404
    assert client.get(url).status_code == 303


def test_the_code_says_what_was_sold(app: Flask, client: FlaskClient, stage: Stage) -> None:
    issue_due()
    code = the_confirmation().code
    typed = f"{code[:4].lower()}-{code[4:8]} {code[8:]}"
    answer = client.get("/confirmations", query_string={"code": typed}, follow_redirects=True)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    for shown in (TITLE, "130,000.00 CNY", the_confirmation().facts["last_hash"], the_confirmation().digest):
        assert shown in page
    assert stage.alias("carol") in page
    assert "Carol Carbon Works" not in page  # the open pack publishes no names
    assert "not been paid" in page


@pytest.mark.parametrize("code", ["A" * 20, "short", "../../etc/passwd", "0" * 200])
def test_a_wrong_code_gets_a_clear_answer(app: Flask, client: FlaskClient, code: str) -> None:
    answer = client.get("/confirmations", query_string={"code": code}, follow_redirects=True)
    assert answer.status_code == 404
    assert "There is no confirmation with this code" in answer.get_data(as_text=True)


def test_a_winner_who_does_not_pay_leaves_a_confirmation_that_no_longer_stands(
    app: Flask, client: FlaskClient, stage: Stage
) -> None:
    issue_due()
    code = the_confirmation().code
    with atomic() as session:
        service.record_default(session, stage.auction.id, stage.carol.institution.id)
    assert "no longer stands" in client.get(f"/confirmations/{code}").get_data(as_text=True)
    assert issue_due() == 0  # the next on the ladder is only asked
    with atomic() as session:
        (offer,) = offers_in(session, stage.auction.id)
        bidder = session.get_one(Institution, offer.registration.institution_id)
        accept(session, an_actor(session, InstitutionKind.BUYER, institution=bidder), offer.id)
    assert issue_due() == 1
    assert db.session.query(Confirmation).count() == 2


def test_a_court_sale_publishes_its_buyer(app: Flask, client: FlaskClient, clock: FixedClock) -> None:
    court = a_stage(
        app, clock, rule_pack="cn-court", reserve_minor=None, reference_price_minor=10_000_000, options={}
    )
    court.bid(court.carol, "130000.00", Action.BID)
    before = client.get(court.url).get_data(as_text=True)
    court.closes(clock)
    issue_due()
    page = client.get(f"/confirmations/{the_confirmation().code}").get_data(as_text=True)
    assert "Carol Carbon Works" in page
    assert "Carol Carbon Works" not in before


def test_codes_cannot_be_tried_one_after_another(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limiter, "enabled", True)
    limiter.reset()
    answers = [client.get(f"/confirmations/{'A' * 20}").status_code for _ in range(21)]
    limiter.reset()
    assert answers == [404] * 20 + [429]
