"""Statements of account and trails: what a party had, got and has, and every fen of a deal."""

import csv
import io
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from builders import a_person, an_institution, signed_in
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader

from marketplace.access import Actor, InstitutionKind, Role
from marketplace.clock import LOCAL_ZONE, FixedClock
from marketplace.db import atomic
from marketplace.deals.models import Deal
from marketplace.errors import Refused
from marketplace.parties.models import Person
from payments import service
from payments.bookkeeping.rules import BookReason, Period, period

from .scene import (
    Scene,
    a_bidder,
    a_scene,
    bid,
    close_auction,
    deal_of,
    due_payouts,
    hold_by_bank,
    open_auction,
    payment_of,
    receive,
    transfer,
    work,
)

pages = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
TODAY = date(2026, 3, 10)


@dataclass
class Sold:
    """A lot sold for 150,000.00 to Carol; the claim of 120,000.00 paid out to the bank."""

    app: Flask
    scene: Scene
    carol: Actor
    deal: Deal

    def of(self, actor: Actor) -> FlaskClient:
        with atomic() as session:
            person = session.get_one(Person, actor.person_id)
        return signed_in(self.app.test_client(), person)

    def stranger(self) -> FlaskClient:
        with atomic() as session:
            institution = an_institution(session, InstitutionKind.BUYER)
            person = a_person(session, institution, "Mallory", frozenset(Role))
        return signed_in(self.app.test_client(), person)


@pytest.fixture
def sold(app: Flask, clock: FixedClock) -> Sold:
    with atomic() as session:
        scene = a_scene(session, title="=Lathe")
        carol, carols = a_bidder(session, scene)
        dave, daves = a_bidder(session, scene)
    clock.advance(minutes=1)
    hold_by_bank(scene, carols, daves)
    open_auction(scene, clock)
    bid(scene, dave, "140000.00")
    bid(scene, carol, "150000.00")
    close_auction(scene, clock)
    with atomic() as session:
        deal = deal_of(session, scene)
        payment = payment_of(session, deal)
    clock.advance(days=3)
    receive(scene, payment, payment.amount_minor)
    transfer(scene, deal)
    work()
    with atomic() as session:
        claim = next(
            row.id for row in due_payouts(session) if row.institution_id == scene.bank.institution_id
        )
    for verb, actor, words in (
        (service.prepare_payout, scene.olga, "as settled"),
        (service.approve_payout, scene.otto, "as prepared"),
        (service.confirm_paid, scene.olga, "LINE-9"),
    ):
        with atomic() as session:
            verb(session, actor, claim, words)
    return Sold(app, scene, carol, deal)


@pages
def test_a_buyer_reads_where_its_money_went(sold: Sold) -> None:
    page = sold.of(sold.carol).get("/money/statement").text
    # Deposit in, held; the balance in; both into the price: nothing is left.
    assert "10,000.00 CNY" in page
    assert "140,000.00 CNY" in page
    assert "Price held for the deal" in page
    assert "0.00 CNY" in page
    assert '<th scope="col">Ledger account</th>' in page
    assert page.count("<tr>") == 1 + 1 + 1 + 6


@pages
def test_the_opening_balance_is_what_came_before(sold: Sold, clock: FixedClock) -> None:
    today = clock().astimezone(LOCAL_ZONE).date()
    client = sold.of(sold.carol)
    before = client.get(f"/money/statement.csv?until={today - timedelta(days=1)}")
    rows = list(csv.DictReader(io.StringIO(before.text.lstrip("\ufeff"))))
    assert [(row["Came in"], row["Went out"], row["Balance"]) for row in rows] == [
        ("10000.00", "", "10000.00"),
        ("", "10000.00", "0.00"),
        ("10000.00", "", "10000.00"),
    ]
    after = client.get(f"/money/statement.csv?since={today}")
    rows = list(csv.DictReader(io.StringIO(after.text.lstrip("\ufeff"))))
    assert [row["Balance"] for row in rows][-1] == "0.00"
    assert [row["Came in"] for row in rows if row["Came in"]] == ["140000.00"]
    assert sorted(row["Went out"] for row in rows if row["Went out"]) == ["10000.00", "140000.00"]
    assert not any(row["Balance"].startswith("-") for row in rows)
    assert "10,000.00 CNY" in client.get(f"/money/statement?since={today}").text


@pages
def test_case_43_a_title_is_never_run_as_a_formula(sold: Sold) -> None:
    """Text from users ran as a formula in the exported sheet elsewhere."""
    text = sold.of(sold.carol).get("/money/statement.csv").text
    assert "'=Lathe" in text
    assert ",=Lathe" not in text


