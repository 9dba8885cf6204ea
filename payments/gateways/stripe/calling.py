"""Calls to Stripe: what they may carry is checked before, what went wrong is said in our words after."""

from collections.abc import Callable, Mapping
from typing import Any, cast

import stripe

from payments.gateways import AuthenticationNeeded, GatewayRefused, GatewayUnreachable
from payments.gateways.stripe.parameters import ALLOWED
from payments.rules import AUTHENTICATION_REQUIRED

# One initial attempt and two more, each with the same idempotency key.
NETWORK_RETRIES = 2


class Calling:
    """A connection to Stripe's v1 API.

    Args:
        api_key: the secret key.
        api_base: another address of the API, for a test double; empty for Stripe's own.

    Attributes:
        api: the v1 services of the client, such as `api.payment_intents.create`.
    """

    def __init__(self, api_key: str, *, api_base: str = "") -> None:
        addresses = cast("Any", {"api": api_base} if api_base else {})
        self.client = stripe.StripeClient(
            api_key, max_network_retries=NETWORK_RETRIES, base_addresses=addresses
        )
        self.api = self.client.v1

    def __call__(
        self, name: str, call: Callable[[Any, Any], Any], params: Mapping[str, Any], key: str = ""
    ) -> dict[str, Any]:
        """Make one call; the answer as a plain dict.

        Args:
            name: what `parameters.ALLOWED` calls it.
            call: a method of `api`, with the object's id bound where it takes one.
            params: what it carries; a parameter that is not in the call's list is a mistake of ours.
            key: idempotency key; empty for a read.

        Raises:
            AuthenticationNeeded: the payer's bank wants the payer there.
            GatewayRefused: Stripe says no, and will say no again.
            GatewayUnreachable: no answer, or none that tells whether it was done.
        """
        if foreign := set(params) - ALLOWED[name]:
            raise ValueError(f"{name} may not carry {sorted(foreign)}")
        try:
            answer = call(dict(params), {"idempotency_key": key} if key else {})
        except stripe.CardError as error:
            if error.code == AUTHENTICATION_REQUIRED:
                raise AuthenticationNeeded(AUTHENTICATION_REQUIRED) from error
            raise GatewayRefused(error.user_message or "refused") from error
        except (stripe.InvalidRequestError, stripe.IdempotencyError) as error:
            raise GatewayRefused(error.user_message or "refused") from error
        except stripe.StripeError as error:
            raise GatewayUnreachable(type(error).__name__) from error
        return cast("dict[str, Any]", answer.to_dict())
