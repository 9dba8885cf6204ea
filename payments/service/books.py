"""Booking in the ledger: lock the accounts, check, add."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from marketplace import clock
from marketplace.errors import Conflict, Refused
from payments import ledger, pending, queries
from payments.ledger import AccountName, Phase, Posting, Purpose, Standing
from payments.models import Account, LedgerEntry, LedgerTransaction
from payments.rules import Reason

# What an account keeps of its entries.
_KEPT = ("balance_minor", "pending_debit_minor", "pending_credit_minor", "entry_count", "proof")


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
        Refused: the postings are not balanced, are of two lots, or take more than is there and free.
    """
    return _book(session, postings, key=key, subject_id=subject_id, lot_id=lot_id, phase=Phase.POSTED)


def pend(
    session: Session,
    key: str,
    *,
    subject_id: uuid.UUID,
    lot_id: uuid.UUID | None,
    postings: Sequence[Posting],
) -> LedgerTransaction:
    """Promise a movement: what it would take is bound, what it would give is not there yet.

    It ends in exactly one of `confirm` and `void`. A key that was used before changes nothing.

    Raises:
        Refused: as `post`.
    """
    promised = pending.pending(postings)
    return _book(session, promised, key=key, subject_id=subject_id, lot_id=lot_id, phase=Phase.PENDING)


def confirm(
    session: Session, promise: LedgerTransaction, key: str, *, minor: int | None = None
) -> LedgerTransaction:
    """Make the movement that was promised: the whole, or `minor` of one between two accounts.

    Raises:
        Refused: `minor` is nothing or more than was promised.
        Conflict: the promise was confirmed or voided already, under another key.
    """
    return _end(session, promise, key, Phase.POSTED, pending.confirmed(_promised(promise), minor))


def void(session: Session, promise: LedgerTransaction, key: str) -> LedgerTransaction:
    """Let go of what was promised.

    Raises:
        Conflict: the promise was confirmed or voided already, under another key.
    """
    return _end(session, promise, key, Phase.VOIDED, pending.voided(_promised(promise)))


def promises(session: Session, subject_id: uuid.UUID) -> list[LedgerTransaction]:
    """The pending transactions of a deposit or other subject that are neither confirmed nor voided."""
    return queries.open_promises(session, subject_id)


def _promised(promise: LedgerTransaction) -> list[Posting]:
    if promise.phase is not Phase.PENDING:
        raise AssertionError(f"{promise.key} was never pending")
    return [entry.posting for entry in promise.entries]


def _end(
    session: Session, promise: LedgerTransaction, key: str, phase: Phase, postings: Sequence[Posting]
) -> LedgerTransaction:
    return _book(
        session,
        postings,
        key=key,
        subject_id=promise.subject_id,
        lot_id=promise.lot_id,
        phase=phase,
        resolves_id=promise.id,
    )


def _book(session: Session, postings: Sequence[Posting], **facts: Any) -> LedgerTransaction:
    """Lock the accounts, then read the time, then check, then add; what is booked already stays as it is.

    Four statements and no more: each is a journey to the database while accounts that others wait for are
    locked.
    """
    names = sorted({posting.account for posting in postings}, key=lambda name: name.code)
    accounts = _lock(session, names)
    try:
        standings = ledger.after({name: accounts[name.code].standing for name in names}, postings)
    except Refused:
        if booked := queries.transaction_by_key(session, facts["key"]):
            return booked
        raise
    transaction = _add(session, facts | {"at": clock.now()})
    if transaction is None:
        return _booked_before(session, facts["key"])
    rows = [
        _entry(accounts[posting.account.code], transaction, line, posting)
        for line, posting in enumerate(postings, start=1)
    ]
    session.execute(insert(LedgerEntry.__table__), rows)  # type: ignore[arg-type]  # the table itself
    _keep(session, {accounts[name.code]: standing for name, standing in standings.items()})
    return transaction


def _add(session: Session, facts: dict[str, Any]) -> LedgerTransaction | None:
    """The new transaction; None where its key, or the promise that it ends, was used before."""
    new = _dialect(session).insert(LedgerTransaction).values(id=uuid.uuid4(), **facts)
    return session.scalars(new.on_conflict_do_nothing().returning(LedgerTransaction)).one_or_none()


def _booked_before(session: Session, key: str) -> LedgerTransaction:
    booked = queries.transaction_by_key(session, key)
    if booked is None:
        raise Conflict(Reason.PROMISE_ENDED)
    return booked


def _entry(account: Account, transaction: LedgerTransaction, line: int, posting: Posting) -> dict[str, Any]:
    """The account's next entry; the account takes over its number and its proof."""
    proof = ledger.proof(account.proof, transaction.key, transaction.at, line, posting)
    set_committed_value(account, "entry_count", account.entry_count + 1)
    set_committed_value(account, "proof", proof)
    return {
        "id": uuid.uuid4(),
        "transaction_id": transaction.id,
        "line": line,
        "account_id": account.id,
        "amount_minor": posting.minor,
        "currency": posting.account.currency,
        "layer": posting.layer,
        "sequence": account.entry_count,
        "proof": proof,
    }


def _keep(session: Session, standings: Mapping[Account, Standing]) -> None:
    """Write what stands on the accounts now, in one statement; the loaded rows are up to date after it."""
    for account, standing in standings.items():
        set_committed_value(account, "balance_minor", standing.balance)
        set_committed_value(account, "pending_debit_minor", standing.pending_debit)
        set_committed_value(account, "pending_credit_minor", standing.pending_credit)
    rows = [
        {"account_id": account.id} | {name: getattr(account, name) for name in _KEPT} for account in standings
    ]
    table = Account.__table__
    change = update(table).where(table.c.id == bindparam("account_id"))  # type: ignore[arg-type]
    session.execute(change.values({name: bindparam(name) for name in _KEPT}), rows)


def account(session: Session, name: AccountName) -> Account:
    """The account of that name, locked, opened when there is none yet."""
    return _lock(session, [name])[name.code]


def balance(session: Session, name: AccountName) -> int:
    """What stands on an account, as people read it, in minor units."""
    row = _read(session, name)
    return ledger.natural(name.purpose, row.balance_minor) if row else 0


def available(session: Session, name: AccountName) -> int:
    """What may be taken from an account: what is there less what pending transfers would take."""
    row = _read(session, name)
    return row.standing.available(name.purpose) if row else 0


def _read(session: Session, name: AccountName) -> Account | None:
    statement = select(Account).where(Account.code == name.code)
    return session.scalars(statement.execution_options(populate_existing=True)).one_or_none()


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
    rows: list[dict[str, Any]] = [
        {
            "id": uuid.uuid4(),
            "code": name.code,
            "purpose": name.purpose,
            "currency": name.currency,
            "lot_id": name.lot_id,
            "party": name.party,
            "balance_minor": 0,
            "pending_debit_minor": 0,
            "pending_credit_minor": 0,
            "entry_count": 0,
            "proof": "",
        }
        for name in names
    ]
    session.execute(
        _dialect(session).insert(Account).values(rows).on_conflict_do_nothing(index_elements=["code"])
    )


def _dialect(session: Session) -> Any:
    """The database's own words for an insert that may meet a row that is there."""
    return postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