@pages
def test_a_statement_is_a_paper_too(sold: Sold) -> None:
    answer = sold.of(sold.carol).get("/money/statement.pdf")
    assert answer.mimetype == "application/pdf"
    words = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)
    for wanted in ("Statement of account", "Closing balance", "140000.00", "=Lathe"):
        assert wanted in words


@pages
def test_who_may_read_whose_statement(sold: Sold) -> None:
    carol = sold.carol.institution_id
    for path in ("/money/statement", "/money/statement.csv", "/money/statement.pdf"):
        assert sold.stranger().get(f"{path}?party={carol}").status_code == 404
        assert sold.of(sold.scene.bank).get(f"{path}?party={carol}").status_code == 404
        assert sold.of(sold.scene.olga).get(f"{path}?party={carol}").status_code == 200
    bank = sold.of(sold.scene.olga).get("/money/statement?party=bank_transfer").text
    assert "Bank transfer" in bank
    assert "120,000.00 CNY" in bank
    assert sold.of(sold.scene.olga).get("/money/statement?party=" + "x" * 201).status_code == 404
    empty = sold.stranger().get("/money/statement")
    assert "No entries in this period" in empty.text


@pages
def test_a_bad_period_is_refused_beside_an_empty_one(sold: Sold) -> None:
    client = sold.of(sold.carol)
    for query in ("since=2026-05-01&until=2026-01-01", "since=1999-01-01", "until=tomorrow"):
        assert client.get(f"/money/statement?{query}").status_code == 422
        assert client.get(f"/money/statement.csv?{query}").status_code == 422


@pages
def test_too_many_lines_for_a_file_are_refused(sold: Sold, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("payments.bookkeeping.statement.MOST_LINES", 3)
    assert sold.of(sold.carol).get("/money/statement.csv").status_code == 422


@pages
def test_long_statements_come_in_pages(sold: Sold, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("payments.bookkeeping.routes.PER_PAGE", 4)
    client = sold.of(sold.carol)
    assert "Page 1 of 2" in client.get("/money/statement").text
    second = client.get("/money/statement?page=2").text
    assert second.count("<tr>") == 1 + 1 + 1 + 2


@pages
def test_the_seller_and_the_overseers_follow_every_fen(sold: Sold) -> None:
    address = f"/money/deals/{sold.deal.id}/trail"
    for reader in (sold.scene.bank, sold.scene.olga):
        page = sold.of(reader).get(address).text
        for words in ("Deposits held", "Price held for the deal", "Secured claims", "Surplus", "Payout"):
            assert words in page
        assert '<th scope="col">Account holder</th>' in page
        assert address in sold.of(reader).get(f"/money/deals/{sold.deal.id}/settlement").text
        assert address in sold.of(reader).get(f"/money/deals/{sold.deal.id}/ledger").text
    assert sold.of(sold.carol).get(address).status_code == 404
    assert sold.stranger().get(address).status_code == 404


@pages
def test_the_trail_of_a_lot_is_for_the_overseers(sold: Sold) -> None:
    address = f"/money/lots/{sold.scene.lot.id}/trail"
    page = sold.of(sold.scene.olga).get(address).text
    assert "Accounts of this lot" in page
    assert "Deposits held" in page
    assert sold.of(sold.scene.bank).get(address).status_code == 403
    missing = "/money/lots/00000000-0000-0000-0000-000000000001/trail"
    assert sold.of(sold.scene.olga).get(missing).status_code == 404


def test_what_a_period_is_when_nothing_is_said() -> None:
    assert period("", "", TODAY) == Period(date(2026, 2, 8), TODAY)
    assert period("2026-03-01", "2026-03-01", TODAY) == Period(date(2026, 3, 1), date(2026, 3, 1))
    begin, end = Period(TODAY, TODAY).bounds(LOCAL_ZONE)
    assert (begin.isoformat(), end - begin) == ("2026-03-09T16:00:00+00:00", timedelta(days=1))


@pytest.mark.parametrize(
    ("first", "last", "reason"),
    [
        ("2026-03-02", "2026-03-01", BookReason.PERIOD_BACKWARD),
        ("2010-03-02", "2026-03-01", BookReason.PERIOD_TOO_LONG),
        ("", "2026-02-30", BookReason.NOT_A_DAY),
        ("1999-12-31", "", BookReason.NOT_A_DAY),
    ],
)
def test_periods_that_are_none(first: str, last: str, reason: BookReason) -> None:
    with pytest.raises(Refused) as refused:
        period(first, last, TODAY)
    assert refused.value.reason is reason
