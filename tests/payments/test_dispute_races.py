"""A dispute that arrives while the second officer approves: one is first, and no money leaves under it."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from crowd import at_once
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from stripe_fake import StripeFake

from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.errors import Conflict
from payments import service
from payments.disputes import invariants, queries
from payments.disputes import service as disputes
from payments.disputes.models import Dispute
from payments.gateways.disputing import DisputeState
from payments.models import Payout
from payments.releasing import Hold
from payments.rules import PayoutStatus
from payments.service import releasing

from .paid import Sale, bank_payout, collect, paid_by_card, pass_hold_back

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.parametrize("databases", ["postgresql"], indirect=True),
]


def told(sale: Sale, clock: FixedClock) -> DisputeState:
    """What the gateway says of a dispute about the sale's charge."""
    return DisputeState(
        object_id="dp_race",
        intent_id=sale.payment.gateway_object,
        minor=14_000_000,
        currency="CNY",
        taken_minor=14_000_000,
        status="needs_response",
        why="fraudulent",
        due_by=clock.moment + timedelta(days=7),
    )


def prepared(clock: FixedClock, fake: StripeFake) -> tuple[Sale, Payout]:
    sale = paid_by_card(clock, fake)
    pass_hold_back(clock)
    collect(sale)
    with atomic() as session:
        payout = bank_payout(session, sale)
        service.prepare_payout(session, sale.scene.olga, payout.id, "as settled")
    return sale, payout


def hear(sale: Sale, clock: FixedClock) -> Callable[[], None]:
    def act() -> None:
        with atomic() as session:
            disputes.heard(session, told(sale, clock))

    return act


def approve_and_pay(sale: Sale, payout: Payout) -> Callable[[], None]:
    def act() -> None:
        with atomic() as session:
            service.approve_payout(session, sale.scene.otto, payout.id, "as prepared")
        with atomic() as session:
            service.confirm_paid(session, sale.scene.olga, payout.id, "RACE-LINE")

    return act


def race(app: Flask, clock: FixedClock, sale: Sale, payout: Payout) -> tuple[list[Any], Payout]:
    """Both at the same moment, the dispute three times as its notices come; then the payout as it is."""
    acts = [approve_and_pay(sale, payout), *(hear(sale, clock) for _ in range(3))]
    outcomes = at_once(app, acts)
    with atomic() as session:
        return outcomes, session.get_one(Payout, payout.id, populate_existing=True)


def test_a_dispute_and_an_approval_come_one_after_the_other(
    app: Flask, clock: FixedClock, fake: StripeFake
) -> None:
    sale, payout = prepared(clock, fake)
    outcomes, after = race(app, clock, sale, payout)
    refusal = outcomes[0]
    assert outcomes[1:] == [None, None, None]
    if refusal is None:
        assert after.status is PayoutStatus.PAID
    else:
        assert isinstance(refusal, Conflict), refusal
        assert refusal.reason is Hold.DISPUTE_OPEN
        assert after.status in {PayoutStatus.PREPARED, PayoutStatus.APPROVED}
    with atomic() as session:
        assert session.scalars(select(Dispute)).one().taken_minor == 14_000_000
        assert {name: found for name, ask in invariants.CHECKS if (found := ask(session))} == {}
    with pytest.raises(Conflict), atomic() as session:
        service.approve_payout(session, sale.scene.otto, payout.id, "once more")


def held_by(session: Session, payout: Payout) -> bool:
    return any(one.hold is Hold.DISPUTE_OPEN for one in releasing.blockers_of(session, payout))


def test_a_release_waits_for_a_dispute_that_is_being_recorded(
    app: Flask, clock: FixedClock, fake: StripeFake
) -> None:
    """Without the lock on the payouts the release would look before the dispute is there, and go through."""
    sale, payout = prepared(clock, fake)
    order: list[str] = []

    def slow_dispute() -> None:
        with atomic() as session:
            disputes.heard(session, told(sale, clock))
            started.set()
            assert not finished.wait(0.3)
            order.append("dispute")

    def approval() -> None:
        started.wait(20)
        try:
            with atomic() as session:
                service.approve_payout(session, sale.scene.otto, payout.id, "as prepared")
        finally:
            finished.set()
            order.append("approval")

    started, finished = threading.Event(), threading.Event()
    outcomes = at_once(app, [slow_dispute, approval])
    assert outcomes[0] is None
    assert isinstance(outcomes[1], Conflict)
    assert order == ["dispute", "approval"]
    with atomic() as session:
        assert held_by(session, session.get_one(Payout, payout.id))


def test_the_planted_fault_goes_red(
    app: Flask, clock: FixedClock, fake: StripeFake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A release that does not look at disputes pays under one, and the check finds it."""
    sale, payout = prepared(clock, fake)
    hear(sale, clock)()
    clock.advance(seconds=1)

    def looks_away(*_: object) -> None:
        return None

    monkeypatch.setattr(queries, "open_dispute_about", looks_away)
    approve_and_pay(sale, payout)()
    with atomic() as session:
        broken = {name for name, ask in invariants.CHECKS if ask(session)}
    assert broken == {"no payout is paid while its sale is disputed"}
