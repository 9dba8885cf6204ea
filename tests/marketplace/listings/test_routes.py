"""The pages of listings: from a file to the market in the browser; nothing for whom it does not concern."""

import io
import uuid
from pathlib import Path

import pytest
from builders import a_lot, a_person, a_right, an_institution, signed_in
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from marketplace.access import InstitutionKind, Role
from marketplace.clock import FixedClock
from marketplace.db import atomic, db
from marketplace.listings.models import Lot, PortfolioUpload
from marketplace.listings.rules import LotStatus
from marketplace.parties.models import Institution, Person

EXAMPLE = Path(__file__).parents[3] / "demo" / "portfolio-example.csv"
RESERVE = ("120,000", "120000.00", "12000000")


class House:
    """A bank with Alice (officer) and Amy (approver), and Mallory of another bank."""

    def __init__(self, session: Session) -> None:
        self.bank: Institution = an_institution(session, InstitutionKind.BANK)
        self.alice: Person = a_person(session, self.bank, "Alice")
        self.amy: Person = a_person(session, self.bank, "Amy", frozenset({Role.APPROVER}))
        self.mallory: Person = a_person(
            session, an_institution(session, InstitutionKind.BANK), "Mallory", frozenset(Role)
        )


@pytest.fixture
def house(session: Session, clock: FixedClock) -> House:
    with atomic():
        return House(session)


def of(app: Flask, person: Person) -> FlaskClient:
    client = signed_in(app.test_client(), person)
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    with client.session_transaction() as cookie:
        cookie["language"] = "en"
    return client


def lot_of(session: Session, lot_id: uuid.UUID) -> Lot:
    session.rollback()
    return session.get_one(Lot, lot_id, populate_existing=True)


FORM = {
    "reference": "L-7",
    "title": "Winding",
    "currency": "CNY",
    "rule_pack": "cn-bank",
    "auction_format": "english",
    "reference_price_minor": "150000.00",
    "reference_price_basis": "appraisal",
    "start_price_minor": "100000",
    "reserve_minor": "120000.00",
    "deposit_minor": "10000",
    "increment_minor": "1000",
    "opens_at": "2026-04-20T10:00",
    "closes_at": "2026-04-22T10:00",
}


def test_a_lot_goes_from_draft_to_the_market(app: Flask, session: Session, house: House) -> None:
    with atomic():
        right = a_right(session, house.bank)
    alice, amy = of(app, house.alice), of(app, house.amy)
    assert "Winding with two phases" in alice.get("/portfolio/lots/new").text
    made = alice.post("/portfolio/lots/new", data=FORM | {"right_ids": str(right.id)})
    assert made.status_code == 303
    page = alice.get(made.location).text
    assert "120,000.00 CNY" in page
    lot_id = uuid.UUID(made.location.rsplit("/", 1)[1])
    assert alice.post(f"{made.location}/submit").status_code == 303
    assert amy.get("/portfolio/today").text.count("L-7") == 1
    approval = amy.get(made.location).text
    assert 'id="csrf_token"' not in approval  # two forms on one page: the id would stand there twice
    seen = approval.split('name="seen_hash" type="hidden" value="')[1].split('"')[0]
    assert alice.post(f"{made.location}/approve", data={"seen_hash": seen}).status_code == 403
    stale = amy.post(f"{made.location}/approve", data={"seen_hash": "0" * 64})
    assert stale.status_code == 409
    assert "Look at it again" in stale.text
    assert amy.post(f"{made.location}/approve", data={"seen_hash": seen}).status_code == 303
    assert amy.post(f"{made.location}/publish").status_code == 303
    assert 'href="#auction"' in amy.get(made.location).text  # the way to what comes next
    lot = lot_of(session, lot_id)
    assert lot.status is LotStatus.PUBLISHED
    assert lot.opens_at is not None
    assert lot.opens_at.isoformat() == "2026-04-20T02:00:00+00:00"
    public = app.test_client().get(f"/lots/{lot_id}", headers={"Accept-Language": "en"})
    assert public.status_code == 200
    assert "100,000.00 CNY" in public.text
    withdrawn = alice.post(f"{made.location}/withdraw", data={"reason": "The borrower paid"})
    assert withdrawn.status_code == 409
    assert "two persons of the bank withdraw it" in withdrawn.text
    assert app.test_client().get(f"/lots/{lot_id}").status_code == 200


