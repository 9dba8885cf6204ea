"""What each call to Stripe may carry, and what ours do carry; pure."""

from typing import Any

from payments.gateways import Ask, CardAsk
from payments.gateways.transferring import TransferAsk
from payments.ways import VIRTUAL_ACCOUNTS, Way

# The parameters each call may carry. Anything else would work here and fail on a test double, or the reverse.
ALLOWED: dict[str, frozenset[str]] = {
    "customers.create": frozenset({"name", "metadata"}),
    "setup_intents.create": frozenset({"customer", "usage", "payment_method_types", "metadata"}),
    "setup_intents.confirm": frozenset({"payment_method", "expand"}),
    "setup_intents.retrieve": frozenset({"expand"}),
    "payment_methods.detach": frozenset(),
    "payment_intents.create": frozenset(
        {
            "amount",
            "currency",
            "capture_method",
            "confirm",
            "customer",
            "off_session",
            "payment_method",
            "payment_method_options",
            "payment_method_types",
            "metadata",
            "expand",
            "payment_method_data",
            "transfer_group",
        }
    ),
    "customers.cash_balance.retrieve": frozenset(),
    "disputes.retrieve": frozenset(),
    "accounts.create": frozenset({"type", "country", "capabilities", "metadata"}),
    "accounts.retrieve": frozenset(),
    "account_links.create": frozenset({"account", "refresh_url", "return_url", "type"}),
    "transfers.create": frozenset(
        {"amount", "currency", "destination", "metadata", "source_transaction", "transfer_group"}
    ),
    "transfers.reversals.create": frozenset({"amount"}),
    "payment_intents.capture": frozenset({"amount_to_capture"}),
    "payment_intents.cancel": frozenset(),
    "payment_intents.increment_authorization": frozenset({"amount", "expand"}),
    "payment_intents.retrieve": frozenset({"expand"}),
    "refunds.create": frozenset({"payment_intent", "amount"}),
    "checkout.sessions.create": frozenset(
        {
            "mode",
            "success_url",
            "cancel_url",
            "client_reference_id",
            "customer",
            "line_items",
            "metadata",
            "payment_intent_data",
            "payment_method_options",
            "payment_method_types",
        }
    ),
    "checkout.sessions.expire": frozenset(),
    "checkout.sessions.retrieve": frozenset({"expand"}),
    "events.list": frozenset({"created", "delivery_success", "limit", "starting_after"}),
}

# The charge says how long a hold lasts and whether it can be raised.
CHARGE: dict[str, Any] = {"expand": ["latest_charge"]}

# WeChat Pay has to be told where its code is shown.
_ON_THE_WEB: dict[str, Any] = {"payment_method_options": {"wechat_pay": {"client": "web"}}}

# A euro account is kept in one of several countries; from anywhere in the euro zone one can pay to it.
_EURO_ACCOUNTS_IN = "IE"

# A hold that may last longer, and may be raised, where the card's network and issuer take part.
_LASTING = {
    "card": {
        "request_extended_authorization": "if_available",
        "request_incremental_authorization": "if_available",
    }
}


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
        **_options(capture_method),
        **CHARGE,
    }


def saved_card_params(ask: Ask, capture_method: str) -> dict[str, Any]:
    """A hold or charge on a card that was saved, while its holder is not there."""
    saved = intent_params(ask, capture_method, ask.card)
    return saved | {"customer": ask.customer, "off_session": True}


def page_params(ask: Ask, capture_method: str) -> dict[str, Any]:
    """A page of Stripe's on which the payer enters a card, or is sent on to a wallet."""
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
        "payment_method_types": [ask.way],
        "payment_intent_data": {
            "capture_method": capture_method,
            "metadata": {"row": str(ask.row_id)},
            **_group(ask),
        },
        **(_ON_THE_WEB if ask.way is Way.WECHAT_PAY else _options(capture_method)),
    }


def virtual_account_params(ask: Ask, customer: str) -> dict[str, Any]:
    """A charge that is paid by transfer to an account which Stripe keeps for this customer."""
    kind = VIRTUAL_ACCOUNTS[ask.currency]
    transfer: dict[str, Any] = {"type": kind}
    if kind == "eu_bank_transfer":
        transfer[kind] = {"country": _EURO_ACCOUNTS_IN}
    return {
        "amount": ask.minor,
        "currency": ask.currency.lower(),
        "confirm": True,
        "customer": customer,
        "payment_method_types": ["customer_balance"],
        "payment_method_data": {"type": "customer_balance"},
        "payment_method_options": {
            "customer_balance": {"funding_type": "bank_transfer", "bank_transfer": transfer}
        },
        "metadata": {"row": str(ask.row_id)},
        **_group(ask),
    }


def transfer_params(ask: TransferAsk, charge: str) -> dict[str, Any]:
    """Money of ours to a payee's account; `charge` is what paid for it, where one charge did."""
    source = {"source_transaction": charge} if charge else {}
    return {
        "amount": ask.minor,
        "currency": ask.currency.lower(),
        "destination": ask.account,
        "transfer_group": ask.group,
        "metadata": {"row": str(ask.row_id)},
        **source,
    }


def _group(ask: Ask) -> dict[str, Any]:
    return {"transfer_group": ask.group} if ask.group else {}


def customer_params(ask: CardAsk) -> dict[str, Any]:
    return {"name": ask.holder_name, "metadata": {"institution": str(ask.holder_id)}}


def setup_params(ask: CardAsk, customer: str) -> dict[str, Any]:
    """A card to be saved for use while its holder is not there."""
    return {
        "customer": customer,
        "usage": "off_session",
        "payment_method_types": ["card"],
        "metadata": {"row": str(ask.row_id)},
    }


def card_page_params(ask: CardAsk, customer: str) -> dict[str, Any]:
    """A page of Stripe's on which a card is entered and saved; Checkout saves it for use off session."""
    return {
        "mode": "setup",
        "success_url": ask.return_url,
        "cancel_url": ask.return_url,
        "client_reference_id": str(ask.row_id),
        "customer": customer,
        "payment_method_types": ["card"],
        "metadata": {"row": str(ask.row_id)},
    }


def _options(capture_method: str) -> dict[str, Any]:
    return {"payment_method_options": _LASTING} if capture_method == "manual" else {}
