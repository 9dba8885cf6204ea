"""Payees' accounts at Stripe Connect, and separate transfers to them."""

import uuid
from collections.abc import Mapping
from functools import partial
from typing import Any

from payments.gateways.stripe.calling import Calling
from payments.gateways.stripe.parameters import transfer_params
from payments.gateways.transferring import AccountState, TransferAsk


class Transfers:
    """The calls about connected accounts, transfers and their reversals.

    Args:
        calling: the connection.
    """

    def __init__(self, calling: Calling) -> None:
        self.calling = calling

    def open_account(self, institution_id: uuid.UUID, country: str, key: str) -> AccountState:
        """As `Gateway.open_account`: an account whose pages Stripe keeps, for transfers only."""
        params = {
            "type": "express",
            "country": country,
            "capabilities": {"transfers": {"requested": True}},
            "metadata": {"institution": str(institution_id)},
        }
        return account_state(self.calling("accounts.create", self.calling.api.accounts.create, params, key))

    def onboarding_url(self, account: str, return_url: str) -> str:
        params = {
            "account": account,
            "refresh_url": return_url,
            "return_url": return_url,
            "type": "account_onboarding",
        }
        create = self.calling.api.account_links.create
        return str(self.calling("account_links.create", create, params, uuid.uuid4().hex)["url"])

    def look_up_account(self, account: str) -> AccountState:
        retrieve = partial(self.calling.api.accounts.retrieve, account)
        return account_state(self.calling("accounts.retrieve", retrieve, {}))

    def transfer(self, ask: TransferAsk) -> str:
        """As `Gateway.transfer`; tied to the charge that paid for it, so that it never runs ahead of it."""
        charge = self._charge(ask.intent_id) if ask.intent_id else ""
        create = self.calling.api.transfers.create
        return str(self.calling("transfers.create", create, transfer_params(ask, charge), ask.key)["id"])

    def reverse(self, transfer_id: str, minor: int, key: str) -> str:
        create = partial(self.calling.api.transfers.reversals.create, transfer_id)
        return str(self.calling("transfers.reversals.create", create, {"amount": minor}, key)["id"])

    def _charge(self, intent_id: str) -> str:
        retrieve = partial(self.calling.api.payment_intents.retrieve, intent_id)
        return str(self.calling("payment_intents.retrieve", retrieve, {}).get("latest_charge") or "")


def account_state(account: Mapping[str, Any]) -> AccountState:
    """An account in our words; pure."""
    due = (account.get("requirements") or {}).get("currently_due") or ()
    able = (account.get("capabilities") or {}).get("transfers") == "active"
    return AccountState(
        object_id=account["id"],
        country=account["country"],
        ready=able and bool(account.get("payouts_enabled")),
        missing=tuple(due),
    )