def test_the_form_shows_every_problem_beside_its_field(app: Flask, session: Session, house: House) -> None:
    with atomic():
        right = a_right(session, house.bank)
    alice = of(app, house.alice)
    court = FORM | {"right_ids": str(right.id), "rule_pack": "cn-court", "reserve_minor": ""}
    refused = alice.post("/portfolio/lots/new", data=court)
    assert refused.status_code == 422
    assert "105000.00 CNY" in refused.text
    assert "法释〔2016〕18号 art. 10" in refused.text
    for change in ({"start_price_minor": "-1"}, {"options": "no option"}, {"currency": "JPY"}):
        assert alice.post("/portfolio/lots/new", data=court | change).status_code == 422
    strange = alice.post("/portfolio/lots/new", data=FORM | {"right_ids": str(uuid.uuid4())})
    assert strange.status_code == 422
    assert session.scalar(select(func.count()).select_from(Lot)) == 0


def test_a_lot_is_edited_and_sent_back(app: Flask, session: Session, house: House) -> None:
    with atomic():
        right = a_right(session, house.bank)
    alice, amy = of(app, house.alice), of(app, house.amy)
    options = "step = 500.00\nsteps = 3\nproxy = yes"
    values = FORM | {"right_ids": str(right.id), "options": options}
    page = alice.post("/portfolio/lots/new", data=values).location
    assert 'value="120000.00"' in alice.get(f"{page}/edit").text
    assert "step = 500.00" in alice.get(f"{page}/edit").text
    alice.post(f"{page}/submit")
    without = amy.post(f"{page}/send-back", data={"reason": ""})
    assert without.status_code == 422
    assert amy.post(f"{page}/send-back", data={"reason": "Too cheap"}).status_code == 303
    changed = alice.post(f"{page}/edit", data=values | {"start_price_minor": "110000"})
    assert changed.status_code == 303
    lot = lot_of(session, uuid.UUID(page.rsplit("/", 1)[1]))
    assert (lot.status, lot.start_price_minor) == (LotStatus.DRAFTED, 11_000_000)
    assert lot.options == {"step": "500.00", "steps": 3, "proxy": True}


@pytest.mark.parametrize("status", ["published", "reserved", "sold", "unsold"])
def test_no_public_answer_holds_a_secret_reserve(
    app: Flask, session: Session, house: House, status: str
) -> None:
    with atomic():
        secret = a_lot(session, house.bank, status=LotStatus(status))
        shown = a_lot(session, house.bank, status=LotStatus(status), reserve_public=True)
    visitors = [app.test_client(), of(app, house.mallory)]
    for visitor in visitors:
        for path in (
            "/lots",
            f"/lots/{secret.id}",
            f"/lots?status={status}",
            f"/lots/{secret.id}/comparables",
        ):
            answer = visitor.get(path)
            assert answer.status_code == 200
            assert not any(reserve in answer.text for reserve in RESERVE), path
        assert "120,000.00 CNY" in visitor.get(f"/lots/{shown.id}").text


@pytest.mark.parametrize("status", ["drafted", "submitted", "approved", "withdrawn"])
def test_a_lot_that_is_not_public_is_like_none(
    app: Flask, session: Session, house: House, status: str
) -> None:
    with atomic():
        lot = a_lot(session, house.bank, status=LotStatus(status), title="Only for us")
    assert "Only for us" not in app.test_client().get("/lots").text
    for client in (app.test_client(), of(app, house.mallory)):
        assert same(client.get(f"/lots/{lot.id}"), client.get(f"/lots/{uuid.uuid4()}"))


def same(one: TestResponse, other: TestResponse) -> bool:
    """Two 404s that tell nothing apart but the number of the request."""
    assert one.status_code == other.status_code == 404
    texts = [answer.text.split("<main")[1].split("<footer")[0] for answer in (one, other)]
    numbers = [text.partition("<code>")[2].partition("</code>")[0] for text in texts]
    plain = [
        text.replace(number, "") if number else text for text, number in zip(texts, numbers, strict=True)
    ]
    return plain[0] == plain[1]


