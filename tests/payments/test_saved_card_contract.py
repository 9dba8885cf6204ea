"""One contract for saved cards, kept by the adapter against our fake and against localstripe."""

import json
import uuid

import pytest
import stripe_fake
from stripe_fake import StripeFake

from payments.gateways import (
    Ask,
    AuthenticationNeeded,
    CardAsk,
    CardState,
    GatewayRefused,
    Phase,
)
from payments.gateways.stripe import StripeGateway

from .card_scene import saved_card


def card_ask(customer: str = "") -> CardAsk:
    back = "https://example.com/back"
    return CardAsk(uuid.uuid4().hex, uuid.uuid4(), uuid.uuid4(), "Carol Ltd", customer, back)


def ask_on(card: CardState, minor: int = 100_000, method: str = "") -> Ask:
    key, back = uuid.uuid4().hex, "https://example.com/back"
    return Ask(key, minor, "CNY", uuid.uuid4(), "Deposit", back, card.customer, method or card.card)


def whose_bank_wants_its_customer(gateway: StripeGateway, saved: CardState) -> str:
    """Another card of the same customer, as the gateway's own page would make it of a card's number."""
    client = gateway.calling.client
    card = {"number": "4000002760003184", "exp_month": 12, "exp_year": 2030, "cvc": "123"}
    made = json.loads(client.raw_request("post", "/v1/payment_methods", type="card", card=card).body)
    setup = client.v1.setup_intents.create({"customer": saved.customer})
    client.v1.setup_intents.confirm(setup.id, {"payment_method": made["id"]})
    return str(made["id"])


def test_a_card_is_saved_once_and_held_on_later(gateway: StripeGateway) -> None:
    saved = gateway.save_card(card_ask())
    assert saved.phase is Phase.HELD
    assert (saved.brand, saved.last_four, saved.expiry) == ("visa", "4242", (12, 2030))
    assert saved.customer.startswith("cus_")
    assert gateway.look_up_card(saved.object_id) == saved
    held = gateway.hold(ask_on(saved))
    assert (held.phase, held.minor) == (Phase.HELD, 100_000)
    assert gateway.capture(held.object_id, 60_000, "c" + held.object_id).received_minor == 60_000


def test_a_second_card_has_the_same_customer(gateway: StripeGateway) -> None:
    first = gateway.save_card(card_ask())
    second = gateway.save_card(card_ask(first.customer))
    assert second.customer == first.customer
    assert second.card != first.card


def test_a_saved_card_is_charged_without_its_holder(gateway: StripeGateway) -> None:
    charged = gateway.charge(ask_on(gateway.save_card(card_ask())))
    assert (charged.phase, charged.received_minor) == (Phase.PAID, 100_000)


def test_a_card_is_forgotten(gateway: StripeGateway) -> None:
    saved = gateway.save_card(card_ask())
    gateway.forget_card(saved.card, "f" + saved.card)


def test_a_bank_that_wants_to_see_its_customer_is_told_apart_from_a_refusal(address: str) -> None:
    gateway = saved_card(address)
    saved = gateway.save_card(card_ask())
    with pytest.raises(AuthenticationNeeded):
        gateway.hold(ask_on(saved, method=whose_bank_wants_its_customer(gateway, saved)))


def test_a_card_that_fails_later_is_refused(address: str) -> None:
    gateway = saved_card(address, "pm_card_chargeCustomerFail")
    saved = gateway.save_card(card_ask())
    with pytest.raises(GatewayRefused) as refused:
        gateway.hold(ask_on(saved))
    assert not isinstance(refused.value, AuthenticationNeeded)


# What only the fake can do.


def hosted(fake: StripeFake) -> StripeGateway:
    return StripeGateway(stripe_fake.API_KEY, stripe_fake.WEBHOOK_SECRET, api_base=fake.base)


def test_a_card_is_entered_on_the_gateways_page(fake: StripeFake) -> None:
    gateway = hosted(fake)
    page = gateway.save_card(card_ask())
    assert (page.phase, page.card) == (Phase.AWAITING, "")
    assert page.hosted_url.startswith(fake.base)
    fake.complete(page.object_id)
    saved = gateway.look_up_card(page.object_id)
    assert (saved.phase, saved.last_four, saved.hosted_url) == (Phase.HELD, "4242", "")
    assert gateway.hold(ask_on(saved)).phase is Phase.HELD


def test_a_card_of_another_customer_or_a_forgotten_one_holds_nothing(fake: StripeFake) -> None:
    gateway = saved_card(fake.base)
    mine, theirs = gateway.save_card(card_ask()), gateway.save_card(card_ask())
    with pytest.raises(GatewayRefused):
        gateway.hold(ask_on(mine, method=theirs.card))
    gateway.forget_card(mine.card, "f" + mine.card)
    with pytest.raises(GatewayRefused):
        gateway.hold(ask_on(mine))
    with pytest.raises(GatewayRefused):
        gateway.forget_card(mine.card, "g" + mine.card)


def test_a_declined_card_is_not_saved(fake: StripeFake) -> None:
    with pytest.raises(GatewayRefused):
        saved_card(fake.base, "pm_card_chargeDeclined").save_card(card_ask())


def test_how_long_a_hold_lasts_is_read_never_assumed(fake: StripeFake) -> None:
    gateway = saved_card(fake.base)
    saved = gateway.save_card(card_ask())
    alone, present = gateway.hold(ask_on(saved)), gateway.hold(_present())
    fake.extends = True
    extended = gateway.hold(ask_on(saved))
    assert alone.expires_at is not None
    assert present.expires_at is not None
    assert extended.expires_at is not None
    days = [
        (until - alone.expires_at).total_seconds() / 86400
        for until in (present.expires_at, extended.expires_at)
    ]
    assert [round(day, 2) for day in days] == [2.25, 25.25]


def _present() -> Ask:
    return Ask(uuid.uuid4().hex, 100_000, "CNY", uuid.uuid4(), "Deposit", "https://example.com/back")


def test_a_hold_is_raised_where_the_charge_says_so(fake: StripeFake) -> None:
    gateway = saved_card(fake.base)
    saved = gateway.save_card(card_ask())
    fixed = gateway.hold(ask_on(saved))
    assert not fixed.may_increment
    with pytest.raises(GatewayRefused):
        gateway.increment(fixed.object_id, 150_000, "i" + fixed.object_id)
    fake.increments = True
    raisable = gateway.hold(ask_on(saved))
    assert raisable.may_increment
    raised = gateway.increment(raisable.object_id, 150_000, "i" + raisable.object_id)
    assert (raised.minor, raised.phase, raised.may_increment) == (150_000, Phase.HELD, True)
    assert gateway.capture(raised.object_id, 150_000, "c" + raised.object_id).received_minor == 150_000


def test_a_hold_that_has_run_out_is_cancelled(fake: StripeFake) -> None:
    gateway = saved_card(fake.base)
    held = gateway.hold(ask_on(gateway.save_card(card_ask())))
    fake.expire_hold(held.object_id)
    assert gateway.look_up(held.object_id).phase is Phase.CANCELLED
    with pytest.raises(GatewayRefused):
        gateway.capture(held.object_id, 100_000, "c" + held.object_id)
