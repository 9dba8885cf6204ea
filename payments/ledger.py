"""Double entry: money moves between accounts, every transaction sums to zero, and nobody goes below nothing.

A positive posting is a debit, a negative one a credit. Cash and authorised card amounts are assets: debits
raise them. Everything else is a liability, money that belongs to somebody: credits raise it.
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from marketplace.errors import Refused
from payments.rules import Method, Reason


class Purpose(StrEnum):
    """What an account is for."""

    CASH = "cash"
    """Money on the bank's or the gateway's account."""
    AUTHORISED = "authorised"
    """Amounts held on buyers' cards, not yet captured."""
    DEPOSIT_HELD = "deposit_held"
    BUYER_BALANCE = "buyer_balance"
    """Money of a buyer that is not yet, or no longer, bound to anything."""
    ESCROW = "escrow"
    """The price of a deal, until title is transferred."""
    FORFEITED = "forfeited"
    COST = "cost"
    COMMISSION = "commission"
    CLAIM = "claim"
    SURPLUS = "surplus"


ASSETS = frozenset({Purpose.CASH, Purpose.AUTHORISED})


@dataclass(frozen=True, slots=True, order=True)
class AccountName:
    """One account: what for, in which currency, of which lot, whose.

    Attributes:
        lot_id: money of one lot never pays for another; None for cash, which is all lots' together.
        party: for cash the method by which it is kept, otherwise who it belongs to.
    """

    purpose: Purpose
    currency: str
    lot_id: uuid.UUID | None
    party: str

    @property
    def code(self) -> str:
        """The account's unique name."""
        return f"{self.purpose}:{self.currency}:{self.lot_id or '-'}:{self.party}"


@dataclass(frozen=True, slots=True)
class Posting:
    account: AccountName
    minor: int


def cash(method: Method, currency: str) -> AccountName:
    return AccountName(Purpose.CASH, currency, None, str(method))


def authorised(currency: str) -> AccountName:
    return AccountName(Purpose.AUTHORISED, currency, None, str(Method.STRIPE))


def kept_by(method: Method, *, captured: bool, currency: str) -> AccountName:
    """Where the money behind a held deposit is: in the bank, at the gateway, or still on the buyer's card."""
    card_only = method is Method.STRIPE and not captured
    return authorised(currency) if card_only else cash(method, currency)


def movement(debit: AccountName, credit: AccountName, minor: int) -> tuple[Posting, Posting]:
    """Money in: debit cash, credit whose it is. Moved: debit from, credit to. Out: the reverse of in."""
    return Posting(debit, minor), Posting(credit, -minor)


def check_balanced(postings: Iterable[Posting]) -> None:
    """Refuse postings that do not sum to zero in every currency, or that move nothing."""
    sums: dict[str, int] = {}
    for posting in postings:
        if posting.minor == 0:
            raise Refused(Reason.UNBALANCED)
        currency = posting.account.currency
        sums[currency] = sums.get(currency, 0) + posting.minor
    if not sums or any(sums.values()):
        raise Refused(Reason.UNBALANCED)


def natural(purpose: Purpose, balance: int) -> int:
    """A balance as people read it: an asset's debit and a liability's credit are positive."""
    return balance if purpose in ASSETS else -balance


def after(balances: Mapping[AccountName, int], postings: Iterable[Posting]) -> dict[AccountName, int]:
    """The balances (debits positive) of the accounts that the postings touch, once they are made.

    Raises:
        Refused: when the postings are not balanced, or an account would hold less than nothing.
    """
    made = tuple(postings)
    check_balanced(made)
    touched: dict[AccountName, int] = {}
    for posting in made:
        before = touched.get(posting.account, balances.get(posting.account, 0))
        touched[posting.account] = before + posting.minor
    for account, balance in touched.items():
        if natural(account.purpose, balance) < 0:
            raise Refused(Reason.OVERDRAWN, account=account.code)
    return touched
