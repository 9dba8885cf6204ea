"""The bank's statements beside the ledger: what the two say of the same account."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from payments import ledger
from payments.bank.models import BankAccount, BankLine, LineMatch, LineState
from payments.bank.rules.words import MatchKind
from payments.ledger import Phase
from payments.models import Account, LedgerEntry, LedgerTransaction
from payments.rules import Method

LIMIT = 1000

# How the keys begin under which the bank room books cash.
LINES, OPENING, FOUND_LATER = "lines:", "opening:", "line:"


@dataclass(frozen=True, slots=True)
class BankSide:
    """One currency. Minor units, what came in positive.

    Attributes:
        lines: the sum of all lines on statements.
        opening: what the operator's accounts held before their first statement.
        by_hand: what officers confirmed and no statement has shown yet.
        cash: what the ledger says stands at the bank.
    """

    currency: str
    lines: int
    opening: int
    by_hand: int
    cash: int

    @property
    def difference(self) -> int:
        """What nobody can explain: it must be nothing."""
        return self.cash - self.lines - self.opening - self.by_hand


def bank_beside_ledger(session: Session) -> list[BankSide]:
    """The bank lines against the ledger's cash at the bank, for every currency that either knows."""
    lines = _sums(session, select(BankLine.currency, func.sum(BankLine.amount_minor)), BankLine.currency)
    statement = select(BankAccount.currency, func.sum(BankAccount.opening_minor))
    opening = _sums(session, statement, BankAccount.currency)
    cash = {
        account.currency: account.balance_minor
        for account in session.scalars(select(Account).where(Account.code.like("cash:%")))
        if account.party == Method.BANK_TRANSFER
    }
    return [
        BankSide(
            currency,
            lines.get(currency, 0),
            opening.get(currency, 0),
            sum(minor for _, minor in booked_by_hand(session, currency, limit=None)),
            cash.get(currency, 0),
        )
        for currency in sorted({*lines, *opening, *cash})
    ]


def booked_by_hand(
    session: Session, currency: str, *, limit: int | None = LIMIT
) -> list[tuple[LedgerTransaction, int]]:
    """Transactions that changed the cash at the bank without a line, and by how much; the oldest first."""
    code = ledger.cash(Method.BANK_TRANSFER, currency).code
    minor = func.sum(LedgerEntry.amount_minor)
    shown = (
        select(LineMatch.subject_id)
        .join(LineState, LineState.match_id == LineMatch.id)
        .where(LineMatch.kind == MatchKind.BY_HAND)
    )
    key = LedgerTransaction.key
    sums = (
        select(LedgerTransaction.id.label("id"), minor.label("minor"))
        .join(LedgerEntry, LedgerEntry.transaction_id == LedgerTransaction.id)
        .join(Account, Account.id == LedgerEntry.account_id)
        .where(Account.code == code, LedgerTransaction.phase == Phase.POSTED)
        .where(~key.startswith(LINES), ~key.startswith(OPENING), ~key.startswith(FOUND_LATER))
        .where(LedgerTransaction.id.not_in(shown))
        .group_by(LedgerTransaction.id)
        .subquery()
    )
    statement = (
        select(LedgerTransaction, sums.c.minor)
        .join(sums, sums.c.id == LedgerTransaction.id)
        .order_by(LedgerTransaction.at, LedgerTransaction.key)
        .limit(limit)
    )
    return [(transaction, int(minor)) for transaction, minor in session.execute(statement)]


def _sums(session: Session, statement: object, column: object) -> dict[str, int]:
    rows = session.execute(statement.group_by(column))  # type: ignore[attr-defined]
    return {currency: int(minor or 0) for currency, minor in rows}
