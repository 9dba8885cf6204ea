"""What broke elsewhere with holds that ran out, with amounts, and with currencies: numbered failure cases."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from stripe_fake import StripeFake

from auctions.models import Registration
from marketplace.access import Actor
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.errors import Refused
from marketplace.notices.models import Notice
from marketplace.notices.rules import NoticeKind
from payments import service
from payments.gateways import GatewayState, Phase, registry
from payments.models import GatewayCall, LedgerTransaction, Payment
from payments.rules import CallVerb, DepositStatus, Method, PaymentStatus, Reason
from payments.service import balances, calls, states

from .card_scene import BOTH, SAVED, choose_card, gateways, poster, signed_in_as, with_card_deposits, won
from .scene import (
    a_bidder,
    a_scene,
    bid,
    close_auction,
    deal_of,
    default,
    deposit_of,
    open_auction,
    payment_of,
    work,
)

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def test_case_30_a_hold_runs_out_with_a_warning_and_its_bidder_waits(
    app: Flask, clock: FixedClock, client: FlaskClient, fake: StripeFake
) -> None:
    """A hold had expired unnoticed elsewhere, and its capture on the eighth day failed."""
    known = gateways(fake)
    registry.install(app, known)
    with atomic() as session:
        scene = a_scene(session, lasts=timedelta(days=10))
        carol, carols = a_bidder(session, scene)
    work(known)
    choose_card(carol, carols)
    work(known)
    with atomic() as session:
        fake.complete(deposit_of(session, carols).gateway_object)
    fake.deliver(poster(client))
    work(known)
    with atomic() as session:
        runs_out = deposit_of(session, carols).hold_expires_at
    assert runs_out == clock() + timedelta(days=7)
    open_auction(scene, clock)
    clock.move_to(runs_out - timedelta(hours=24, seconds=1))
    work(known)
    assert warnings(carol) == 0
    clock.advance(seconds=1)
    work(known)
    work(known)
    assert warnings(carol) == 1
    assert bid(scene, carol, "149000.00") == "accepted"
    clock.move_to(runs_out)
    work(known)
    with atomic() as session:
        deposit = deposit_of(session, carols)
        assert (deposit.status, deposit.registration.deposit_held) == (DepositStatus.REQUIRED, False)
    assert bid(scene, carol, "150000.00") == "refused:no_deposit"
    page = signed_in_as(client, carol).get(f"/money/registrations/{carols.id}/deposit").text
    assert "You can bid as soon as the deposit is held." in page


def warnings(actor: Actor) -> int:
    with atomic() as session:
        counted = select(func.count(Notice.id)).where(
            Notice.institution_id == actor.institution_id, Notice.kind == NoticeKind.HOLD_EXPIRING
        )
        return int(session.scalar(counted) or 0)


def test_case_32_what_a_gateway_allows_too_much_never_takes_the_ledger_below_zero(
    app: Flask, clock: FixedClock, fake: StripeFake
) -> None:
    """A gateway had allowed a refund of more than was paid: the ledger refuses to book it."""
    known = gateways(fake, SAVED)
    scene, [(carol, carols)] = with_card_deposits(clock, known, bidders=1)
    open_auction(scene, clock)
    bid(scene, carol, "150000.00")
    close_auction(scene, clock, known)
    with atomic() as session:
        payment = won(session, scene, carol)
    work(known)
    with atomic() as session:
        paid = payment_of(session, deal_of(session, scene))
        assert paid.status is PaymentStatus.SUCCEEDED
    with pytest.raises(Refused) as refused:
        give_back_what_is_spent(paid)
    assert refused.value.reason is Reason.OVERDRAWN
    with atomic() as session:
        states.answered(session, a_capture(session), captured_again(session, carols))
        assert deposit_of(session, carols).captured_minor == deposit_of(session, carols).amount_minor
    assert payment.id == paid.id
    work(known)


def test_case_32_a_deposit_is_forfeited_once(app: Flask, clock: FixedClock, fake: StripeFake) -> None:
    """A deposit had been forfeited twice: the second capture, even of more, books nothing."""
    known = gateways(fake, SAVED)
    scene, [(carol, carols)] = with_card_deposits(clock, known, bidders=1)
    open_auction(scene, clock)
    bid(scene, carol, "150000.00")
    close_auction(scene, clock, known)
    with atomic() as session:
        clock.move_to(deal_of(session, scene).pay_by + timedelta(seconds=1))
    default(scene, known)
    with atomic() as session:
        assert deposit_of(session, carols).status is DepositStatus.FORFEITED
        before = session.scalar(select(func.count(LedgerTransaction.id)))
        states.answered(session, a_capture(session), captured_again(session, carols))
    work(known)
    with atomic() as session:
        assert session.scalar(select(func.count(LedgerTransaction.id))) == before


def give_back_what_is_spent(paid: Payment) -> None:
    """The gateway says that it has given back a price that is the deal's already."""
    with atomic() as session:
        call = calls.prepare(
            session, CallVerb.REFUND, paid, minor=paid.amount_minor, gateway_object=paid.gateway_object
        )
        balances.refunded(session, session.get_one(Payment, paid.id), call)


def a_capture(session: Session) -> GatewayCall:
    return session.scalars(select(GatewayCall).where(GatewayCall.verb == CallVerb.CAPTURE)).one()


def captured_again(session: Session, registration: Registration) -> GatewayState:
    """The gateway says a second time, and of more, that it has captured."""
    deposit = deposit_of(session, registration)
    return GatewayState(
        deposit.gateway_object, Phase.PAID, deposit.amount_minor, "CNY", deposit.amount_minor * 2
    )


def test_case_34_yen_have_no_hundredths(
    app: Flask, clock: FixedClock, client: FlaskClient, fake: StripeFake
) -> None:
    """Yen had been multiplied by a hundred on their way to the gateway."""
    known = gateways(fake, SAVED)
    with atomic() as session:
        scene = a_scene(session, pack="open", currency="JPY", case=False, deposit_minor=1_000_000)
        carol, carols = a_bidder(session, scene)
    work(known)
    choose_card(carol, carols)
    work(known)
    with atomic() as session:
        deposit = deposit_of(session, carols)
        intent = fake.intents[deposit.gateway_object]
        assert (deposit.amount_minor, intent["amount"], intent["currency"]) == (1_000_000, 1_000_000, "jpy")
    page = signed_in_as(client, carol).get(f"/money/registrations/{carols.id}/deposit").text
    assert "1,000,000" in page
    assert "10,000.00" not in page


def test_case_34_the_ceiling_is_told_in_the_currency(app: Flask, clock: FixedClock) -> None:
    """The largest card payment is eight digits of whole yen, and the refusal says so."""
    with atomic() as session:
        scene = a_scene(session, pack="open", currency="JPY", case=False, deposit_minor=100_000_000,
                        start_price_minor=1_000_000_000, reference_price_minor=1_000_000_000)  # fmt: skip
        carol, carols = a_bidder(session, scene)
    work()
    with atomic() as session, pytest.raises(Refused) as refused:
        service.choose_method(session, carol, deposit_of(session, carols).id, Method.STRIPE, BOTH)
    assert (refused.value.reason, refused.value.details["most"]) == (Reason.ABOVE_CARD_CEILING, "99999999")
