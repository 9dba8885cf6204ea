"""What must hold of the ledger at all times: each check returns what breaks it, and must return nothing."""

import uuid
from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from payments.ledger import ASSETS, AccountName, Layer, Phase, Posting, proof
from payments.models import Account, LedgerEntry, LedgerTransaction

# A broken invariant is told by its first rows; nobody reads a thousand.
SHOWN = 100
# The chain of proofs is read in portions of so many entries.
PORTION = 2000
# What an account is named by and stands at.
_HEAD = (
    Account.id,
    Account.code,
    Account.purpose,
    Account.currency,
    Account.lot_id,
    Account.party,
    Account.entry_count,
    Account.proof,
)


def found(session: Session, statement: Select[*tuple[Any, ...]], words: str) -> list[str]:
    """The first rows of a query that should have none, each as a sentence."""
    return [words.format(*row) for row in session.execute(statement.limit(SHOWN))]


def unbalanced_transactions(session: Session) -> list[str]:
    """I21: for each transaction, currency and layer the postings sum to zero."""
    total = func.sum(LedgerEntry.amount_minor)
    place = LedgerEntry.transaction_id, LedgerEntry.currency, LedgerEntry.layer
    statement = select(*place, total).group_by(*place).having(total != 0)
    return found(session, statement, "transaction {0} sums to {3} minor units of {1} ({2})")


def empty_transactions(session: Session) -> list[str]:
    """A transaction moves something."""
    statement = select(LedgerTransaction.id, LedgerTransaction.key).where(
        ~select(LedgerEntry.id).where(LedgerEntry.transaction_id == LedgerTransaction.id).exists()
    )
    return found(session, statement, "transaction {0} ({1}) has no entries")


def wrong_balances(session: Session) -> list[str]:
    """I22: what an account says of itself is the sum of its entries, all in the account's currency."""
    posted = _sum(LedgerEntry.layer == Layer.POSTED, LedgerEntry.amount_minor)
    debit = _sum(_raises_debit(), LedgerEntry.amount_minor)
    credit = _sum(_raises_credit(), -LedgerEntry.amount_minor)
    foreign = _sum(LedgerEntry.currency != Account.currency, 1)
    entries = func.count(LedgerEntry.id)
    kept = (
        (posted, Account.balance_minor),
        (debit, Account.pending_debit_minor),
        (credit, Account.pending_credit_minor),
        (entries, Account.entry_count),
    )
    statement = (
        select(Account.code, *(part for pair in kept for part in pair), foreign)
        .outerjoin(LedgerEntry, LedgerEntry.account_id == Account.id)
        .group_by(Account.id)
        .having(or_(*(summed != said for summed, said in kept), foreign != 0))
    )
    words = (
        "account {0} says {2} and pending {4} and {6} in {8} entries;"
        " its entries say {1} and {3} and {5} in {7} ({9} in another currency)"
    )
    return found(session, statement, words)


def _raises_debit() -> ColumnElement[bool]:
    """Entries that make up the pending debits: promised ones, and the taking back of promised ones."""
    return or_(
        and_(LedgerEntry.layer == Layer.PENDING, LedgerEntry.amount_minor > 0),
        and_(LedgerEntry.layer == Layer.LIFTED, LedgerEntry.amount_minor < 0),
    )


def _raises_credit() -> ColumnElement[bool]:
    return or_(
        and_(LedgerEntry.layer == Layer.PENDING, LedgerEntry.amount_minor < 0),
        and_(LedgerEntry.layer == Layer.LIFTED, LedgerEntry.amount_minor > 0),
    )


def _sum(condition: ColumnElement[bool], value: Any) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, value), else_=0)), 0)


def negative_accounts(session: Session) -> list[str]:
    """I23: nobody's money is below nothing, no cash account is, and no promise takes what is not there."""
    asset = Account.purpose.in_(ASSETS)
    below = or_(
        and_(asset, Account.balance_minor < Account.pending_credit_minor),
        and_(~asset, -Account.balance_minor < Account.pending_debit_minor),
        Account.pending_credit_minor < 0,
        Account.pending_debit_minor < 0,
    )
    statement = select(
        Account.code, Account.balance_minor, Account.pending_debit_minor, Account.pending_credit_minor
    ).where(below)
    return found(session, statement, "account {0} stands at {1}, promised {2} and {3}")


def transactions_of_two_lots(session: Session) -> list[str]:
    """I23: the money of one lot never pays for another: a transaction touches one lot only."""
    lots = func.count(func.distinct(Account.lot_id))
    statement = (
        select(LedgerTransaction.key, lots)
        .join(LedgerEntry, LedgerEntry.transaction_id == LedgerTransaction.id)
        .join(Account, Account.id == LedgerEntry.account_id)
        .group_by(LedgerTransaction.id)
        .having(lots > 1)
    )
    return found(session, statement, "transaction {0} moves the money of {1} lots")


