"""One contract for the card gateway, kept by the adapter against our fake and against localstripe."""

import json
import uuid

import pytest
import stripe_fake
from stripe_fake import StripeFake, sign
from stripe_fake.answers import clock_seconds

from marketplace.errors import Refused
from payments.gateways import Ask, BadSignature, GatewayRefused, GatewayState, GatewayUnreachable, Phase
from payments.gateways.stripe import StripeGateway
from payments.rules import Reason

from .card_scene import saved_card

DECLINED = "pm_card_chargeDeclined"


def ask(minor: int = 100_000, key: str = "") -> Ask:
    return Ask(key or uuid.uuid4().hex, minor, "CNY", uuid.uuid4(), "Deposit", "https://example.com/back")


def held(gateway: StripeGateway, minor: int = 100_000) -> GatewayState:
    return gateway.hold(ask(minor))


def test_a_hold_is_held_until_captured(gateway: StripeGateway) -> None:
    state = held(gateway)
    assert (state.phase, state.minor, state.currency, state.received_minor) == (Phase.HELD, 100_000, "CNY", 0)
    captured = gateway.capture(state.object_id, 100_000, "k" + state.object_id)
    assert (captured.phase, captured.received_minor) == (Phase.PAID, 100_000)
    assert gateway.look_up(state.object_id).phase is Phase.PAID


def test_part_of_a_hold_can_be_captured(gateway: StripeGateway) -> None:
    state = held(gateway)
    assert gateway.capture(state.object_id, 60_000, "k" + state.object_id).received_minor == 60_000


def test_a_released_hold_is_cancelled(gateway: StripeGateway) -> None:
    state = held(gateway)
    assert gateway.release(state.object_id, "k" + state.object_id).phase is Phase.CANCELLED
    assert gateway.look_up(state.object_id).phase is Phase.CANCELLED


def test_a_second_capture_and_a_second_release_are_refused(gateway: StripeGateway) -> None:
    captured, released = held(gateway), held(gateway)
    gateway.capture(captured.object_id, 100_000, "1" + captured.object_id)
    gateway.release(released.object_id, "1" + released.object_id)
    with pytest.raises(GatewayRefused):
        gateway.capture(captured.object_id, 100_000, "2" + captured.object_id)
    with pytest.raises(GatewayRefused):
        gateway.release(released.object_id, "2" + released.object_id)


def test_capturing_a_released_hold_takes_nothing(gateway: StripeGateway) -> None:
    """localstripe answers 200 to it; the state it answers with is what counts."""
    state = held(gateway)
    gateway.release(state.object_id, "1" + state.object_id)
    try:
        answer = gateway.capture(state.object_id, 100_000, "2" + state.object_id)
    except GatewayRefused:
        answer = gateway.look_up(state.object_id)
    assert answer.phase is Phase.CANCELLED


def test_a_charge_is_paid_and_can_be_refunded(gateway: StripeGateway) -> None:
    state = gateway.charge(ask())
    assert (state.phase, state.received_minor) == (Phase.PAID, 100_000)
    assert gateway.refund(state.object_id, 40_000, "r" + state.object_id).phase is Phase.PAID


def test_a_bad_card_is_refused(address: str) -> None:
    with pytest.raises(GatewayRefused):
        held(saved_card(address, DECLINED))


def test_an_unknown_object_is_refused(gateway: StripeGateway) -> None:
    with pytest.raises(GatewayRefused):
        gateway.look_up("pi_unknown")


def test_nine_digits_are_refused_before_the_call(gateway: StripeGateway) -> None:
    with pytest.raises(Refused) as refused:
        held(gateway, 100_000_000)
    assert refused.value.reason is Reason.ABOVE_CARD_CEILING
    assert refused.value.details["most"] == "999999.99"
    assert held(gateway, 99_999_999).phase is Phase.HELD


# What only the fake can do.


