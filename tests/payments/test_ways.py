"""The ways to pay a balance: what is offered and refused; virtual accounts; one charge, however told."""

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from stripe_fake import StripeFake

from marketplace.access import Actor
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.errors import Refused
from marketplace.money import EXPONENTS
from payments import service
from payments.gateways import registry
from payments.ledger import AccountName, Purpose
from payments.models import GatewayCall, Payment
from payments.rules import CARD_CEILING_MINOR, CallVerb, Method, PaymentStatus, Reason
from payments.service import books
from payments.ways import METHODS, VIRTUAL_ACCOUNTS, Barrier, Way, barrier, offers

from .card_scene import BOTH, gateways, poster
from .paid import cash
from .scene import (
    a_bidder,
    a_scene,
    bid,
    close_auction,
    deal_of,
    hold_by_bank,
    open_auction,
    payment_of,
    work,
)

BANK_ONLY = frozenset({Method.BANK_TRANSFER})


def open_ways(minor: int, currency: str, methods: frozenset[Method] = BOTH) -> set[str]:
    return {offer.way for offer in offers(minor, currency, methods) if offer.barrier is None}


def test_each_currency_has_its_ways() -> None:
    assert open_ways(100, "CNY") == {"bank_transfer", "card", "alipay", "wechat_pay"}
    assert open_ways(100, "EUR") == {"bank_transfer", "card", "alipay", "wechat_pay", "virtual_account"}
    assert open_ways(100, "JPY") == {"bank_transfer", "card", "alipay", "wechat_pay", "virtual_account"}
    assert open_ways(100, "MYR") == {"bank_transfer", "card", "alipay"}
    assert open_ways(100, "CHF") == {"bank_transfer", "card", "wechat_pay"}
    assert open_ways(100, "TWD") == {"bank_transfer", "card"}
    assert open_ways(100, "MXN") == {"bank_transfer", "card", "virtual_account"}


def test_there_is_never_a_virtual_account_for_yuan() -> None:
    assert "CNY" not in VIRTUAL_ACCOUNTS
    assert barrier(Way.VIRTUAL_ACCOUNT, 1, "CNY", BOTH) is Barrier.OTHER_CURRENCY


def test_the_ceiling_and_the_gateway() -> None:
    assert barrier(Way.CARD, CARD_CEILING_MINOR, "USD", BOTH) is None
    assert barrier(Way.CARD, CARD_CEILING_MINOR + 1, "USD", BOTH) is Barrier.ABOVE_CEILING
    assert barrier(Way.ALIPAY, 1, "USD", BANK_ONLY) is Barrier.NO_GATEWAY


@given(minor=st.integers(1, 10**15), currency=st.sampled_from(sorted(EXPONENTS)))
def test_a_bank_transfer_is_always_open(minor: int, currency: str) -> None:
    assert barrier(Way.BANK_TRANSFER, minor, currency, BANK_ONLY) is None
    assert {offer.way for offer in offers(minor, currency, BOTH)} == set(METHODS)


def won(clock: FixedClock, currency: str = "CNY", price: str = "150000.00") -> tuple[Payment, Actor]:
    """Carol has won and owes the balance."""
    with atomic() as session:
        scene = a_scene(session, case=False, currency=currency, pack="open")
        carol, carols = a_bidder(session, scene)
    clock.advance(minutes=1)
    hold_by_bank(scene, carols)
    open_auction(scene, clock)
    assert bid(scene, carol, price) == "accepted"
    close_auction(scene, clock)
    with atomic() as session:
        return payment_of(session, deal_of(session, scene)), carol


def choose(payment: Payment, carol: Actor, way: Way, offered: frozenset[Method] = BOTH) -> None:
    with atomic() as session:
        service.choose_payment_method(session, carol, payment.id, way, offered)


def now(payment: Payment) -> Payment:
    with atomic() as session:
        return session.get_one(Payment, payment.id)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_case_25_webhook_and_redirect_together_make_one_charge(
    app: Flask, clock: FixedClock, fake: StripeFake
) -> None:
    """The page's return and the notice each charged the buyer, by keys of their own."""
    known = gateways(fake)
    registry.install(app, known)
    payment, carol = won(clock)
    choose(payment, carol, Way.ALIPAY)
    work(known)
    page = now(payment)
    assert page.hosted_url.startswith(fake.base)
    before = len(fake.intents)
    fake.complete(page.gateway_object)
    client = app.test_client()
    # The payer comes back to our page while the notices arrive, twice each and in the wrong order.
    client.get(f"/money/deals/{payment.deal_id}/payment")
    fake.deliver(poster(client), copies=2, order=lambda events: events[::-1])
    work(known)
    clock.advance(minutes=1)
    work(known)
    fake.deliver(poster(client))
    work(known)
    assert now(payment).status is PaymentStatus.SUCCEEDED
    assert len(fake.intents) == before + 1
    assert cash(Method.STRIPE) == payment.amount_minor
    with atomic() as session:
        verbs = [call.verb for call in session.scalars(select(GatewayCall))]
        assert verbs.count(CallVerb.CHARGE) == 1
        assert CallVerb.REFUND not in verbs


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_what_cannot_be_used_is_refused_with_the_way_that_can(app: Flask, clock: FixedClock) -> None:
    payment, carol = won(clock)
    for way, reason in (
        (Way.VIRTUAL_ACCOUNT, Reason.CURRENCY_NOT_TAKEN),
        (Way.CARD, Reason.ABOVE_CARD_CEILING),
    ):
        with atomic() as session:
            session.get_one(Payment, payment.id).amount_minor = 100_000_000
        with pytest.raises(Refused) as refused:
            choose(payment, carol, way)
        assert refused.value.reason is reason
    with pytest.raises(Refused) as refused:
        choose(payment, carol, Way.CARD, BANK_ONLY)
    assert refused.value.reason is Reason.METHOD_NOT_OFFERED


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_case_34_yen_by_a_virtual_account_to_the_yen(app: Flask, clock: FixedClock, fake: StripeFake) -> None:
    """An amount in a currency without places was multiplied by a hundred."""
    known = gateways(fake)
    registry.install(app, known)
    payment, carol = won(clock, "JPY", "10000000")
    choose(payment, carol, Way.VIRTUAL_ACCOUNT)
    work(known)
    told = now(payment)
    intent = fake.intents[told.gateway_object]
    assert (intent["amount"], intent["currency"]) == (payment.amount_minor, "jpy")
    assert dict(told.transfer_details)["account_number"]
    credit = AccountName(Purpose.CREDIT, "JPY", None, str(payment.institution_id))
    for minor, expected in ((payment.amount_minor - 7, payment.amount_minor - 7), (12, 5)):
        fake.arrive(told.gateway_object, minor)
        fake.deliver(poster(app.test_client()))
        work(known)
        with atomic() as session:
            assert books.balance(session, credit) == expected
    assert now(payment).status is PaymentStatus.SUCCEEDED
    assert now(payment).credit_minor == 5
    with atomic() as session:
        held = books.balance(session, AccountName(Purpose.CASH, "JPY", None, "stripe"))
        assert held == payment.amount_minor
