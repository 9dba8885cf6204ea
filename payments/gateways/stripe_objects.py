"""The parameters we send to Stripe and the objects it answers with, in our words; pure."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from payments.gateways import Ask, GatewayState, Phase

# The parameters each call may carry. Anything else would work here and fail on a test double, or the reverse.
ALLOWED: dict[str, frozenset[str]] = {
    "payment_intents.create": frozenset(
        {
            "amount",
            "currency",
            "capture_method",
            "confirm",
            "payment_method",
            "payment_method_types",
            "metadata",
        }
    ),
    "payment_intents.capture": frozenset({"amount_to_capture"}),
    "payment_intents.cancel": frozenset(),
    "payment_intents.retrieve": frozenset({"expand"}),
    "refunds.create": frozenset({"payment_intent", "amount"}),
    "checkout.sessions.create": frozenset(
        {
            "mode",
            "success_url",
            "cancel_url",
            "client_reference_id",
            "line_items",
            "payment_intent_data",
            "payment_method_types",
        }
    ),
    "checkout.sessions.expire": frozenset(),
    "checkout.sessions.retrieve": frozenset(),
}

_PHASES = {"requires_capture": Phase.HELD, "succeeded": Phase.PAID, "canceled": Phase.CANCELLED}


def intent_state(intent: Mapping[str, Any]) -> GatewayState:
    """A PaymentIntent in our words; fields that a test double lacks are read from the charge."""
    charge = intent.get("latest_charge")
    charge = charge if isinstance(charge, dict) else {}
    received = intent.get("amount_received")
    if received is None:
        received = charge["amount"] - charge["amount_refunded"] if charge.get("captured") else 0
    card = (charge.get("payment_method_details") or {}).get("card") or {}
    expires = card.get("capture_before")
    return GatewayState(
        object_id=intent["id"],
        phase=_PHASES.get(intent["status"], Phase.AWAITING),
        minor=intent["amount"],
        currency=intent["currency"].upper(),
        received_minor=received,
        expires_at=datetime.fromtimestamp(expires, UTC) if expires else None,
        problem=(intent.get("last_payment_error") or {}).get("message") or "",
    )


def page_state(session: Mapping[str, Any]) -> GatewayState:
    """A page on which nothing has been paid yet, in our words."""
    closed = session["status"] == "expired"
    return GatewayState(
        object_id=session["id"],
        phase=Phase.CANCELLED if closed else Phase.AWAITING,
        minor=session["amount_total"],
        currency=session["currency"].upper(),
        hosted_url="" if closed else session.get("url") or "",
    )


def intent_params(ask: Ask, capture_method: str, payment_method: str) -> dict[str, Any]:
    """A hold or charge on a saved payment method."""
    return {
        "amount": ask.minor,
        "currency": ask.currency.lower(),
        "capture_method": capture_method,
        "confirm": True,
        "payment_method": payment_method,
        "payment_method_types": ["card"],
        "metadata": {"row": str(ask.row_id)},
    }


def page_params(ask: Ask, capture_method: str) -> dict[str, Any]:
    """A page of Stripe's on which the payer enters a card."""
    price = {
        "currency": ask.currency.lower(),
        "unit_amount": ask.minor,
        "product_data": {"name": ask.label},
    }
    return {
        "mode": "payment",
        "success_url": ask.return_url,
        "cancel_url": ask.return_url,
        "client_reference_id": str(ask.row_id),
        "line_items": [{"quantity": 1, "price_data": price}],
        "payment_method_types": ["card"],
        "payment_intent_data": {
            "capture_method": capture_method,
            "metadata": {"row": str(ask.row_id)},
        },
    }
