"""Whose money it was that changed the cash at the bank by an officer's word alone."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.parties.models import Institution
from payments.funds.models import FundMovement
from payments.models import BankReceipt, LedgerTransaction, Payout

# How the keys begin under which an officer's word is booked; the id of its row follows.
RECEIPT, PAYOUT, FUND = "receipt:", "payout:", "fund:"


@dataclass(frozen=True, slots=True)
class ByHand:
    """Money that an officer confirmed.

    Attributes:
        party: whose reference it bore, who paid into a fund, or the payee; empty where nobody is known.
        minor: minor units, what came in positive.
    """

    at: datetime
    party: str
    bank_reference: str
    minor: int


def with_parties(session: Session, rows: Sequence[tuple[LedgerTransaction, int]]) -> list[ByHand]:
    """What was booked by hand, with the party and the bank's reference that the officer stated."""
    keys = [transaction.key for transaction, _ in rows]
    receipts = (
        select(BankReceipt.id, Institution.name, BankReceipt.bank_reference)
        .join(Institution, Institution.id == BankReceipt.institution_id)
        .where(BankReceipt.id.in_(_ids(keys, RECEIPT)))
    )
    payouts = select(Payout.id, Payout.payee, Payout.bank_reference).where(Payout.id.in_(_ids(keys, PAYOUT)))
    funds = (
        select(FundMovement.id, Institution.name, FundMovement.bank_reference)
        .join(Institution, Institution.id == FundMovement.party_id)
        .where(FundMovement.id.in_(_ids(keys, FUND)))
    )
    known = {
        f"{prefix}{row_id}": (name, reference or "")
        for prefix, statement in ((RECEIPT, receipts), (PAYOUT, payouts), (FUND, funds))
        for row_id, name, reference in session.execute(statement)
    }
    return [ByHand(entry.at, *known.get(entry.key, ("", "")), minor) for entry, minor in rows]


def _ids(keys: Sequence[str], prefix: str) -> list[uuid.UUID]:
    return [uuid.UUID(key.removeprefix(prefix)) for key in keys if key.startswith(prefix)]
