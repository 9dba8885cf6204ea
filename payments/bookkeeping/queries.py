"""Named selects over the ledger: a party's entries, and the transactions of a deal or lot."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from marketplace.deals.models import Deal
from marketplace.listings.models import Lot
from marketplace.parties.models import Institution
from payments.ledger import Layer, Phase
from payments.models import Account, LedgerEntry, LedgerTransaction
from payments.rules import Method

# Nobody has accounts in more currencies, and no page shows more accounts or transactions at once.
CURRENCIES = 20
ACCOUNTS = 500

_METHODS = tuple(str(method) for method in Method)


def own_minor() -> ColumnElement[int]:
    """An entry as its party reads it: a credit is the party's, while of cash a debit is more."""
    return case((Account.party.in_(_METHODS), LedgerEntry.amount_minor), else_=-LedgerEntry.amount_minor)


def _own(party: str, *conditions: ColumnElement[bool]) -> Select[Any]:
    """The posted entries of a party's accounts, joined to their transactions."""
    return (
        select()
        .select_from(LedgerEntry)
        .join(Account, Account.id == LedgerEntry.account_id)
        .join(LedgerTransaction, LedgerTransaction.id == LedgerEntry.transaction_id)
        .where(Account.party == party, LedgerEntry.layer == Layer.POSTED, *conditions)
    )


def sums_of(session: Session, party: str, begin: datetime, end: datetime) -> Sequence[Any]:
    """Per currency (currency, opening, came in, went out) of a period; minor units, going out is negative."""
    minor = own_minor()
    inside = LedgerTransaction.at >= begin
    statement = (
        _own(party, LedgerTransaction.at < end)
        .add_columns(
            Account.currency,
            func.coalesce(func.sum(case((~inside, minor), else_=0)), 0),
            func.coalesce(func.sum(case((and_(inside, minor > 0), minor), else_=0)), 0),
            func.coalesce(func.sum(case((and_(inside, minor < 0), minor), else_=0)), 0),
        )
        .group_by(Account.currency)
        .order_by(Account.currency)
        .limit(CURRENCIES)
    )
    return session.execute(statement).all()


def promised_to(session: Session, party: str) -> dict[str, tuple[int, int]]:
    """Per currency what pending transfers would take from a party and give to it, now; minor units."""
    statement = (
        select(
            Account.currency, func.sum(Account.pending_debit_minor), func.sum(Account.pending_credit_minor)
        )
        .where(Account.party == party)
        .group_by(Account.currency)
        .limit(CURRENCIES)
    )
    return {currency: (int(taken), int(given)) for currency, taken, given in session.execute(statement)}


def lines_of(party: str, currency: str, begin: datetime, end: datetime) -> Select[Any]:
    """The entries of a period, the oldest first, each with the sum of the period's entries up to it.

    Of transactions of one moment the one that came later on an account that they share comes later.
    """
    turn = func.max(LedgerEntry.sequence).over(partition_by=LedgerEntry.transaction_id)
    own = (
        _own(party, Account.currency == currency)
        .where(LedgerTransaction.at >= begin, LedgerTransaction.at < end)
        .outerjoin(Lot, Lot.id == Account.lot_id)
        .add_columns(
            LedgerEntry.transaction_id,
            LedgerEntry.amount_minor,
            LedgerEntry.line,
            LedgerTransaction.at,
            LedgerTransaction.key,
            Account.purpose,
            Lot.title.label("lot"),
            own_minor().label("minor"),
            turn.label("turn"),
        )
        .subquery()
    )
    place = own.c.at, own.c.turn, own.c.key, own.c.line
    return select(own, func.sum(own.c.minor).over(order_by=place).label("running")).order_by(*place)


def count_of(session: Session, lines: Select[Any]) -> int:
    """How many entries a select of lines has."""
    return session.scalar(select(func.count()).select_from(lines.order_by(None).subquery())) or 0


def purposes_in(
    session: Session, transactions: Sequence[uuid.UUID]
) -> dict[uuid.UUID, list[tuple[Any, bool]]]:
    """For each transaction the purposes of its posted entries, and whether each is a debit."""
    found: dict[uuid.UUID, list[tuple[Any, bool]]] = {}
    statement = (
        select(LedgerEntry.transaction_id, Account.purpose, LedgerEntry.amount_minor > 0)
        .join(Account, Account.id == LedgerEntry.account_id)
        .where(LedgerEntry.transaction_id.in_(transactions), LedgerEntry.layer == Layer.POSTED)
        .order_by(LedgerEntry.transaction_id, LedgerEntry.line)
    )
    for transaction_id, purpose, debit in session.execute(statement):
        found.setdefault(transaction_id, []).append((purpose, bool(debit)))
    return found


def known_parties(session: Session) -> list[str]:
    """Everybody who has an account: ids of institutions and deals, methods, and names of people outside."""
    statement = select(Account.party).distinct().order_by(Account.party).limit(ACCOUNTS)
    return list(session.scalars(statement))


def institutions_named(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
    statement = select(Institution.id, Institution.name).where(Institution.id.in_(ids))
    return {row.id: row[1] for row in session.execute(statement)}


def deals_named(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Deals by the title of their lot."""
    statement = select(Deal.id, Lot.title).join(Lot, Lot.id == Deal.lot_id).where(Deal.id.in_(ids))
    return {row.id: row[1] for row in session.execute(statement)}


def transactions_of_deal(deal_id: uuid.UUID, subjects: Sequence[uuid.UUID]) -> Select[LedgerTransaction]:
    """Every transaction about these subjects of a deal, or that touched an account of the deal itself."""
    touched = (
        select(LedgerEntry.transaction_id)
        .join(Account, Account.id == LedgerEntry.account_id)
        .where(Account.party == str(deal_id))
    )
    about = or_(LedgerTransaction.subject_id.in_(subjects), LedgerTransaction.id.in_(touched))
    return _with_entries(select(LedgerTransaction).where(about))


def transactions_of_lot(lot_id: uuid.UUID) -> Select[LedgerTransaction]:
    return _with_entries(select(LedgerTransaction).where(LedgerTransaction.lot_id == lot_id))


def _with_entries(statement: Select[LedgerTransaction]) -> Select[LedgerTransaction]:
    entries = selectinload(LedgerTransaction.entries).options(joinedload(LedgerEntry.account))
    return statement.options(entries).order_by(LedgerTransaction.at, LedgerTransaction.key)


def endings_of(session: Session, promises: Sequence[uuid.UUID]) -> dict[uuid.UUID, Phase]:
    """How pending transactions ended; one that waits is not in it."""
    statement = select(LedgerTransaction.resolves_id, LedgerTransaction.phase).where(
        LedgerTransaction.resolves_id.in_(promises)
    )
    return {promise_id: phase for promise_id, phase in session.execute(statement) if promise_id}


def accounts_of_lot(session: Session, lot_id: uuid.UUID) -> list[Account]:
    statement = select(Account).where(Account.lot_id == lot_id).order_by(Account.purpose, Account.code)
    return list(session.scalars(statement.limit(ACCOUNTS)))
