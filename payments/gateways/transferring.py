"""What payments asks of a gateway that pays payees, in our words."""

import uuid
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class AccountState:
    """A payee's account at the gateway.

    Attributes:
        ready: the gateway pays out to it.
        missing: what it still wants to know, in its own words.
    """

    object_id: str
    country: str
    ready: bool
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TransferAsk:
    """Money to a payee's account.

    Attributes:
        key: idempotency key: the same key never pays twice.
        row_id: our payout.
        account: the payee's account at the gateway.
        group: what the charges and transfers of one sale have in common.
        intent_id: the charge that paid for it, where one charge did; empty for money of our balance.
    """

    key: str
    minor: int
    currency: str
    row_id: uuid.UUID
    account: str
    group: str
    intent_id: str = ""


class Transferring(Protocol):
    """A gateway with accounts of payees. Every method raises as those of `Gateway` do."""

    def open_account(self, institution_id: uuid.UUID, country: str, key: str) -> AccountState:
        """A new account for a payee, to be completed on the gateway's own pages."""

    def onboarding_url(self, account: str, return_url: str) -> str:
        """Where the payee tells the gateway what it wants to know; it runs out after minutes."""

    def look_up_account(self, account: str) -> AccountState:
        """Ask how an account stands."""

    def transfer(self, ask: TransferAsk) -> str:
        """Pay a payee; returns the transfer's id."""

    def reverse(self, transfer_id: str, minor: int, key: str) -> str:
        """Take back a part of a transfer; refused where the payee's account holds less. Returns its id."""
