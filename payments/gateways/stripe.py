"""Stripe: the only file that speaks to it. Parameters come from one list per call, for the doubles' sake."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, cast

import stripe

from payments.gateways import (
    Ask,
    BadSignature,
    GatewayNotice,
    GatewayRefused,
    GatewayState,
    GatewayUnreachable,
)
from payments.gateways.stripe_objects import ALLOWED, intent_params, intent_state, page_params, page_state
from payments.rules import check_card_amount

# One initial attempt and two more, each with the same idempotency key.
NETWORK_RETRIES = 2

_PAGE_PREFIX = "cs_"


class StripeGateway:
    """Card holds and charges through Stripe's v1 API.

    Args:
        api_key: the secret key.
        webhook_secret: signs the notices.
        api_base: another address of the API, for a test double; empty for Stripe's own.
        payment_method: hold and charge this saved payment method directly instead of sending the payer to
            Stripe's page.
    """

    def __init__(
        self, api_key: str, webhook_secret: str, *, api_base: str = "", payment_method: str = ""
    ) -> None:
        addresses = cast("Any", {"api": api_base} if api_base else {})
        self._client = stripe.StripeClient(
            api_key, max_network_retries=NETWORK_RETRIES, base_addresses=addresses
        )
        self._api = self._client.v1
        self._webhook_secret = webhook_secret
        self._payment_method = payment_method

    def hold(self, ask: Ask) -> GatewayState:
        """As `Gateway.hold`; refuses amounts over eight digits."""
        return self._begin(ask, "manual")

    def charge(self, ask: Ask) -> GatewayState:
        """As `Gateway.charge`; refuses amounts over eight digits."""
        return self._begin(ask, "automatic")

    def capture(self, object_id: str, minor: int, key: str) -> GatewayState:
        capture = partial(self._api.payment_intents.capture, object_id)
        return intent_state(self._call("payment_intents.capture", capture, {"amount_to_capture": minor}, key))

    def release(self, object_id: str, key: str) -> GatewayState:
        """Cancel a hold; a page that the payer has not completed is closed."""
        page, intent_id = self._find(object_id)
        if page is not None:
            close = partial(self._api.checkout.sessions.expire, object_id)
            return page_state(self._call("checkout.sessions.expire", close, {}, key))
        cancel = partial(self._api.payment_intents.cancel, intent_id)
        return intent_state(self._call("payment_intents.cancel", cancel, {}, key))

    def refund(self, object_id: str, minor: int, key: str) -> GatewayState:
        params = {"payment_intent": object_id, "amount": minor}
        self._call("refunds.create", self._api.refunds.create, params, key)
        return self.look_up(object_id)

    def look_up(self, object_id: str) -> GatewayState:
        page, intent_id = self._find(object_id)
        if page is not None:
            return page_state(page)
        retrieve = partial(self._api.payment_intents.retrieve, intent_id)
        return intent_state(self._call("payment_intents.retrieve", retrieve, {"expand": ["latest_charge"]}))

    def read_notice(self, body: bytes, signature: str) -> GatewayNotice:
        try:
            event = self._client.construct_event(body, signature, self._webhook_secret).to_dict()
        except (ValueError, stripe.SignatureVerificationError) as error:
            raise BadSignature(str(error)) from None
        subject = event["data"]["object"]
        about_charge = subject.get("object") in {"charge", "refund", "dispute"}
        object_id = subject.get("payment_intent") if about_charge else subject.get("id")
        return GatewayNotice(event["id"], event["type"], str(object_id or ""))

    def _begin(self, ask: Ask, capture_method: str) -> GatewayState:
        check_card_amount(ask.minor, ask.currency)
        if self._payment_method:
            params = intent_params(ask, capture_method, self._payment_method)
            create = self._api.payment_intents.create
            return intent_state(self._call("payment_intents.create", create, params, ask.key))
        params = page_params(ask, capture_method)
        return page_state(
            self._call("checkout.sessions.create", self._api.checkout.sessions.create, params, ask.key)
        )

    def _find(self, object_id: str) -> tuple[dict[str, Any] | None, str]:
        """The page, as long as nothing was entered on it; otherwise the id of the PaymentIntent."""
        if not object_id.startswith(_PAGE_PREFIX):
            return None, object_id
        retrieve = partial(self._api.checkout.sessions.retrieve, object_id)
        page = self._call("checkout.sessions.retrieve", retrieve, {})
        intent_id = page.get("payment_intent")
        return (None, intent_id) if intent_id else (page, "")

    def _call(
        self, name: str, call: Callable[[Any, Any], Any], params: Mapping[str, Any], key: str = ""
    ) -> dict[str, Any]:
        """Make one call; the answer as a plain dict."""
        if foreign := set(params) - ALLOWED[name]:
            raise ValueError(f"{name} may not carry {sorted(foreign)}")
        try:
            answer = call(dict(params), {"idempotency_key": key} if key else {})
        except (stripe.CardError, stripe.InvalidRequestError, stripe.IdempotencyError) as error:
            raise GatewayRefused(error.user_message or "refused") from error
        except stripe.StripeError as error:
            raise GatewayUnreachable(type(error).__name__) from error
        return cast("dict[str, Any]", answer.to_dict())