def test_mallory_of_another_bank_sees_and_does_nothing(app: Flask, session: Session, house: House) -> None:
    with atomic():
        lot = a_lot(session, house.bank, status=LotStatus.SUBMITTED, title="Only for us")
        right = lot.rights[0]
    mallory = of(app, house.mallory)
    assert "Only for us" not in mallory.get("/portfolio").text
    nobody = uuid.uuid4()
    for path in ("/portfolio/lots/{}", "/portfolio/lots/{}/edit"):
        assert same(mallory.get(path.format(lot.id)), mallory.get(path.format(nobody)))
    assert same(mallory.get(f"/portfolio/rights/{right.id}"), mallory.get(f"/portfolio/rights/{nobody}"))
    for act in ("submit", "approve", "publish", "send-back", "withdraw"):
        data = {"reason": "x", "seen_hash": lot.content_hash}
        answers = [mallory.post(f"/portfolio/lots/{one}/{act}", data=data) for one in (lot.id, nobody)]
        assert same(*answers), act
    assert lot_of(session, lot.id).status is LotStatus.SUBMITTED


def upload(client: FlaskClient, content: bytes, name: str = "portfolio.csv") -> TestResponse:
    data = {"file": (io.BytesIO(content), name)}
    return client.post("/portfolio/import", data=data, content_type="multipart/form-data")


def test_a_file_is_previewed_and_then_stored(app: Flask, session: Session, house: House) -> None:
    alice = of(app, house.alice)
    assert alice.get("/portfolio/import").status_code == 200
    kept = upload(alice, EXAMPLE.read_bytes())
    assert kept.status_code == 303
    preview = alice.get(kept.location).text
    assert "5 rows: 5 accepted, 0 refused." in preview
    assert session.scalar(select(func.count()).select_from(Lot)) == 0
    mallory = of(app, house.mallory)
    assert mallory.post(kept.location).status_code == mallory.get(kept.location).status_code == 422
    assert alice.post(kept.location).status_code == 303
    session.rollback()
    lots = session.scalars(select(Lot)).all()
    assert {lot.maker_id for lot in lots} == {house.alice.id}
    assert session.scalar(select(func.count()).select_from(PortfolioUpload)) == 0
    blotter = alice.get("/portfolio").text
    assert all(f"2026-00{number}" in blotter for number in (1, 2, 3))
    case = lots[0].default_case
    assert case is not None
    assert "Outstanding" in alice.get(f"/portfolio/cases/{case.id}").text
    right = lots[0].rights[0]
    assert right.title in alice.get(f"/portfolio/rights/{right.id}").text
    assert right.title in alice.get("/portfolio/rights?words=" + right.number).text
    again = upload(alice, EXAMPLE.read_bytes())
    assert "duplicate" in alice.get(again.location).text
    assert alice.post(again.location).status_code == 422


def test_a_file_with_refused_rows_is_stored_in_part_only_when_asked(
    app: Flask, session: Session, house: House
) -> None:
    alice = of(app, house.alice)
    content = (
        b"lot_reference,right_type,number,title\n"
        b"A,invention,202010123456.7,Winding\nB,trademark,12345678,Mark\n"
    )
    kept = upload(alice, content)
    assert "CN202010123456.2" in alice.get(kept.location).text
    assert alice.post(kept.location).status_code == 422
    assert alice.post(kept.location, data={"partial": "y"}).status_code == 303
    session.rollback()
    assert session.scalars(select(Lot.reference)).all() == ["B"]


@pytest.mark.parametrize("content", [b"", b"\xd0\xcf\x11\xe0", b"lot_reference,name\nA,B\n"])
def test_a_file_that_cannot_be_read_is_not_kept(
    app: Flask, session: Session, house: House, content: bytes
) -> None:
    assert upload(of(app, house.alice), content).status_code == 422
    assert db.session.scalar(select(func.count()).select_from(PortfolioUpload)) == 0


def test_buyers_have_no_portfolio(app: Flask, session: Session, clock: FixedClock) -> None:
    with atomic():
        buyer = an_institution(session, InstitutionKind.BUYER)
        carol = a_person(session, buyer, "Carol", frozenset(Role))
    client = of(app, carol)
    for path in ("/portfolio", "/portfolio/import", "/portfolio/lots/new", "/portfolio/rights"):
        assert client.get(path).status_code == 403
    assert client.get("/portfolio/today").status_code == 200
    assert app.test_client().get("/portfolio").status_code == 303