def test_over_capture_and_over_refund_are_refused(fake: StripeFake) -> None:
    gateway = saved_card(fake.base)
    state = held(gateway)
    with pytest.raises(GatewayRefused):
        gateway.capture(state.object_id, 100_001, "1" + state.object_id)
    gateway.capture(state.object_id, 100_000, "2" + state.object_id)
    with pytest.raises(GatewayRefused):
        gateway.refund(state.object_id, 100_001, "3" + state.object_id)


def test_one_key_holds_once(fake: StripeFake) -> None:
    gateway, once = saved_card(fake.base), ask(key="only-once")
    before = len(fake.intents)
    assert gateway.hold(once).object_id == gateway.hold(once).object_id
    assert len(fake.intents) == before + 1
    with pytest.raises(GatewayRefused):
        gateway.hold(ask(minor=5, key="only-once"))


def test_a_lost_answer_is_asked_for_again_with_the_same_key(fake: StripeFake) -> None:
    gateway, before = saved_card(fake.base), len(fake.intents)
    fake.broken_answers = 2
    assert held(gateway).phase is Phase.HELD
    assert len(fake.intents) == before + 1


def test_no_answer_at_all_is_not_a_refusal() -> None:
    with pytest.raises(GatewayUnreachable):
        saved_card("http://127.0.0.1:9").look_up("pi_x")


def test_a_hold_says_when_it_runs_out(fake: StripeFake) -> None:
    gateway = saved_card(fake.base)
    assert gateway.look_up(held(gateway).object_id).expires_at is not None


def test_the_payer_enters_the_card_on_the_hosted_page(fake: StripeFake) -> None:
    gateway = StripeGateway(stripe_fake.API_KEY, stripe_fake.WEBHOOK_SECRET, api_base=fake.base)
    page = gateway.hold(ask())
    assert (page.phase, page.minor) == (Phase.AWAITING, 100_000)
    assert page.hosted_url.startswith(fake.base)
    assert gateway.look_up(page.object_id).phase is Phase.AWAITING
    fake.complete(page.object_id)
    state = gateway.look_up(page.object_id)
    assert state.phase is Phase.HELD
    assert state.object_id.startswith("pi_")
    assert gateway.release(page.object_id, "r" + page.object_id).phase is Phase.CANCELLED


def test_a_page_nobody_completed_is_closed(fake: StripeFake) -> None:
    gateway = StripeGateway(stripe_fake.API_KEY, stripe_fake.WEBHOOK_SECRET, api_base=fake.base)
    page = gateway.hold(ask())
    assert gateway.release(page.object_id, "r" + page.object_id).phase is Phase.CANCELLED
    assert gateway.look_up(page.object_id).phase is Phase.CANCELLED


def test_a_parameter_outside_the_list_is_a_mistake(fake: StripeFake) -> None:
    with pytest.raises(ValueError, match="may not carry"):
        saved_card(fake.base).calling("refunds.create", print, {"reason": "x"})


BODY = json.dumps(
    {
        "id": "evt_1",
        "object": "event",
        "type": "charge.refunded",
        "created": clock_seconds(),
        "livemode": False,
        "data": {"object": {"object": "charge", "id": "ch_1", "payment_intent": "pi_1"}},
    }
).encode()


def test_a_signed_notice_is_read(fake: StripeFake) -> None:
    notice = saved_card(fake.base).read_notice(BODY, sign(BODY))
    assert (notice.event_id, notice.event_type, notice.object_id) == ("evt_1", "charge.refunded", "pi_1")


@pytest.mark.parametrize(
    ("body", "header"),
    [
        (BODY + b" ", sign(BODY)),
        (json.dumps(json.loads(BODY), indent=1).encode(), sign(BODY)),
        (BODY, sign(BODY, secret="whsec_other")),
        (BODY, sign(BODY, age=301)),
        (BODY, ""),
        (b"\xff", sign(b"\xff")),
        (b"not json", sign(b"not json")),
    ],
    # A signature holds the time: names made of it would differ between the processes of a test run.
    ids=["added to", "written otherwise", "other secret", "too old", "unsigned", "no text", "no JSON"],
)
def test_anything_else_is_not(fake: StripeFake, body: bytes, header: str) -> None:
    with pytest.raises(BadSignature):
        saved_card(fake.base).read_notice(body, header)