def promises_ended_twice(session: Session) -> list[str]:
    """A pending transaction is posted or voided, once; nothing else is ended."""
    promise, endings = aliased(LedgerTransaction), func.count(LedgerTransaction.id)
    statement = (
        select(promise.key, promise.phase, endings)
        .join(LedgerTransaction, LedgerTransaction.resolves_id == promise.id)
        .group_by(promise.id)
        .having(or_(endings > 1, promise.phase != Phase.PENDING))
    )
    return found(session, statement, "transaction {0} is {1} and has {2} endings")


def endings_of_another_sum(session: Session) -> list[str]:
    """What ends a promise lets go of exactly what was promised, account by account."""
    own, its = aliased(LedgerEntry), aliased(LedgerEntry)
    lifted = (
        select(func.coalesce(func.sum(own.amount_minor), 0))
        .where(own.transaction_id == LedgerTransaction.id, own.layer == Layer.LIFTED)
        .where(own.account_id == its.account_id)
        .correlate(LedgerTransaction, its)
        .scalar_subquery()
    )
    promised = func.sum(its.amount_minor)
    statement = (
        select(LedgerTransaction.key, promised, lifted)
        .join(its, its.transaction_id == LedgerTransaction.resolves_id)
        .group_by(LedgerTransaction.id, LedgerTransaction.key, its.account_id)
        .having(promised + lifted != 0)
    )
    return found(session, statement, "transaction {0} ends a promise of {1} by {2}")


def entries_of_another_phase(session: Session) -> list[str]:
    """A transaction that is posted, pending or voided has no entries of another kind."""
    posted = LedgerTransaction.phase == Phase.POSTED
    wrong = or_(
        and_(posted, LedgerEntry.layer == Layer.PENDING),
        and_(posted, LedgerEntry.layer == Layer.LIFTED, LedgerTransaction.resolves_id.is_(None)),
        and_(LedgerTransaction.phase == Phase.PENDING, LedgerEntry.layer != Layer.PENDING),
        and_(LedgerTransaction.phase == Phase.VOIDED, LedgerEntry.layer != Layer.LIFTED),
        and_(LedgerTransaction.phase == Phase.VOIDED, LedgerTransaction.resolves_id.is_(None)),
    )
    statement = (
        select(LedgerTransaction.key, LedgerTransaction.phase, LedgerEntry.layer)
        .join(LedgerEntry, LedgerEntry.transaction_id == LedgerTransaction.id)
        .where(wrong)
    )
    return found(session, statement, "transaction {0} is {1} and has an entry that is {2}")


def broken_proofs(session: Session) -> list[str]:
    """Every entry of an account is numbered and proven with all before it; the account stands at the last."""
    statement = (
        select(
            LedgerEntry.account_id,
            LedgerEntry.line,
            LedgerEntry.amount_minor,
            LedgerEntry.layer,
            LedgerEntry.sequence,
            LedgerEntry.proof,
            LedgerTransaction.key,
            LedgerTransaction.at,
        )
        .join(LedgerTransaction, LedgerTransaction.id == LedgerEntry.transaction_id)
        .order_by(LedgerEntry.account_id, LedgerEntry.sequence)
        .execution_options(yield_per=PORTION)
    )
    accounts = {row.id: row for row in session.execute(select(*_HEAD))}
    heads: dict[uuid.UUID, tuple[int, str]] = {}
    problems: list[str] = []
    for entry in session.execute(statement):
        account = accounts[entry.account_id]
        count, previous = heads.get(account.id, (0, ""))
        name = AccountName(account.purpose, account.currency, account.lot_id, account.party)
        posting = Posting(name, entry.amount_minor, entry.layer)
        expected = proof(previous, entry.key, entry.at, entry.line, posting)
        if (entry.sequence, entry.proof) != (count + 1, expected):
            problems.append(
                f"account {name.code}: entry {entry.sequence} ({entry.key}) is not what was proven"
            )
        heads[account.id] = entry.sequence, entry.proof
    problems += [
        f"account {account.code} does not stand at its last entry"
        for account in accounts.values()
        if heads.get(account.id, (0, "")) != (account.entry_count, account.proof)
    ]
    return problems[:SHOWN]


CHECKS: tuple[tuple[str, Callable[[Session], list[str]]], ...] = (
    ("every ledger transaction sums to zero in each currency", unbalanced_transactions),
    ("every ledger transaction has entries", empty_transactions),
    ("every balance is the sum of its entries", wrong_balances),
    ("no account is below nothing", negative_accounts),
    ("no lot's money pays for another lot", transactions_of_two_lots),
    ("every promise is ended once at most", promises_ended_twice),
    ("what ends a promise lets go of what was promised", endings_of_another_sum),
    ("entries are of their transaction's phase", entries_of_another_phase),
    ("every entry is proven with all before it", broken_proofs),
)
