"""Named reads of the money in funds."""

import uuid

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.errors import NotFound
from payments import ledger
from payments.funds.models import FundMovement
from payments.funds.rules import MovementKind, MovementStatus
from payments.ledger import AccountName, Purpose
from payments.models import Account, LedgerEntry, LedgerTransaction

LIMIT = 200
STATEMENT_LIMIT = 5_000


def account_of(purpose: Purpose, currency: str, fund_id: uuid.UUID, party_id: uuid.UUID) -> AccountName:
    """A party's money in a fund."""
    return AccountName(purpose, currency, None, f"{fund_id}:{party_id}")


def find_movement(session: Session, movement_id: uuid.UUID) -> FundMovement:
    """The movement; raises NotFound."""
    found = session.get(FundMovement, movement_id)
    if found is None:
        raise NotFound("movement")
    return found


def lock_movement(session: Session, movement_id: uuid.UUID) -> FundMovement:
    """The movement, read anew and locked; raises NotFound."""
    statement = select(FundMovement).where(FundMovement.id == movement_id).with_for_update(of=FundMovement)
    found = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound("movement")
    return found


def movements_of(session: Session, fund_id: uuid.UUID) -> list[FundMovement]:
    """The latest first."""
    statement = select(FundMovement).where(FundMovement.fund_id == fund_id)
    latest = statement.order_by(FundMovement.prepared_at.desc(), FundMovement.id).limit(LIMIT)
    return list(session.scalars(latest))


def waiting_movements(session: Session) -> list[FundMovement]:
    """Those that wait for a second person, the oldest first."""
    statement = select(FundMovement).where(FundMovement.status == MovementStatus.PREPARED)
    return list(session.scalars(statement.order_by(FundMovement.prepared_at).limit(LIMIT)))


def contributed(session: Session, fund_id: uuid.UUID, party_id: uuid.UUID) -> int:
    """What a party has paid in, less what it has withdrawn, in minor units."""
    total = 0
    for kind, sign in ((MovementKind.CONTRIBUTION, 1), (MovementKind.WITHDRAWAL, -1)):
        statement = select(func.coalesce(func.sum(FundMovement.amount_minor), 0)).where(
            FundMovement.fund_id == fund_id,
            FundMovement.party_id == party_id,
            FundMovement.kind == kind,
            FundMovement.status == MovementStatus.CONFIRMED,
        )
        total += sign * int(session.scalar(statement) or 0)
    return total


def withdrawals_waiting(session: Session, fund_id: uuid.UUID, party_id: uuid.UUID) -> int:
    """What is asked to be withdrawn and not answered yet, in minor units."""
    statement = select(func.coalesce(func.sum(FundMovement.amount_minor), 0)).where(
        FundMovement.fund_id == fund_id,
        FundMovement.party_id == party_id,
        FundMovement.kind == MovementKind.WITHDRAWAL,
        FundMovement.status == MovementStatus.PREPARED,
    )
    return int(session.scalar(statement) or 0)


def accounts_of(session: Session, purpose: Purpose, fund_id: uuid.UUID) -> list[Account]:
    """The accounts of all parties in a fund."""
    statement = select(Account).where(Account.purpose == purpose, Account.party.startswith(f"{fund_id}:"))
    return list(session.scalars(statement.order_by(Account.code).limit(LIMIT)))


def held(session: Session, purpose: Purpose, fund_id: uuid.UUID) -> int:
    """What all parties together have in a fund, in minor units."""
    accounts = accounts_of(session, purpose, fund_id)
    return sum(ledger.natural(account.purpose, account.balance_minor) for account in accounts)


def entries_of(
    session: Session, purpose: Purpose, fund_id: uuid.UUID
) -> list[tuple[LedgerTransaction, LedgerEntry]]:
    """The fund's statement: every entry on its accounts in the order of booking."""
    ids = [account.id for account in accounts_of(session, purpose, fund_id)]
    statement = (
        select(LedgerTransaction, LedgerEntry)
        .join(LedgerEntry, LedgerEntry.transaction_id == LedgerTransaction.id)
        .where(LedgerEntry.account_id.in_(ids))
        .order_by(LedgerTransaction.at, LedgerTransaction.key, LedgerEntry.line)
        .limit(STATEMENT_LIMIT)
    )
    return [(transaction, entry) for transaction, entry in session.execute(statement)]
