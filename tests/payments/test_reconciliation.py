"""Reconciliation: every planted difference is found, each by itself; what agrees is said to agree."""

import json
from typing import Any

import pytest
from builders import a_person, an_institution, signed_in
from flask import Flask
from sqlalchemy import select, text
from stripe_fake import StripeFake

from marketplace.access import InstitutionKind, Role
from marketplace.clock import FixedClock
from marketplace.db import atomic, db
from marketplace.parties.models import Person
from payments.gateways import GatewayState, Phase
from payments.gateways.registry import install
from payments.models import Deposit
from payments.reconciliation import service
from payments.reconciliation.asking import reconcile
from payments.reconciliation.models import Reconciliation
from payments.reconciliation.rules import Booked, Comparison, agrees
from payments.rules import Method

from .card_scene import SAVED, gateways, with_card_deposits
from .scene import (
    Scene,
    a_bidder,
    a_scene,
    bid,
    close_auction,
    deal_of,
    hold_by_bank,
    open_auction,
    pay_out_everything,
    payment_of,
    receive,
    transfer,
    work,
)

sqlite = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@pytest.fixture
def settled(app: Flask, clock: FixedClock) -> Scene:
    """Sold, paid by bank transfer, settled and paid out."""
    with atomic() as session:
        scene = a_scene(session)
        carol, carols = a_bidder(session, scene)
        _, daves = a_bidder(session, scene)
    clock.advance(minutes=1)
    hold_by_bank(scene, carols, daves)
    open_auction(scene, clock)
    bid(scene, carol, "150000.00")
    close_auction(scene, clock)
    with atomic() as session:
        deal = deal_of(session, scene)
        payment = payment_of(session, deal)
    receive(scene, payment, payment.amount_minor)
    transfer(scene, deal)
    work()
    pay_out_everything(scene)
    return scene


def test_what_agrees_is_said_to_agree_and_kept(app: Flask, settled: Scene) -> None:
    answer = app.test_cli_runner().invoke(args=["payments", "reconcile", "--json"])
    assert answer.exit_code == 0, answer.output
    said = json.loads(answer.output)
    assert said["agrees"] is True
    assert said["differences"] == []
    assert said["compared"]["entries"] > 5
    assert said["compared"]["rows"] > 5
    with atomic() as session:
        run = session.scalars(select(Reconciliation)).one()
    assert (str(run.id), run.person_id) == (said["run"], None)


PLANTS = [
    ("rows", "payout", "UPDATE payouts SET amount_minor = amount_minor + 1"),
    ("rows", "payment", "UPDATE payments SET amount_minor = amount_minor + 1"),
    ("rows", "deposit_held", "UPDATE deposits SET status = 'held'"),
    ("rows", "deal", "UPDATE deals SET status = 'agreed'"),
    (
        "rows",
        "settlement",
        "DROP TRIGGER settlements_no_update; UPDATE settlements SET received_minor = received_minor + 1",
    ),
    (
        "rows",
        "receipt",
        "DROP TRIGGER bank_receipts_no_update; UPDATE bank_receipts SET amount_minor = amount_minor + 1",
    ),
    ("entries", "balance", "UPDATE ledger_accounts SET balance_minor = balance_minor + 1"),
    ("entries", "proven", "UPDATE ledger_accounts SET proof = 'another'"),
]


@sqlite
def test_every_planted_difference_is_found(app: Flask, settled: Scene) -> None:
    for part, what, plant in PLANTS:
        found = Comparison()
        with atomic() as session:
            session.begin_nested()
            for statement in plant.split(";"):
                session.execute(text(statement))
            service.compare_entries(session, found)
            service.compare_rows(session, found)
            session.rollback()
        told = [" ".join(difference.written().values()) for difference in found.differences]
        assert any(words.startswith(part) and what in words for words in told), (plant, told)
        assert not found.agrees


@sqlite
def test_two_differences_that_make_up_for_each_other_are_both_listed(app: Flask, settled: Scene) -> None:
    with atomic() as session:
        amounts = session.execute(text("SELECT id FROM payouts ORDER BY id")).scalars().all()
        for payout_id, change in zip(amounts, (1, -1), strict=False):
            statement = text("UPDATE payouts SET amount_minor = amount_minor + :change WHERE id = :id")
            session.execute(statement, {"change": change, "id": payout_id})
    plain = app.test_cli_runner().invoke(args=["payments", "reconcile"])
    assert plain.exit_code == 1
    assert "differs:" in plain.output
    with atomic() as session:
        run = session.scalars(select(Reconciliation)).one()
    assert len([row for row in run.differences if row["what"].startswith("payout ")]) == 2


