"""Wallets, virtual accounts, disputes and transfers, kept by the adapter against our fake.

localstripe has none of these: it answers 404 or an error to each, which one test says.
"""

import uuid
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import stripe_fake
from stripe_fake import StripeFake

from marketplace.clock import FixedClock
from marketplace.errors import Refused
from payments.gateways import Ask, GatewayRefused, GatewayUnreachable, Phase
from payments.gateways.stripe import StripeGateway
from payments.gateways.stripe.disputes import dispute_state
from payments.gateways.transferring import TransferAsk
from payments.rules import Reason
from payments.ways import VIRTUAL_ACCOUNTS, Way


@pytest.fixture
def gateway(fake: StripeFake, clock: FixedClock) -> StripeGateway:
    return StripeGateway(stripe_fake.API_KEY, stripe_fake.WEBHOOK_SECRET, api_base=fake.base)


def ask(way: Way, minor: int = 100_000, currency: str = "USD") -> Ask:
    key = uuid.uuid4().hex
    known = Ask(key, minor, currency, uuid.uuid4(), "Balance", "https://example.com/back")
    return replace(known, way=way, group="deal-1")


@pytest.mark.parametrize("way", [Way.CARD, Way.ALIPAY, Way.WECHAT_PAY])
def test_a_page_is_paid_by_each_way(gateway: StripeGateway, fake: StripeFake, way: Way) -> None:
    page = gateway.charge(ask(way, currency="CNY"))
    assert (page.phase, page.minor) == (Phase.AWAITING, 100_000)
    fake.complete(page.object_id)
    paid = gateway.look_up(page.object_id)
    assert (paid.phase, paid.received_minor, paid.currency) == (Phase.PAID, 100_000, "CNY")
    assert gateway.refund(paid.object_id, 30_000, "r" + paid.object_id).phase is Phase.PAID


def test_a_wallet_refuses_a_currency_that_it_does_not_show(gateway: StripeGateway) -> None:
    with pytest.raises(GatewayRefused):
        gateway.charge(ask(Way.ALIPAY, currency="CHF"))


@pytest.mark.parametrize("way", [way for way in Way if way is not Way.BANK_TRANSFER])
def test_nine_digits_are_refused_before_the_call(gateway: StripeGateway, way: Way) -> None:
    with pytest.raises(Refused) as refused:
        gateway.charge(ask(way, 100_000_000))
    assert refused.value.reason is Reason.ABOVE_CARD_CEILING


@pytest.mark.parametrize("currency", [currency for currency in VIRTUAL_ACCOUNTS if currency != "MXN"])
def test_a_virtual_account_says_where_to_pay(gateway: StripeGateway, currency: str) -> None:
    state = gateway.charge(ask(Way.VIRTUAL_ACCOUNT, 5_000, currency))
    assert (state.phase, state.minor, state.currency) == (Phase.AWAITING, 5_000, currency)
    assert {"account_number", "reference"} <= dict(state.transfer_details).keys()
    assert state.customer.startswith("cus_")


def test_what_comes_in_part_and_what_is_too_much_stay_on_the_account(
    gateway: StripeGateway, fake: StripeFake
) -> None:
    state = gateway.charge(ask(Way.VIRTUAL_ACCOUNT))
    fake.arrive(state.object_id, 60_000)
    part = gateway.look_up(state.object_id)
    assert (part.phase, part.credit_minor, part.received_minor) == (Phase.AWAITING, 60_000, 0)
    fake.arrive(state.object_id, 45_000)
    paid = gateway.look_up(state.object_id)
    assert (paid.phase, paid.credit_minor, paid.received_minor) == (Phase.PAID, 5_000, 100_000)
    assert gateway.release(gateway.charge(ask(Way.VIRTUAL_ACCOUNT)).object_id, "x").phase is Phase.CANCELLED


