"""The pages of money: who sees what, and what each lets one do."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

import pytest
from builders import a_person, an_institution, signed_in
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from auctions.models import Registration
from marketplace.access import Actor, InstitutionKind, Role
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.deals.models import Deal
from marketplace.parties.models import Person
from payments import queries
from payments.models import Payout
from payments.rules import DepositStatus, PayoutStatus

from .scene import (
    Scene,
    a_bidder,
    a_scene,
    bid,
    close_auction,
    deal_of,
    deposit_of,
    hold_by_bank,
    open_auction,
    payment_of,
    receive,
    transfer,
    work,
)

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
ENGLISH = {"Accept-Language": "en"}


@dataclass
class Browsers:
    """A client per person of the cast, each with its own cookie."""

    app: Flask

    def of(self, actor: Actor) -> FlaskClient:
        with atomic() as session:
            person = session.get_one(Person, actor.person_id)
        return signed_in(self.app.test_client(), person)

    def stranger(self, kind: InstitutionKind = InstitutionKind.BUYER) -> FlaskClient:
        with atomic() as session:
            institution = an_institution(session, kind)
            person = a_person(session, institution, "Mallory", frozenset(Role))
        return signed_in(self.app.test_client(), person)


@pytest.fixture
def browsers(app: Flask) -> Browsers:
    return Browsers(app)


@pytest.fixture
def started(app: Flask, clock: FixedClock) -> tuple[Scene, Actor, Registration]:
    with atomic() as session:
        scene = a_scene(session)
        carol, carols = a_bidder(session, scene)
    clock.advance(minutes=1)
    return scene, carol, carols


@pytest.fixture
def sold(started: tuple[Scene, Actor, Registration], clock: FixedClock) -> tuple[Scene, Actor, Deal]:
    scene, carol, carols = started
    hold_by_bank(scene, carols)
    open_auction(scene, clock)
    bid(scene, carol, "150000.00")
    close_auction(scene, clock)
    with atomic() as session:
        return scene, carol, deal_of(session, scene)


def test_a_bidder_pays_the_deposit(started: tuple[Scene, Actor, Registration], browsers: Browsers) -> None:
    scene, carol, carols = started
    page = browsers.of(carol)
    address = f"/money/registrations/{carols.id}/deposit"
    waiting = page.get(address, headers=ENGLISH).text
    assert "being prepared" in waiting
    assert f'href="{address}">Refresh' in waiting
    work()
    first = page.get(address, headers=ENGLISH).text
    assert "10,000.00 CNY" in first
    assert first.count("<input checked") == 1  # there is only a transfer, and nothing to choose
    assert page.post(address, data={}).status_code == 422
    assert page.post(address, data={"method": "stripe"}).status_code == 422
    assert page.post(address, data={"method": "bank_transfer"}).status_code == 303
    with atomic() as session:
        reference = deposit_of(session, carols).reference
    assert reference in page.get(address).text
    assert page.post(f"{address}/again").status_code == 303
    assert page.post(address, data={"method": "bank_transfer"}).status_code == 303
    desk = browsers.of(scene.olga)
    data = {
        "receipt-reference": reference.lower(),
        "receipt-amount": "4,000.00",
        "receipt-currency": "CNY",
        "receipt-bank_reference": "LINE-1",
    }
    assert desk.post("/money/desk/receipts", data=data).status_code == 303
    assert desk.post("/money/desk/receipts", data=data).status_code == 409
    assert "6,000.00 CNY" in page.get(address).text
    data |= {"receipt-amount": "6000.00", "receipt-bank_reference": "LINE-2"}
    assert desk.post("/money/desk/receipts", data=data).status_code == 303
    with atomic() as session:
        assert deposit_of(session, carols).status is DepositStatus.HELD
    assert "LINE-2" in page.get(address).text
    assert page.post(f"{address}/again").status_code == 409
    for path in ("/money", "/money/today"):
        assert page.get(path).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"receipt-amount": "1e5"},
        {"receipt-amount": "-1"},
        {"receipt-amount": "0.001"},
        {"receipt-amount": "12,34.00"},
        {"receipt-amount": "0"},
        {"receipt-currency": "XXX"},
        {"receipt-currency": "USD"},
        {"receipt-reference": "nonsense"},
        {"receipt-bank_reference": ""},
    ],
)
def test_what_is_wrong_on_the_desk_is_told_and_books_nothing(
    started: tuple[Scene, Actor, Registration], browsers: Browsers, wrong: dict[str, str]
) -> None:
    scene, _, carols = started
    work()
    with atomic() as session:
        reference = deposit_of(session, carols).reference
    data = {
        "receipt-reference": reference,
        "receipt-amount": "10000.00",
        "receipt-currency": "CNY",
        "receipt-bank_reference": "LINE-1",
    }
    answer = browsers.of(scene.olga).post("/money/desk/receipts", data=data | wrong)
    assert answer.status_code == 422
    with atomic() as session:
        assert deposit_of(session, carols).status is DepositStatus.REQUIRED
    work()


def test_money_goes_out_through_two_browsers(sold: tuple[Scene, Actor, Deal], browsers: Browsers) -> None:
    scene, carol, deal = sold
    buyer = browsers.of(carol)
    address = f"/money/deals/{deal.id}/payment"
    assert all(text in buyer.get(address).text for text in ("140,000.00 CNY", "required checked>"))
    assert buyer.post(address, data={}).status_code == 422
    assert buyer.post(address, data={"method": "bank_transfer"}).status_code == 303
    assert buyer.post(address, data={"method": "bank_transfer"}).status_code == 409
    assert buyer.post(f"{address}/again").status_code == 303
    olga, otto = browsers.of(scene.olga), browsers.of(scene.otto)
    costs = f"/money/deals/{deal.id}/costs"
    assert olga.get(costs).status_code == 200
    assert olga.post(costs, data={"payee": "Notary", "kind": "notary", "amount": "x"}).status_code == 422
    assert olga.post(costs, data={"payee": "Notary", "kind": "notary", "amount": "0"}).status_code == 422
    assert olga.post(costs, data={"payee": "Notary", "kind": "notary", "amount": "900"}).status_code == 303
    with atomic() as session:
        payment = payment_of(session, deal)
    receive(scene, payment, payment.amount_minor)
    transfer(scene, deal)
    work()
    with atomic() as session:
        payouts = list(session.scalars(select(Payout)))
    assert len(payouts) == 3
    assert olga.get("/money/desk").status_code == otto.get("/money/desk").status_code == 200
    for payout in payouts:
        base = f"/money/payouts/{payout.id}"
        assert olga.post(f"{base}/prepare", data={}).status_code == 422
        assert olga.post(f"{base}/prepare", data={"reason": "as settled"}).status_code == 303
        assert olga.post(f"{base}/approve", data={"reason": "mine"}).status_code == 403
        assert otto.post(f"{base}/send-back", data={"reason": "once more"}).status_code == 303
        assert olga.post(f"{base}/prepare", data={"reason": "once more"}).status_code == 303
        assert otto.get("/money/desk").status_code == 200
        assert otto.post(f"{base}/approve", data={"reason": "checked"}).status_code == 303
        assert olga.post(f"{base}/paid", data={}).status_code == 422
        assert olga.get("/money/desk").status_code == 200
        assert olga.post(f"{base}/paid", data={"bank_reference": "P-1"}).status_code == 303
    with atomic() as session:
        assert {payout.status for payout in session.scalars(select(Payout))} == {PayoutStatus.PAID}
    bank = browsers.of(scene.bank)
    statement = bank.get(f"/money/deals/{deal.id}/settlement").text
    assert "120,000.00 CNY" in statement
    assert "Taishan Holding" in statement
    assert "<svg" in statement
    seen_by_buyer = buyer.get(f"/money/deals/{deal.id}/settlement").text
    assert not any(text in seen_by_buyer for text in ("Taishan Holding", "120,000.00", "<table"))
    assert "Who is paid out of it is seen by those who are paid." in seen_by_buyer
    ledger = f"/money/deals/{deal.id}/ledger"
    assert "120,000.00" in bank.get(ledger).text
    assert "120,000.00" not in buyer.get(ledger).text
    assert "150,000.00" in bank.get("/money").text
    assert bank.get("/money/today").status_code == olga.get("/money/today").status_code == 200


def test_a_stranger_learns_nothing(
    sold: tuple[Scene, Actor, Deal], browsers: Browsers, client: FlaskClient
) -> None:
    scene, _, deal = sold
    with atomic() as session:
        registration_id = deposit_of_winner(session, deal)
    addresses = [
        f"/money/registrations/{registration_id}/deposit",
        f"/money/deals/{deal.id}/payment",
        f"/money/deals/{deal.id}/settlement",
        f"/money/deals/{deal.id}/ledger",
    ]
    for kind in (InstitutionKind.BUYER, InstitutionKind.BANK, InstitutionKind.AGENCY):
        mallory = browsers.stranger(kind)
        for address in addresses:
            assert mallory.get(address).status_code == 404, (kind, address)
        for address in (addresses[0], addresses[0] + "/again", addresses[1], addresses[1] + "/again"):
            assert mallory.post(address, data={"method": "bank_transfer"}).status_code == 404, address
        assert mallory.get("/money/desk").status_code == 403
        assert mallory.get(f"/money/deals/{deal.id}/costs").status_code == 403
        assert mallory.post(f"/money/payouts/{uuid.uuid4()}/prepare").status_code == 403
    for address in addresses:
        assert client.get(address).status_code == 303
        assert browsers.of(scene.olga).get(address).status_code == 200
    unknown = uuid.uuid4()
    olga = browsers.of(scene.olga)
    for address in (
        f"/money/registrations/{unknown}/deposit",
        f"/money/deals/{unknown}/payment",
        f"/money/deals/{unknown}/settlement",
    ):
        assert olga.get(address).status_code == 404
    assert olga.post(f"/money/payouts/{unknown}/prepare", data={"reason": "x"}).status_code == 404
    assert browsers.of(scene.bank).post(addresses[1], data={"method": "bank_transfer"}).status_code in {
        403,
        404,
    }


def deposit_of_winner(session: Session, deal: Deal) -> uuid.UUID:
    found = queries.deposit_of_deal(session, deal.id)
    assert found is not None
    return found.registration_id


def test_the_gateway_pays_the_bank(started: tuple[Scene, Actor, Registration], browsers: Browsers) -> None:
    scene, _, _ = started
    olga = browsers.of(scene.olga)
    data = {"collect-amount": "1.00", "collect-currency": "CNY", "collect-bank_reference": "S-1"}
    assert olga.post("/money/desk/collected", data=data).status_code == 422
    assert olga.post("/money/desk/collected", data=data | {"collect-amount": "x"}).status_code == 422


def test_no_deposit_no_page_to_pay_it(app: Flask, clock: FixedClock, browsers: Browsers) -> None:
    with atomic() as session:
        scene = a_scene(session, pack="open", deposit_minor=None)
        carol, carols = a_bidder(session, scene)
    page = browsers.of(carol).get(f"/money/registrations/{carols.id}/deposit", headers=ENGLISH)
    assert "No deposit is asked for" in page.text


def test_case_24_the_officer_decides_on_the_desk(
    sold: tuple[Scene, Actor, Deal], browsers: Browsers, clock: FixedClock
) -> None:
    """What is overdue stands there with both decisions, and only for those who handle money."""
    scene, carol, deal = sold
    work()
    clock.move_to(deal.pay_by + timedelta(seconds=1))
    work()
    with atomic() as session:
        payment = payment_of(session, deal)
    desk, url = browsers.of(scene.olga), f"/money/payments/{payment.id}"
    assert f"{url}/default" in desk.get("/money/desk").text
    assert f"{url}/default" not in browsers.of(scene.otto).get("/money/desk").text
    for stranger in (carol, scene.bank, scene.otto):
        for path in ("default", "more-time"):
            answer = browsers.of(stranger).post(f"{url}/{path}", data={"reason": "x", "days": "5"})
            assert answer.status_code == 403
    assert desk.post(f"{url}/default", data={"reason": ""}).status_code == 422
    for days in ("", "0", "61", "many"):
        assert desk.post(f"{url}/more-time", data={"reason": "Holiday", "days": days}).status_code == 422
    assert desk.post(f"{url}/more-time", data={"reason": "Holiday", "days": "5"}).status_code == 303
    assert desk.post(f"{url}/more-time", data={"reason": "Holiday", "days": "5"}).status_code == 409
    assert url not in desk.get("/money/desk").text
    clock.advance(days=4)
    work()
    again = browsers.of(scene.olga).post(f"{url}/default", data={"reason": "Not here"})
    assert again.status_code == 409
