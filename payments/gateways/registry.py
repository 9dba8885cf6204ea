"""Which gateways this installation has."""

from typing import cast

from flask import Flask, current_app

from marketplace.config import Config
from payments.gateways import Gateway
from payments.gateways.stripe import StripeGateway
from payments.rules import Method

_EXTENSION = "payment_gateways"

Gateways = dict[Method, Gateway]


def gateways() -> Gateways:
    """The gateways of the running application; empty where only bank transfers are taken."""
    known = current_app.extensions.get(_EXTENSION)
    if known is None:
        known = current_app.extensions[_EXTENSION] = build(current_app.extensions["settings"])
    return cast("Gateways", known)


def install(app: Flask, known: Gateways) -> None:
    """Use these gateways, in tests and rehearsals."""
    app.extensions[_EXTENSION] = known


def build(settings: Config) -> Gateways:
    """The gateways that the configuration names."""
    if not settings.stripe_api_key:
        return {}
    secrets = [part.strip() for part in settings.stripe_webhook_secret.split(",")]
    stripe = StripeGateway(
        settings.stripe_api_key,
        [secret for secret in secrets if secret],
        account=settings.stripe_account,
        api_base=settings.stripe_api_base,
    )
    return {Method.STRIPE: stripe}


def offered() -> frozenset[Method]:
    """The ways to pay that are open here; a bank transfer always is."""
    return frozenset({Method.BANK_TRANSFER, *gateways()})
