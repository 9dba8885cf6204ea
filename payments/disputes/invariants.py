"""What must hold about disputes and debts: each check returns what breaks it, and must return nothing."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from marketplace.four_eyes import without_two_persons
from payments.disputes.models import Debt, Dispute, MoneyDecision
from payments.disputes.queries import concerns
from payments.disputes.rules import DisputeStatus
from payments.ledger import Purpose
from payments.models import Account, Payout
from payments.rules import PayoutStatus

SHOWN = 100


def _found(session: Session, statement: Select[*tuple[Any, ...]], words: str) -> list[str]:
    return [words.format(*row) for row in session.execute(statement.limit(SHOWN))]


def payouts_paid_while_disputed(session: Session) -> list[str]:
    """Nothing of a sale is paid between the opening of a dispute and its end."""
    still_open = Dispute.status == DisputeStatus.OPEN
    during = and_(Payout.paid_at > Dispute.opened_at, or_(still_open, Payout.paid_at < Dispute.closed_at))
    statement = (
        select(Payout.id, Dispute.id)
        .join(Dispute, concerns())
        .where(Payout.status == PayoutStatus.PAID, during)
    )
    return _found(session, statement, "payout {0} was paid during dispute {1}")


def debts_other_than_ledger(session: Session) -> list[str]:
    """What is still open of a debtor's debts on a lot is what the ledger's account for them holds."""
    owed = (
        select(
            Debt.lot_id.label("lot_id"),
            Debt.currency.label("currency"),
            Debt.debtor.label("debtor"),
            func.sum(Debt.amount_minor - Debt.covered_minor).label("minor"),
        )
        .group_by(Debt.lot_id, Debt.currency, Debt.debtor)
        .subquery()
    )
    same = and_(
        Account.purpose == Purpose.DEBT,
        Account.lot_id == owed.c.lot_id,
        Account.currency == owed.c.currency,
        Account.party == owed.c.debtor,
    )
    booked = func.coalesce(Account.balance_minor, 0)
    statement = (
        select(owed.c.debtor, owed.c.minor, booked).outerjoin(Account, same).where(owed.c.minor != booked)
    )
    return _found(session, statement, "{0} owes {1}, the ledger says {2}")


def disputes_other_than_ledger(session: Session) -> list[str]:
    """What the undecided disputes have taken stands on their accounts, and nothing else does."""
    undecided = select(Dispute.id, Dispute.taken_minor).where(
        Dispute.status == DisputeStatus.OPEN, Dispute.taken_minor != 0
    )
    booked = select(Account.party, Account.balance_minor).where(
        Account.purpose == Purpose.DISPUTED, Account.balance_minor != 0
    )
    taken = {str(dispute_id): minor for dispute_id, minor in session.execute(undecided)}
    standing = {str(party): int(minor) for party, minor in session.execute(booked)}
    wrong = sorted(name for name in taken.keys() | standing.keys() if taken.get(name) != standing.get(name))
    return [
        f"dispute {name} has taken {taken.get(name, 0)}, the ledger says {standing.get(name, 0)}"
        for name in wrong[:SHOWN]
    ]


CHECKS: tuple[tuple[str, Callable[[Session], list[str]]], ...] = (
    ("no payout is paid while its sale is disputed", payouts_paid_while_disputed),
    ("every debt is what its ledger account says", debts_other_than_ledger),
    ("what is taken back is what its ledger account says", disputes_other_than_ledger),
    ("acts about money have two persons", lambda session: without_two_persons(session, MoneyDecision)),
)
