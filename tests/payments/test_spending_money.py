"""The money behind a spending limit: paid in once, drawn on by won lots, freed by lost ones, taken back."""

import uuid

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from auctions.models import Registration
from auctions.refusals import RegistrationReason
from marketplace.access import Actor
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.errors import Conflict, Refused
from payments import service
from payments.rules import DepositStatus, PayoutKind
from payments.service import books
from payments.spending import service as spending
from payments.spending.models import LimitDeposit

from .scene import (
    DEPOSIT,
    PRICE,
    Scene,
    a_bidder,
    a_scene,
    bid,
    close_auction,
    deal_of,
    default,
    deposit_of,
    due_payouts,
    open_auction,
    pay_out_everything,
    payment_of,
    receive,
    work,
)
from .test_routes import Browsers

HELD = 5_000_000


def paid_in(scene: Scene, actor: Actor, minor: int = HELD) -> LimitDeposit:
    """The bidder has paid in for several lots."""
    with atomic() as session:
        row = spending.open_limit(session, actor, "CNY")
    with atomic() as session:
        service.confirm_receipt(
            session,
            scene.olga,
            reference=row.reference,
            minor=minor,
            currency="CNY",
            bank_reference=uuid.uuid4().hex,
        )
    return row


def covered(session: Session, actor: Actor, registration: Registration) -> None:
    spending.cover(session, actor, deposit_of(session, registration).id)


def a_covered_bidder(scene: Scene) -> tuple[Actor, Registration]:
    """A bidder whose deposit for several lots stands for this one."""
    with atomic() as session:
        carol, registration = a_bidder(session, scene)
    work()
    paid_in(scene, carol)
    with atomic() as session:
        covered(session, carol, registration)
    return carol, registration


def held_and_bound(actor: Actor) -> tuple[int, int]:
    with atomic() as session:
        return spending.reach(session, actor.institution_id, "CNY")


def test_a_won_lot_takes_its_deposit_out_of_the_limit(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        scene = a_scene(session, pack="cn-bank")
    carol, registration = a_covered_bidder(scene)
    open_auction(scene, clock)
    assert bid(scene, carol, "150000.00") == "accepted"
    assert held_and_bound(carol) == (HELD, PRICE // 4)
    close_auction(scene, clock)
    assert held_and_bound(carol) == (HELD - DEPOSIT, 0)
    with atomic() as session:
        deposit, payment = deposit_of(session, registration), payment_of(session, deal_of(session, scene))
        assert (deposit.status, deposit.deal_id) == (DepositStatus.HELD, payment.deal_id)
    receive(scene, payment, payment.amount_minor)
    with atomic() as session:
        assert deposit_of(session, registration).status is DepositStatus.APPLIED
    work()


def test_a_lost_lot_frees_the_limit(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        scene = a_scene(session, pack="cn-bank")
    carol, registration = a_covered_bidder(scene)
    open_auction(scene, clock)
    close_auction(scene, clock)
    assert held_and_bound(carol) == (HELD, 0)
    with atomic() as session:
        assert deposit_of(session, registration).status is DepositStatus.RELEASED
        assert not due_payouts(session)


def test_a_default_forfeits_the_lots_deposit_and_not_the_limit(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        scene = a_scene(session, pack="cn-bank")
    carol, registration = a_covered_bidder(scene)
    open_auction(scene, clock)
    bid(scene, carol, "150000.00")
    close_auction(scene, clock)
    clock.advance(days=20)
    default(scene)
    assert held_and_bound(carol) == (HELD - DEPOSIT, 0)
    with atomic() as session:
        assert deposit_of(session, registration).status is DepositStatus.FORFEITED


def test_what_is_free_goes_back_and_what_is_bound_stays(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        scene = a_scene(session, pack="cn-bank")
    carol, registration = a_covered_bidder(scene)
    open_auction(scene, clock)
    bid(scene, carol, "150000.00")
    with pytest.raises(Refused) as refused, atomic() as session:
        spending.take_back(session, carol, "CNY", HELD - PRICE // 4 + 1)
    assert refused.value.reason is RegistrationReason.LIMIT_BOUND
    with pytest.raises(Refused), atomic() as session:
        spending.uncover(session, carol, deposit_of(session, registration).id)
    with atomic() as session:
        payout = spending.take_back(session, carol, "CNY", HELD - PRICE // 4)
        assert (payout.kind, payout.lot_id) == (PayoutKind.RETURN, None)
    pay_out_everything(scene)
    assert held_and_bound(carol) == (PRICE // 4, PRICE // 4)
    with atomic() as session:
        assert books.balance(session, spending.held_account(carol.institution_id, "CNY")) == PRICE // 4
    work()


def test_the_lots_own_deposit_may_be_paid_after_all(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        scene = a_scene(session, pack="cn-bank")
    carol, registration = a_covered_bidder(scene)
    with atomic() as session:
        spending.uncover(session, carol, deposit_of(session, registration).id)
    with atomic() as session:
        place = session.get_one(Registration, registration.id)
        assert (place.deposit_held, place.spending_limit_id) == (False, None)
    with pytest.raises(Conflict), atomic() as session:
        spending.uncover(session, carol, deposit_of(session, registration).id)
    with atomic() as session:
        deposit = deposit_of(session, registration)
    receive(scene, deposit, DEPOSIT)
    with atomic() as session:
        assert deposit_of(session, registration).status is DepositStatus.HELD


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_the_pages_from_a_reference_to_taking_back(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        scene = a_scene(session, pack="cn-bank")
        carol, registration = a_bidder(session, scene)
    work()
    buyer = Browsers(app).of(carol)
    cover = f"/money/registrations/{registration.id}/cover"
    assert buyer.post(cover).status_code == 422
    assert buyer.post("/money/limit", data={"currency": "ZZZ"}).status_code == 422
    assert buyer.post("/money/limit", data={"currency": "CNY"}).status_code == 303
    row = paid_in(scene, carol)
    assert row.reference in buyer.get("/money/limit").text
    assert buyer.post(cover).status_code == 303
    assert (
        "covered by the deposit for several lots"
        in buyer.get(f"/money/registrations/{registration.id}/deposit").text
    )
    assert buyer.post("/money/limit/back", data={"amount": "60,000.00", "currency": "CNY"}).status_code == 422
    assert buyer.post("/money/limit/back", data={"amount": "1.00", "currency": "CNY"}).status_code == 303
    assert buyer.post(f"/money/registrations/{registration.id}/uncover").status_code == 303
    stranger = Browsers(app).stranger()
    assert stranger.post(cover).status_code in {403, 404}
