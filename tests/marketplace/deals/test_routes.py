"""The pages of mandates, offers and deals: who sees them, who decides, and what strangers find."""

import uuid
from datetime import timedelta

import pytest
from builders import a_lot, a_mandate, a_person, an_institution, signed_in
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access import InstitutionKind, Role
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.deals import service
from marketplace.deals.models import Deal, Mandate, Offer
from marketplace.deals.rules import DealSource, DealStatus, MandateStatus
from marketplace.parties.models import Institution, Person

BANK, BUYER, AGENCY = InstitutionKind.BANK, InstitutionKind.BUYER, InstitutionKind.AGENCY


class Cast:
    """A bank with a lot, a buyer, an agency, the operator, and Mallory of another bank."""

    def __init__(self, app: Flask, session: Session) -> None:
        self.app, self.session = app, session
        self.bank, self.buyer, self.agency = (an_institution(session, kind) for kind in (BANK, BUYER, AGENCY))
        self.alice = a_person(session, self.bank, "Alice")
        self.amy = a_person(session, self.bank, "Amy", frozenset({Role.APPROVER}))
        self.carol = a_person(session, self.buyer, "Carol", frozenset(Role))
        self.bob = a_person(session, self.agency, "Bob")
        self.olga = a_person(session, an_institution(session, InstitutionKind.OPERATOR), "Olga")
        self.mallory = a_person(session, an_institution(session, BANK), "Mallory", frozenset(Role))
        self.lot = a_lot(session, self.bank)

    def of(self, person: Person) -> FlaskClient:
        client = signed_in(self.app.test_client(), person)
        with client.session_transaction() as cookie:
            cookie["language"] = "en"
        return client

    def refresh(self) -> None:
        self.session.rollback()
        self.session.expire_all()


@pytest.fixture
def cast(app: Flask, session: Session, clock: FixedClock) -> Cast:
    with atomic():
        return Cast(app, session)


def propose(cast: Cast, client: Institution, **changes: str) -> str:
    data = {"client": client.registration_number, "commission": "3.00", "valid_until": "2026-12-31"}
    answer = cast.of(cast.bob).post("/mandates/new", data=data | changes)
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def test_from_a_mandate_over_an_offer_to_a_deal_with_title(cast: Cast, session: Session) -> None:
    bob, carol, alice, amy = (cast.of(one) for one in (cast.bob, cast.carol, cast.alice, cast.amy))
    mandate = propose(cast, cast.buyer)
    assert "3.00 %" in carol.get(mandate).text
    assert carol.post(f"{mandate}/accept").status_code == 303
    assert "in force" in bob.get("/mandates").text

    form = f"/offers/new?lot={cast.lot.id}"
    assert cast.buyer.name in bob.get(form).text
    mandate_id = mandate.rsplit("/", 1)[1]
    offer_data = {"mandate_id": mandate_id, "price": "130000.00", "expires_at": "2026-03-10T12:00"}
    made = bob.post(form, data=offer_data)
    assert made.status_code == 303
    offer = made.location
    for one in (bob, carol, alice):
        assert "130,000.00 CNY" in one.get(offer).text
        assert cast.lot.title in one.get("/offers").text
    assert amy.post(f"{offer}/accept").status_code == 403
    assert alice.post(f"{offer}/accept").status_code == 303
    assert amy.post(f"{offer}/approve").status_code == 303
    assert amy.post(f"{offer}/approve").status_code == 409
    for decided in (carol, alice):
        notices = decided.get("/notices").text
        assert ">done<" in notices
        assert "to decide" not in notices

    cast.refresh()
    deal = session.scalars(select(Deal)).one()
    page = f"/deals/{deal.id}"
    assert cast.agency.name in alice.get(page).text
    assert f"/money/deals/{deal.id}/payment" in carol.get(page).text
    early = alice.post(f"{page}/steps/documents_signed", data={"document_reference": "contract 7"})
    assert early.status_code == 422
    assert "not paid yet" in early.text
    with atomic() as writing:
        service.mark_paid(writing, deal)
    olga = cast.of(cast.olga)
    for client, step in (
        (alice, "documents_signed"),
        (carol, "recordal_filed"),
        (olga, "recordal_confirmed"),
    ):
        assert "Record this step" in client.get(page).text
        answer = client.post(f"{page}/steps/{step}", data={"document_reference": f"paper of {step}"})
        assert answer.status_code == 303
    assert "paper of recordal_confirmed" in bob.get(page).text
    for client in (alice, carol, bob, olga):
        assert cast.lot.title in client.get("/deals").text
    assert alice.post(f"{page}/steps/nonsense", data={"document_reference": "x"}).status_code == 404


