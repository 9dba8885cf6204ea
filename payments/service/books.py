"""Posting to the ledger: lock the accounts, check, add."""

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from marketplace import clock
from payments import ledger, queries
from payments.ledger import AccountName, Posting, Purpose
from payments.models import Account, LedgerEntry, LedgerTransaction


def post(
    session: Session,
    key: str,
    *,
    subject_id: uuid.UUID,
    lot_id: uuid.UUID | None,
    postings: Sequence[Posting],
) -> LedgerTransaction:
    """Add a transaction to the ledger; a key that was posted before changes nothing.

    Raises:
        Refused: the postings are not balanced, or an account would hold less than nothing.
    """
    names = sorted({posting.account for posting in postings}, key=lambda name: name.code)
    accounts = _lock(session, names)
    posted = queries.transaction_by_key(session, key)
    if posted is not None:
        return posted
    balances = {name: accounts[name.code].balance_minor for name in names}
    for name, balance in ledger.after(balances, postings).items():
        accounts[name.code].balance_minor = balance
    transaction = LedgerTransaction(
        key=key,
        at=clock.now(),
        lot_id=lot_id,
        subject_id=subject_id,
        entries=[
            LedgerEntry(
                line=line,
                account_id=accounts[posting.account.code].id,
                amount_minor=posting.minor,
                currency=posting.account.currency,
            )
            for line, posting in enumerate(postings, start=1)
        ],
    )
    session.add(transaction)
    session.flush()
    return transaction


def account(session: Session, name: AccountName) -> Account:
    """The account of that name, locked, opened when there is none yet."""
    return _lock(session, [name])[name.code]


def balance(session: Session, name: AccountName) -> int:
    """What stands on an account, as people read it, in minor units."""
    row = session.scalars(select(Account).where(Account.code == name.code)).one_or_none()
    return ledger.natural(name.purpose, row.balance_minor) if row else 0


def buyer_balance(lot_id: uuid.UUID, institution_id: uuid.UUID, currency: str) -> AccountName:
    """A buyer's money on one lot that is bound to nothing."""
    return AccountName(Purpose.BUYER_BALANCE, currency, lot_id, str(institution_id))


def deposit_held(lot_id: uuid.UUID, institution_id: uuid.UUID, currency: str) -> AccountName:
    return AccountName(Purpose.DEPOSIT_HELD, currency, lot_id, str(institution_id))


def escrow(lot_id: uuid.UUID, deal_id: uuid.UUID, currency: str) -> AccountName:
    return AccountName(Purpose.ESCROW, currency, lot_id, str(deal_id))


def forfeited(lot_id: uuid.UUID, deal_id: uuid.UUID, currency: str) -> AccountName:
    return AccountName(Purpose.FORFEITED, currency, lot_id, str(deal_id))


def _lock(session: Session, names: Iterable[AccountName]) -> dict[str, Account]:
    """The accounts by code, locked in the order of their codes: two postings never wait for each other."""
    wanted = list(names)
    codes = [name.code for name in wanted]
    found = _select(session, codes)
    if len(found) < len(codes):
        _open(session, [name for name in wanted if name.code not in found])
        found = _select(session, codes)
    return found


def _select(session: Session, codes: list[str]) -> dict[str, Account]:
    statement = select(Account).where(Account.code.in_(codes)).order_by(Account.code).with_for_update()
    rows = session.scalars(statement.execution_options(populate_existing=True))
    return {row.code: row for row in rows}


def _open(session: Session, names: Sequence[AccountName]) -> None:
    """Open accounts; one that another worker opens at the same moment is opened once."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    rows: list[dict[str, Any]] = [
        {
            "id": uuid.uuid4(),
            "code": name.code,
            "purpose": name.purpose,
            "currency": name.currency,
            "lot_id": name.lot_id,
            "party": name.party,
            "balance_minor": 0,
        }
        for name in names
    ]
    session.execute(dialect.insert(Account).values(rows).on_conflict_do_nothing(index_elements=["code"]))
