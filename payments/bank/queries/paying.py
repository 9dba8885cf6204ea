"""Where a buyer pays to, and what of the buyer's money has come by lines of statements."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from payments.bank.models import BankAccount, BankLine, LineMatch, LineState, VirtualAccount
from payments.bank.rules.words import MatchKind
from payments.models import BankReceipt, Deposit, Payment

LIMIT = 100


@dataclass(frozen=True, slots=True)
class PayTo:
    """The account a transfer is sent to.

    Attributes:
        own: the number is this bidder's alone, for this lot.
    """

    holder: str
    bank: str
    number: str
    own: bool


@dataclass(frozen=True, slots=True)
class Arrived:
    """Money that came for a deposit or balance, by an officer's word or a line of a statement."""

    confirmed_at: datetime
    bank_reference: str
    amount_minor: int
    currency: str


def pay_to(session: Session, row: Deposit | Payment) -> PayTo | None:
    """The bidder's virtual account, else the operator's account in the currency; None where there is none."""
    given = select(VirtualAccount).where(
        VirtualAccount.institution_id == row.institution_id, VirtualAccount.lot_id == row.lot_id
    )
    virtual = session.scalars(given.limit(1)).first()
    if virtual is not None:
        account = virtual.bank_account
        return PayTo(account.holder, account.bank, virtual.number, own=True)
    entered = select(BankAccount).where(BankAccount.currency == row.currency).order_by(BankAccount.added_at)
    first = session.scalars(entered.limit(1)).first()
    return None if first is None else PayTo(first.holder, first.bank, first.number, own=False)


def arrived_for(session: Session, row: Deposit | Payment) -> list[Arrived]:
    """What came for a deposit or balance, in order."""
    column = BankReceipt.deposit_id if isinstance(row, Deposit) else BankReceipt.payment_id
    receipts = session.scalars(select(BankReceipt).where(column == row.id).limit(LIMIT))
    by_hand = [
        Arrived(one.confirmed_at, one.bank_reference, one.amount_minor, one.currency) for one in receipts
    ]
    matched = LineMatch.deposit_id if isinstance(row, Deposit) else LineMatch.payment_id
    lines = (
        select(LineMatch, BankLine)
        .join(LineState, LineState.match_id == LineMatch.id)
        .join(BankLine, BankLine.id == LineMatch.line_id)
        .where(matched == row.id, LineMatch.kind == MatchKind.BUYER)
        .limit(LIMIT)
    )
    by_line = [
        Arrived(
            found.matched_at,
            line.bank_reference or line.booked_on.isoformat(),
            line.amount_minor,
            line.currency,
        )
        for found, line in session.execute(lines)
    ]
    return sorted([*by_hand, *by_line], key=lambda one: (one.confirmed_at, one.bank_reference))