def test_a_buyer_confirms_what_the_sellers_agency_offers_for_it(cast: Cast, session: Session) -> None:
    with atomic():
        mandate = a_mandate(session, cast.agency, cast.bank)
    bob, carol, alice = (cast.of(one) for one in (cast.bob, cast.carol, cast.alice))
    data = {
        "mandate_id": str(mandate.id),
        "price": "130000",
        "expires_at": "2026-03-10T12:00",
        "buyer": cast.buyer.registration_number,
    }
    offer = bob.post(f"/offers/new?lot={cast.lot.id}", data=data).location
    early = alice.post(f"{offer}/accept")
    assert early.status_code == 422
    assert "not confirmed" in early.text
    assert "Confirm the offer" in carol.get(offer).text
    assert carol.post(f"{offer}/confirm").status_code == 303
    assert alice.post(f"{offer}/refuse").status_code == 303


@pytest.mark.parametrize(
    "changes",
    [
        {"price": "0"},
        {"price": "1.005"},
        {"price": "1,000"},
        {"expires_at": "2026-03-01T00:00"},
        {"expires_at": ""},
        {"buyer": "NOBODY"},
        {"mandate_id": str(uuid.uuid4())},
    ],
)
def test_a_wrong_offer_is_shown_again(cast: Cast, session: Session, changes: dict[str, str]) -> None:
    with atomic():
        mandate = a_mandate(session, cast.agency, cast.bank)
    data = {"mandate_id": str(mandate.id), "price": "130000", "expires_at": "2026-03-10T12:00"}
    data["buyer"] = cast.buyer.registration_number
    answer = cast.of(cast.bob).post(f"/offers/new?lot={cast.lot.id}", data=data | changes)
    assert answer.status_code == 422
    cast.refresh()
    assert session.scalars(select(Offer)).all() == []


@pytest.mark.parametrize(
    "changes",
    [{"client": "NOBODY"}, {"commission": "51"}, {"commission": "x"}, {"valid_until": "2020-01-01"}],
)
def test_a_wrong_mandate_is_shown_again(cast: Cast, session: Session, changes: dict[str, str]) -> None:
    data = {
        "client": cast.buyer.registration_number,
        "commission": "3.00",
        "valid_until": "2026-12-31",
    }
    answer = cast.of(cast.bob).post("/mandates/new", data=data | changes)
    assert answer.status_code == 422
    cast.refresh()
    assert session.scalars(select(Mandate)).all() == []


def test_a_mandate_for_one_lot_is_declined_or_ended(cast: Cast, session: Session) -> None:
    bob, amy = cast.of(cast.bob), cast.of(cast.amy)
    assert cast.lot.title in bob.get(f"/mandates/new?lot={cast.lot.id}").text
    declined, ended = propose(cast, cast.bank, lot=str(cast.lot.id)), propose(cast, cast.bank)
    assert amy.post(f"{declined}/decline").status_code == 303
    assert amy.post(f"{ended}/accept").status_code == 303
    assert amy.post(f"{ended}/accept").status_code == 409
    assert bob.post(f"{ended}/end").status_code == 303
    cast.refresh()
    statuses = set(session.scalars(select(Mandate.status)).all())
    assert statuses == {MandateStatus.DECLINED, MandateStatus.ENDED}


def test_mallory_of_another_bank_finds_nothing(cast: Cast, session: Session, clock: FixedClock) -> None:
    with atomic():
        mandate = a_mandate(session, cast.agency, cast.buyer)
        offer = Offer(
            lot_id=cast.lot.id,
            mandate_id=mandate.id,
            buyer_id=cast.buyer.id,
            price_minor=13_000_000,
            currency="CNY",
            made_by_id=cast.bob.id,
            made_at=clock(),
            expires_at=clock() + timedelta(days=5),
        )
        session.add(offer)
        deal = service.agree(
            session,
            lot=cast.lot,
            source=DealSource.AUCTION,
            source_id=uuid.uuid4(),
            buyer_id=cast.buyer.id,
            price_minor=13_000_000,
            mandate_id=None,
            pay_by=clock() + timedelta(days=15),
        )
    mallory = cast.of(cast.mallory)
    for kind, row in (("mandates", mandate.id), ("offers", offer.id), ("deals", deal.id)):
        assert mallory.get(f"/{kind}/{row}").status_code == 404
        assert mallory.get(f"/{kind}/{uuid.uuid4()}").status_code == 404
        assert str(row) not in mallory.get(f"/{kind}").text
    for path in (
        f"/mandates/{mandate.id}/accept",
        f"/mandates/{mandate.id}/end",
        f"/offers/{offer.id}/accept",
        f"/offers/{offer.id}/refuse",
        f"/deals/{deal.id}/steps/documents_signed",
    ):
        assert mallory.post(path, data={"document_reference": "x"}).status_code == 404, path
    assert "130,000" not in mallory.get("/deals/today").text
    assert "130,000.00 CNY" in cast.of(cast.carol).get("/deals/today").text
    assert "You have to pay the price by 2026-03-17" in cast.of(cast.carol).get(f"/deals/{deal.id}").text
    cast.refresh()
    assert session.get_one(Deal, deal.id).status is DealStatus.AGREED


def test_visitors_are_sent_to_sign_in(app: Flask) -> None:
    for path in ("/mandates", "/offers", "/deals", f"/deals/{uuid.uuid4()}"):
        assert app.test_client().get(path).status_code == 303
