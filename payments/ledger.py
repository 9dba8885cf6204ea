"""Double entry: money moves between accounts, every transaction sums to zero, and nobody goes below nothing.

A positive posting is a debit, a negative one a credit. Cash and what somebody owes are assets: debits raise
them. Everything else is a liability, money that belongs to somebody: credits raise it.

A transfer may be pending first, as a card hold or a guarantee is: it binds the money it would take, and adds
nothing to what it would give, until it is posted or voided, once (`payments.pending`).
"""

import hashlib
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from marketplace.errors import Refused
from payments.rules import Method, Reason


class Purpose(StrEnum):
    """What an account is for."""

    CASH = "cash"
    """Money on the bank's or the gateway's account."""
    AUTHORISED = "authorised"
    """Amounts on cards as they were booked before holds were pending transfers; nothing is added to it."""
    DEPOSIT_HELD = "deposit_held"
    BUYER_BALANCE = "buyer_balance"
    """Money of a buyer on one lot that is not yet, or no longer, bound to anything."""
    CREDIT = "credit"
    """Money of a party that is bound to no lot."""
    ESCROW = "escrow"
    """The price of a deal, until title is transferred."""
    HELD_BACK = "held_back"
    """A payee's money that is not paid out before the hold-back period ends."""
    FORFEITED = "forfeited"
    COST = "cost"
    COMMISSION = "commission"
    CLAIM = "claim"
    SURPLUS = "surplus"
    TAX = "tax"
    """Tax kept for the tax office."""
    COMPENSATION = "compensation"
    """Money of a risk-compensation pool, or that such a pool has paid in for somebody."""
    SUBSIDY = "subsidy"
    """Money of a subsidy fund, or that such a fund has paid in for somebody."""
    DEBT = "debt"
    """What a party owes: a chargeback or a refund of money that was passed on already."""
    DISPUTED = "disputed"
    """What a bank or the gateway has taken back while it is not decided yet for good."""
    WRITTEN_OFF = "written_off"
    """Debts that nobody will pay: the operator owes them to the account."""
    REFUND_DUE = "refund_due"
    """What a buyer gets back once those who were paid have given it back."""
    OWED_TO_GATEWAY = "owed_to_gateway"
    """What the gateway has taken back beyond what it held for us."""
    UNASSIGNED = "unassigned"
    """Money on the bank's statement of which it is not known yet whose it is."""
    TO_EXPLAIN = "to_explain"
    """Money that has left the bank account by its statement and is not explained by a payout yet."""
    BANK_FEE = "bank_fee"
    """What the bank has taken for itself: the operator owes it to the account."""
    OPERATOR = "operator"
    """The operator's own money on the bank account: an opening balance, interest."""


ASSETS = frozenset(
    {
        Purpose.CASH,
        Purpose.AUTHORISED,
        Purpose.DEBT,
        Purpose.DISPUTED,
        Purpose.WRITTEN_OFF,
        Purpose.TO_EXPLAIN,
        Purpose.BANK_FEE,
    }
)


class Phase(StrEnum):
    """What a transaction does to money: moves it, binds it, or lets go of what another one bound."""

    POSTED = "posted"
    PENDING = "pending"
    VOIDED = "voided"


class Layer(StrEnum):
    """Which balance of its account an entry counts toward: the posted one, or the pending ones up or down."""

    POSTED = "posted"
    PENDING = "pending"
    LIFTED = "lifted"


@dataclass(frozen=True, slots=True, order=True)
class AccountName:
    """One account: what for, in which currency, of which lot, whose.

    Attributes:
        lot_id: money of one lot never pays for another; None for cash and what else is all lots' together.
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
    layer: Layer = Layer.POSTED


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands on an account, in minor units.

    Attributes:
        balance: what is posted, debits positive.
        pending_debit, pending_credit: what transfers that wait would debit and credit; neither is negative.
    """

    balance: int = 0
    pending_debit: int = 0
    pending_credit: int = 0

    def with_posting(self, posting: Posting) -> "Standing":
        """The standing once the posting is made; a lifted one takes back a pending one of the other sign."""
        minor = posting.minor
        if posting.layer is Layer.POSTED:
            return Standing(self.balance + minor, self.pending_debit, self.pending_credit)
        if (posting.layer is Layer.PENDING) == (minor > 0):
            return Standing(self.balance, self.pending_debit + minor, self.pending_credit)
        return Standing(self.balance, self.pending_debit, self.pending_credit - minor)

    def available(self, purpose: Purpose) -> int:
        """What may be taken from the account: what is there, less what pending transfers would take."""
        if purpose in ASSETS:
            return self.balance - self.pending_credit
        return -self.balance - self.pending_debit


def cash(method: Method, currency: str) -> AccountName:
    return AccountName(Purpose.CASH, currency, None, str(method))


def movement(debit: AccountName, credit: AccountName, minor: int) -> tuple[Posting, Posting]:
    """Money in: debit cash, credit whose it is. Moved: debit from, credit to. Out: the reverse of in."""
    return Posting(debit, minor), Posting(credit, -minor)


def check_balanced(postings: Iterable[Posting]) -> None:
    """Refuse postings that do not sum to zero in every currency and layer, or that move nothing."""
    sums: dict[tuple[str, Layer], int] = {}
    for posting in postings:
        if posting.minor == 0:
            raise Refused(Reason.UNBALANCED)
        place = posting.account.currency, posting.layer
        sums[place] = sums.get(place, 0) + posting.minor
    if not sums or any(sums.values()):
        raise Refused(Reason.UNBALANCED)


def check_one_lot(postings: Iterable[Posting]) -> None:
    """Refuse postings that touch the money of two lots: one lot never pays for another."""
    if len({posting.account.lot_id for posting in postings} - {None}) > 1:
        raise Refused(Reason.TWO_LOTS)


def natural(purpose: Purpose, balance: int) -> int:
    """A balance as people read it: an asset's debit and a liability's credit are positive."""
    return balance if purpose in ASSETS else -balance


def after(
    standings: Mapping[AccountName, Standing], postings: Iterable[Posting]
) -> dict[AccountName, Standing]:
    """The standings of the accounts that the postings touch, once they are made.

    Raises:
        Refused: when the postings are not balanced, are of two lots, or take more than is there and free.
    """
    made = tuple(postings)
    check_balanced(made)
    check_one_lot(made)
    touched: dict[AccountName, Standing] = {}
    for posting in made:
        before = touched.get(posting.account) or standings.get(posting.account, Standing())
        touched[posting.account] = before.with_posting(posting)
    for account, standing in touched.items():
        if standing.available(account.purpose) < 0:
            raise Refused(Reason.OVERDRAWN, account=account.code)
    return touched


def proof(previous: str, key: str, at: datetime, line: int, posting: Posting) -> str:
    """The digest of an account's entries up to this one: each covers the one before, so none can be changed.

    `previous` is the proof of the account's entry before, empty for its first; key and time are the
    transaction's.
    """
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    parts = (previous, key, moment, str(line), posting.account.code, posting.layer, str(posting.minor))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
