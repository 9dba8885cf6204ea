"""The objects Stripe answers with, in our words; pure."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from payments.gateways import CardState, GatewayState, Phase

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
        may_increment=(card.get("incremental_authorization") or {}).get("status") == "available",
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


def setup_state(setup: Mapping[str, Any]) -> CardState:
    """A SetupIntent in our words, its payment method expanded where there is one."""
    method = setup.get("payment_method")
    method = method if isinstance(method, dict) else {"id": method or ""}
    details = method.get("card") or {}
    saved = setup["status"] == "succeeded"
    month, year = details.get("exp_month"), details.get("exp_year")
    return CardState(
        object_id=setup["id"],
        phase=Phase.HELD if saved else _PHASES.get(setup["status"], Phase.AWAITING),
        customer=setup.get("customer") or "",
        card=method["id"] if saved else "",
        brand=details.get("brand") or "",
        last_four=details.get("last4") or "",
        expiry=(month, year) if month and year else None,
    )


def card_page_state(session: Mapping[str, Any]) -> CardState:
    """A page on which a card is saved; once it is, what was saved."""
    setup = session.get("setup_intent")
    if session["status"] == "complete" and isinstance(setup, dict):
        return setup_state(setup)
    closed = session["status"] == "expired"
    return CardState(
        object_id=session["id"],
        phase=Phase.CANCELLED if closed else Phase.AWAITING,
        customer=session.get("customer") or "",
        hosted_url="" if closed else session.get("url") or "",
    )
