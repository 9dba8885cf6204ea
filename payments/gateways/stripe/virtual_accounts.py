"""Charges that are paid by transfer to a virtual account, one per payment (`customer_balance` at Stripe)."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from payments.gateways import Ask, GatewayState, Phase
from payments.gateways.stripe.calling import Calling
from payments.gateways.stripe.objects import intent_state
from payments.gateways.stripe.parameters import virtual_account_params
from payments.rules import check_card_amount

_KIND = "customer_balance"


def open_account(calling: Calling, ask: Ask) -> GatewayState:
    """An account for this payment alone, and the charge that waits for money on it."""
    check_card_amount(ask.minor, ask.currency)
    named = {"name": ask.label, "metadata": {"row": str(ask.row_id)}}
    customer = calling("customers.create", calling.api.customers.create, named, f"{ask.key}-customer")
    params = virtual_account_params(ask, customer["id"])
    create = calling.api.payment_intents.create
    return state(calling, calling("payment_intents.create", create, params, ask.key))


def is_one(intent: Mapping[str, Any]) -> bool:
    return _KIND in (intent.get("payment_method_types") or ())


def state(calling: Calling, intent: Mapping[str, Any]) -> GatewayState:
    """The charge in our words, with what stands on the account beside it.

    What has come in part is reserved for the charge; what is too much, or comes later, is the customer's.
    """
    known, customer = intent_state(intent), str(intent["customer"])
    told = (intent.get("next_action") or {}).get("display_bank_transfer_instructions") or {}
    waits = known.phase is Phase.AWAITING and "amount_remaining" in told
    reserved = known.minor - told["amount_remaining"] if waits else 0
    return replace(
        known,
        customer=customer,
        transfer_details=tuple(_details(told)),
        credit_minor=reserved + _available(calling, customer, known.currency),
    )


def _available(calling: Calling, customer: str, currency: str) -> int:
    ask = partial(calling.api.customers.cash_balance.retrieve, customer)
    balance = calling("customers.cash_balance.retrieve", ask, {})
    return int((balance.get("available") or {}).get(currency.lower(), 0))


def _details(told: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The account's details by Stripe's names, the first address alone, and the reference to be given."""
    for address in (told.get("financial_addresses") or ())[:1]:
        for name, value in address[address["type"]].items():
            if isinstance(value, str) and value:
                yield name, value
    if told.get("reference"):
        yield "reference", str(told["reference"])
