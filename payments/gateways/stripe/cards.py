"""Cards that are saved for later: a Customer per institution, a SetupIntent per card."""

from functools import partial
from typing import Any

from payments.gateways import CardAsk, CardState
from payments.gateways.stripe.calling import Calling
from payments.gateways.stripe.objects import card_page_state, setup_state
from payments.gateways.stripe.parameters import card_page_params, customer_params, setup_params

_PAGE_PREFIX = "cs_"
_METHOD = {"expand": ["payment_method"]}
_SETUP = {"expand": ["setup_intent.payment_method"]}


class Cards:
    """The calls about Customers, SetupIntents and PaymentMethods.

    Args:
        calling: the connection.
        payment_method: save this one directly instead of sending its holder to Stripe's page.
    """

    def __init__(self, calling: Calling, payment_method: str = "") -> None:
        self.calling = calling
        self._payment_method = payment_method

    def save_card(self, ask: CardAsk) -> CardState:
        """As `Gateway.save_card`: Checkout in setup mode, for use when the holder is not there."""
        customer = ask.customer or self._new_customer(ask)
        if self._payment_method:
            return self._save(ask, customer)
        create = self.calling.api.checkout.sessions.create
        params = card_page_params(ask, customer)
        return card_page_state(self.calling("checkout.sessions.create", create, params, ask.key))

    def look_up_card(self, object_id: str) -> CardState:
        if object_id.startswith(_PAGE_PREFIX):
            retrieve = partial(self.calling.api.checkout.sessions.retrieve, object_id)
            return card_page_state(self.calling("checkout.sessions.retrieve", retrieve, _SETUP))
        look = partial(self.calling.api.setup_intents.retrieve, object_id)
        return setup_state(self.calling("setup_intents.retrieve", look, _METHOD))

    def forget_card(self, card: str, key: str) -> None:
        detach = partial(self.calling.api.payment_methods.detach, card)
        self.calling("payment_methods.detach", detach, {}, key)

    def _new_customer(self, ask: CardAsk) -> str:
        create = self.calling.api.customers.create
        answer = self.calling("customers.create", create, customer_params(ask), f"{ask.key}-customer")
        return str(answer["id"])

    def _save(self, ask: CardAsk, customer: str) -> CardState:
        """In two calls, because a double cannot create and confirm in one."""
        create = self.calling.api.setup_intents.create
        setup = self.calling("setup_intents.create", create, setup_params(ask, customer), ask.key)
        confirm = partial(self.calling.api.setup_intents.confirm, setup["id"])
        params: dict[str, Any] = {"payment_method": self._payment_method, **_METHOD}
        return setup_state(self.calling("setup_intents.confirm", confirm, params, f"{ask.key}-confirm"))
