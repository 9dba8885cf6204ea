"""The fee of the closest: set apart from the operator's own money, released by two persons."""

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace import audit, clock
from payments import ledger
from payments.ledger import AccountName, Purpose
from payments.models import Account, Payout
from payments.rules import PayoutKind
from payments.service import books
from transactions.contest import queries
from transactions.contest.models import ContestFee


def set_fee_apart(session: Session) -> bool:
    """Make the payout of one fee, if the operator's own money covers it; False when there is none to make.

    A fee that nothing covers waits: what belongs to others never pays for it.
    """
    covered = ((fee, _source(session, fee)) for fee in queries.lock_fees_without_payout(session))
    fee, source = next(((fee, source) for fee, source in covered if source), (None, None))
    if fee is None or source is None:
        return False
    payout = Payout(
        id=uuid.uuid4(),
        kind=PayoutKind.CONTEST_FEE,
        institution_id=fee.institution_id,
        payee=fee.institution.name,
        amount_minor=fee.amount_minor,
        currency=fee.currency,
        due_at=clock.now(),
    )
    apart = AccountName(Purpose.OPERATOR, fee.currency, None, f"out:{payout.id}")
    moved = ledger.movement(source, apart, fee.amount_minor)
    books.post(session, f"contest_fee:{fee.id}", subject_id=fee.result_id, lot_id=None, postings=moved)
    payout.account_id = books.account(session, apart).id
    session.add(payout)
    session.flush()
    fee.payout_id = payout.id
    audit.record(session, "contest.set_fee_apart", fee.id, minor=fee.amount_minor, currency=fee.currency)
    return True


def _source(session: Session, fee: ContestFee) -> AccountName | None:
    """The operator's own money on a bank account, of which enough is free."""
    query = select(Account).where(
        Account.purpose == Purpose.OPERATOR, Account.currency == fee.currency, ~Account.party.like("out:%")
    )
    for account in session.scalars(query.order_by(Account.code)):
        if books.available(session, account.name) >= fee.amount_minor:
            return account.name
    return None