def test_a_dispute_takes_the_money_until_it_is_won(gateway: StripeGateway, fake: StripeFake) -> None:
    page = gateway.charge(ask(Way.CARD))
    fake.complete(page.object_id)
    intent = gateway.look_up(page.object_id).object_id
    dispute = fake.dispute(intent)
    state = gateway.look_up_dispute(dispute)
    assert (state.intent_id, state.minor, state.taken_minor) == (intent, 100_000, 100_000)
    assert (state.status, state.why, state.currency) == ("needs_response", "fraudulent", "USD")
    assert state.due_by is not None
    fake.decide(dispute, won=True)
    assert gateway.look_up_dispute(dispute).taken_minor == 0
    with pytest.raises(GatewayRefused):
        gateway.look_up_dispute("dp_unknown")


def test_a_dispute_in_the_currency_of_our_balance() -> None:
    """Movements in another currency cannot be compared: they tell whether the amount is gone."""
    dispute = {
        "id": "dp_1",
        "payment_intent": None,
        "amount": 500,
        "currency": "jpy",
        "status": "needs_response",
        "reason": None,
        "evidence_details": {"due_by": 1_772_000_000},
        "balance_transactions": [{"amount": -310, "currency": "usd"}],
    }
    state = dispute_state(dispute)
    assert (state.taken_minor, state.intent_id, state.why) == (500, "", "")
    assert state.due_by == datetime.fromtimestamp(1_772_000_000, UTC)
    assert dispute_state(dispute | {"balance_transactions": []}).taken_minor == 0


def test_a_payee_is_paid_and_pays_back(gateway: StripeGateway, fake: StripeFake) -> None:
    account = gateway.open_account(uuid.uuid4(), "DE", uuid.uuid4().hex)
    assert (account.ready, account.missing != ()) == (False, True)
    assert account.object_id in gateway.onboarding_url(account.object_id, "https://example.com/back")
    to = TransferAsk(uuid.uuid4().hex, 40_000, "EUR", uuid.uuid4(), account.object_id, "deal-1")
    with pytest.raises(GatewayRefused):
        gateway.transfer(to)
    fake.onboard(account.object_id)
    assert gateway.look_up_account(account.object_id).ready
    to = replace(to, key=uuid.uuid4().hex)
    transfer = gateway.transfer(to)
    assert gateway.transfer(to) == transfer
    assert fake.balances[account.object_id] == 40_000
    assert gateway.reverse(transfer, 15_000, "1" + transfer).startswith("trr_")
    fake.pay_out(account.object_id)
    with pytest.raises(GatewayRefused):
        gateway.reverse(transfer, 1, "2" + transfer)


def test_a_transfer_never_runs_ahead_of_its_charge(gateway: StripeGateway, fake: StripeFake) -> None:
    page = gateway.charge(ask(Way.CARD))
    fake.complete(page.object_id)
    intent = gateway.look_up(page.object_id).object_id
    account = gateway.open_account(uuid.uuid4(), "US", uuid.uuid4().hex).object_id
    fake.onboard(account)
    to = TransferAsk(uuid.uuid4().hex, 80_000, "USD", uuid.uuid4(), account, "deal-1", intent)
    gateway.transfer(to)
    with pytest.raises(GatewayRefused):
        gateway.transfer(replace(to, key=uuid.uuid4().hex))


def test_a_mainland_payee_has_no_account(gateway: StripeGateway) -> None:
    with pytest.raises(GatewayRefused):
        gateway.open_account(uuid.uuid4(), "CN", uuid.uuid4().hex)


@pytest.mark.localstripe
def test_localstripe_has_none_of_these(localstripe_address: str, clock: FixedClock) -> None:
    other = StripeGateway(stripe_fake.API_KEY, stripe_fake.WEBHOOK_SECRET, api_base=localstripe_address)
    for call in (
        lambda: other.look_up_dispute("dp_1"),
        lambda: other.look_up_account("acct_1"),
        lambda: other.charge(ask(Way.ALIPAY)),
        lambda: other.charge(ask(Way.VIRTUAL_ACCOUNT)),
    ):
        with pytest.raises((GatewayRefused, GatewayUnreachable)):
            call()
