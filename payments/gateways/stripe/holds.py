"""Holds and charges on cards."""

from functools import partial
from typing import Any

from payments.gateways import Ask, AuthenticationNeeded, GatewayState, Phase
from payments.gateways.stripe import virtual_accounts
from payments.gateways.stripe.calling import Calling
from payments.gateways.stripe.objects import intent_state, page_state
from payments.gateways.stripe.parameters import CHARGE, intent_params, page_params, saved_card_params
from payments.rules import AUTHENTICATION_REQUIRED, check_card_amount
from payments.ways import Way

_PAGE_PREFIX = "cs_"


class Holds:
    """The calls about PaymentIntents, and about the pages that make one.

    Args:
        calling: the connection.
        payment_method: hold and charge this one directly instead of sending the payer to Stripe's page.
    """

    def __init__(self, calling: Calling, payment_method: str = "") -> None:
        self.calling = calling
        self._payment_method = payment_method

    def hold(self, ask: Ask) -> GatewayState:
        """As `Gateway.hold`; refuses amounts over eight digits, raises AuthenticationNeeded."""
        return self._begin(ask, "manual")

    def charge(self, ask: Ask) -> GatewayState:
        """As `Gateway.charge`; refuses amounts over eight digits."""
        if ask.way is Way.VIRTUAL_ACCOUNT:
            return virtual_accounts.open_account(self.calling, ask)
        return self._begin(ask, "automatic")

    def increment(self, object_id: str, minor: int, key: str) -> GatewayState:
        increment = partial(self.calling.api.payment_intents.increment_authorization, object_id)
        params = {"amount": minor, **CHARGE}
        return intent_state(self.calling("payment_intents.increment_authorization", increment, params, key))

    def capture(self, object_id: str, minor: int, key: str) -> GatewayState:
        capture = partial(self.calling.api.payment_intents.capture, object_id)
        params = {"amount_to_capture": minor}
        return intent_state(self.calling("payment_intents.capture", capture, params, key))

    def release(self, object_id: str, key: str) -> GatewayState:
        """Cancel a hold; a page that the payer has not completed is closed."""
        page, intent_id = self._find(object_id)
        if page is not None:
            close = partial(self.calling.api.checkout.sessions.expire, object_id)
            return page_state(self.calling("checkout.sessions.expire", close, {}, key))
        cancel = partial(self.calling.api.payment_intents.cancel, intent_id)
        return intent_state(self.calling("payment_intents.cancel", cancel, {}, key))

    def refund(self, object_id: str, minor: int, key: str) -> GatewayState:
        params = {"payment_intent": object_id, "amount": minor}
        self.calling("refunds.create", self.calling.api.refunds.create, params, key)
        return self.look_up(object_id)

    def look_up(self, object_id: str) -> GatewayState:
        page, intent_id = self._find(object_id)
        if page is not None:
            return page_state(page)
        retrieve = partial(self.calling.api.payment_intents.retrieve, intent_id)
        intent = self.calling("payment_intents.retrieve", retrieve, CHARGE)
        if virtual_accounts.is_one(intent):
            return virtual_accounts.state(self.calling, intent)
        return intent_state(intent)

    def _begin(self, ask: Ask, capture_method: str) -> GatewayState:
        check_card_amount(ask.minor, ask.currency)
        if ask.card:
            return self._without_payer(ask, saved_card_params(ask, capture_method))
        if self._payment_method and ask.way is Way.CARD:
            return self._create(ask, intent_params(ask, capture_method, self._payment_method))
        create = self.calling.api.checkout.sessions.create
        return page_state(
            self.calling("checkout.sessions.create", create, page_params(ask, capture_method), ask.key)
        )

    def _create(self, ask: Ask, params: dict[str, Any]) -> GatewayState:
        create = self.calling.api.payment_intents.create
        return intent_state(self.calling("payment_intents.create", create, params, ask.key))

    def _without_payer(self, ask: Ask, params: dict[str, Any]) -> GatewayState:
        """Stripe refuses where the payer would be needed; a double may leave the intent waiting instead."""
        state = self._create(ask, params)
        if state.phase is not Phase.AWAITING:
            return state
        self.release(state.object_id, f"{ask.key}-abandoned")
        raise AuthenticationNeeded(AUTHENTICATION_REQUIRED)

    def _find(self, object_id: str) -> tuple[dict[str, Any] | None, str]:
        """The page, as long as nothing was entered on it; otherwise the id of the PaymentIntent."""
        if not object_id.startswith(_PAGE_PREFIX):
            return None, object_id
        retrieve = partial(self.calling.api.checkout.sessions.retrieve, object_id)
        page = self.calling("checkout.sessions.retrieve", retrieve, {})
        intent_id = page.get("payment_intent")
        return (None, intent_id) if intent_id else (page, "")