@sqlite
def test_holds_are_laid_beside_the_gateways_view(app: Flask, clock: FixedClock, fake: StripeFake) -> None:
    known = gateways(fake, SAVED)
    with_card_deposits(clock, known)
    install(app, known)
    run = reconcile(known)
    assert (run.agrees, run.compared["gateway"], run.compared["left"]) == (True, 2, 0)
    with atomic() as session:
        first, second = session.scalars(select(Deposit).order_by(Deposit.id))
        known[Method.STRIPE].release(first.gateway_object, "behind our back")
    run = reconcile(known)
    assert not run.agrees
    (difference,) = run.differences
    assert first.gateway_object in difference["what"]
    assert difference["theirs"].startswith("cancelled")
    assert second.gateway_object not in json.dumps(run.differences)


@sqlite
def test_what_is_not_looked_up_is_not_said_to_agree(app: Flask, clock: FixedClock, fake: StripeFake) -> None:
    known = gateways(fake, SAVED)
    with_card_deposits(clock, known)
    limited = reconcile(known, most=1)
    assert (limited.agrees, limited.compared["gateway"], limited.compared["left"]) == (False, 1, 1)
    switched_off = reconcile({})
    assert (switched_off.agrees, switched_off.compared["left"]) == (False, 2)
    with atomic() as session:
        for deposit in session.scalars(select(Deposit)):
            deposit.gateway_object = "pi_unknown_" + deposit.gateway_object
    unknown = reconcile(known)
    assert [row["theirs"].split(":")[0] for row in unknown.differences] == ["no answer", "no answer"]


@sqlite
@pytest.mark.parametrize("arguments", [["--by", "nobody@example.com"], ["--most", "-1"], ["--nonsense"]])
def test_a_wrong_call_exits_two(app: Flask, arguments: list[str]) -> None:
    assert app.test_cli_runner().invoke(args=["payments", "reconcile", *arguments]).exit_code == 2


@sqlite
def test_the_money_desk_shows_who_reconciled_when(app: Flask, settled: Scene, clock: FixedClock) -> None:
    with atomic() as session:
        olga = session.get_one(Person, settled.olga.person_id)
        email, name = olga.email, olga.name
        mallory = a_person(
            session, an_institution(session, InstitutionKind.BUYER), "Mallory", frozenset(Role)
        )
    desk, stranger = signed_in(app.test_client(), olga), signed_in(app.test_client(), mallory)
    answer = app.test_cli_runner().invoke(args=["payments", "reconcile", "--by", email])
    assert answer.exit_code == 0, answer.output
    assert "agrees" in answer.output
    with atomic() as session:
        session.execute(text("UPDATE payouts SET amount_minor = amount_minor + 1"))
    clock.advance(minutes=1)
    reconcile({})
    assert "/money/reconciliations/latest" in desk.get("/money/desk").text
    assert "differs" in desk.get("/money/reconciliations/latest").text
    listed = desk.get("/money/reconciliations").text
    assert name in listed
    assert "Command line" in listed
    with atomic() as session:
        run = session.scalars(select(Reconciliation).where(~Reconciliation.agrees)).one()
    page = desk.get(f"/money/reconciliations/{run.id}").text
    assert "The other side says" in page
    assert "payout " in page
    for address in ("", "/latest", f"/{run.id}"):
        assert stranger.get(f"/money/reconciliations{address}").status_code == 403
    assert desk.get("/money/reconciliations/00000000-0000-0000-0000-000000000001").status_code == 404
    db.session.remove()


def _state(phase: Phase, minor: int, received: int = 0, currency: str = "CNY") -> GatewayState:
    return GatewayState("pi_1", phase, minor, currency, received)


@pytest.mark.parametrize(
    ("booked", "state", "same"),
    [
        (Booked(5, 0, 0), _state(Phase.HELD, 5), True),
        (Booked(5, 0, 0), _state(Phase.HELD, 6), False),
        (Booked(0, 0, 0), _state(Phase.HELD, 5), False),
        (Booked(5, 0, 0), _state(Phase.HELD, 5, currency="USD"), False),
        (Booked(0, 5, 0), _state(Phase.PAID, 5, 5), True),
        (Booked(0, 5, 2), _state(Phase.PAID, 5, 3), True),
        (Booked(0, 5, 2), _state(Phase.PAID, 5, 5), True),
        (Booked(0, 5, 0), _state(Phase.PAID, 5, 4), False),
        (Booked(0, 0, 0), _state(Phase.PAID, 5, 5), False),
        (Booked(1, 5, 0), _state(Phase.PAID, 5, 5), False),
        (Booked(0, 0, 0), _state(Phase.CANCELLED, 5), True),
        (Booked(0, 5, 5), _state(Phase.CANCELLED, 5), True),
        (Booked(5, 0, 0), _state(Phase.CANCELLED, 5), False),
        (Booked(0, 5, 0), _state(Phase.AWAITING, 5), False),
    ],
)
def test_when_the_gateway_agrees(booked: Booked, state: Any, *, same: bool) -> None:
    assert agrees(booked, state, "CNY") is same
