"""The ways in which the balance of a deal can be paid, and where each of them goes. Pure.

What the gateway takes in which currency: docs/paying-and-disputes.md names the sources.
"""

from dataclasses import dataclass
from enum import StrEnum

from payments.rules import CARD_CEILING_MINOR, Method


class Way(StrEnum):
    """How a payer sends the money."""

    BANK_TRANSFER = "bank_transfer"
    """To the marketplace's own account, with a reference; an officer confirms it."""
    CARD = "card"
    ALIPAY = "alipay"
    WECHAT_PAY = "wechat_pay"
    VIRTUAL_ACCOUNT = "virtual_account"
    """To an account that the gateway keeps for this payment alone."""


METHODS: dict[Way, Method] = {
    Way.BANK_TRANSFER: Method.BANK_TRANSFER,
    Way.CARD: Method.STRIPE,
    Way.ALIPAY: Method.STRIPE,
    Way.WECHAT_PAY: Method.STRIPE,
    Way.VIRTUAL_ACCOUNT: Method.STRIPE,
}

# What is meant where only the method is named.
PLAIN = {Method.BANK_TRANSFER: Way.BANK_TRANSFER, Method.STRIPE: Way.CARD}

# Whose payer can have the money taken back for weeks after it came: it is held back before it is paid out.
REVERSIBLE = frozenset({Way.CARD, Way.ALIPAY, Way.WECHAT_PAY})

# Presentment currencies, as Stripe's documentation of each names them.
ALIPAY_CURRENCIES = frozenset({"AUD", "CAD", "CNY", "EUR", "GBP", "HKD", "JPY", "MYR", "NZD", "SGD", "USD"})
WECHAT_CURRENCIES = frozenset({"AUD", "CAD", "CHF", "CNY", "EUR", "GBP", "HKD", "JPY", "SGD", "USD"})

# The kind of virtual account per currency; there is none for yuan.
VIRTUAL_ACCOUNTS = {
    "EUR": "eu_bank_transfer",
    "GBP": "gb_bank_transfer",
    "JPY": "jp_bank_transfer",
    "MXN": "mx_bank_transfer",
    "USD": "us_bank_transfer",
}

_CURRENCIES = {
    Way.ALIPAY: ALIPAY_CURRENCIES,
    Way.WECHAT_PAY: WECHAT_CURRENCIES,
    Way.VIRTUAL_ACCOUNT: frozenset(VIRTUAL_ACCOUNTS),
}


class Barrier(StrEnum):
    """Why a way cannot be used for a payment."""

    NO_GATEWAY = "no_gateway"
    OTHER_CURRENCY = "other_currency"
    ABOVE_CEILING = "above_ceiling"


@dataclass(frozen=True, slots=True)
class Offer:
    """A way, and what stands in the way of it; None where it can be used."""

    way: Way
    barrier: Barrier | None


def barrier(way: Way, minor: int, currency: str, methods: frozenset[Method]) -> Barrier | None:
    """Why `way` cannot pay `minor` of `currency` where the installation has `methods`; None where it can.

    A gateway that is not there is named first, then the currency, then the amount: the bank transfer is
    always open.
    """
    if METHODS[way] not in methods:
        return Barrier.NO_GATEWAY
    if way in _CURRENCIES and currency not in _CURRENCIES[way]:
        return Barrier.OTHER_CURRENCY
    if METHODS[way] is Method.STRIPE and minor > CARD_CEILING_MINOR:
        return Barrier.ABOVE_CEILING
    return None


def offers(minor: int, currency: str, methods: frozenset[Method]) -> tuple[Offer, ...]:
    """Every way in the order in which they are shown, with what stands in the way of each."""
    return tuple(Offer(way, barrier(way, minor, currency, methods)) for way in Way)
