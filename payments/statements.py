"""What a deal's parties may read of its money: the ledger in their words, the waterfall as bars."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.charts.bars import Bars, waterfall
from marketplace.deals.models import Deal
from payments import queries
from payments.ledger import Layer, Purpose, natural
from payments.models import Settlement
from payments.queries import pages
from payments.texts import STEPS
from payments.waterfall import Step


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One posting as people read it: a positive amount raises what the account holds."""

    at: datetime
    key: str
    purpose: Purpose
    minor: int
    currency: str
    debit: bool


def ledger_lines(session: Session, deal: Deal, *, whole: bool) -> list[StatementLine]:
    """The ledger's entries about a deal, in order: deposit and payment; with `whole` also what went out."""
    rows = pages.ledger_of(session, subjects_of(session, deal, whole=whole))
    return [
        StatementLine(
            at=transaction.at,
            key=transaction.key.split(":")[0],
            purpose=entry.account.purpose,
            minor=natural(entry.account.purpose, entry.amount_minor),
            currency=entry.currency,
            debit=entry.amount_minor > 0,
        )
        for transaction, entry in rows
        if entry.layer is Layer.POSTED
    ]


def subjects_of(session: Session, deal: Deal, *, whole: bool) -> list[uuid.UUID]:
    """What the ledger's transactions about a deal came from; with `whole` also what went out."""
    deposit = queries.deposit_of_deal(session, deal.id)
    payment = queries.payment_of(session, deal.id)
    settlements = pages.settlements_of(session, deal.id) if whole else []
    payouts = [payout for settlement in settlements for payout in queries.payouts_of(session, settlement.id)]
    rows = [*((deposit,) if deposit else ()), *((payment,) if payment else ()), *settlements, *payouts]
    return [row.id for row in rows]


def bars(settlement: Settlement, whole: str) -> Bars:
    """The waterfall of a settlement as a picture: what came in, and each part that went out."""
    parts = [
        (f"{STEPS[Step(line['step'])]} · {line['name']}", int(line["paid"]))
        for line in settlement.lines
        if line["paid"]
    ]
    return waterfall((whole, settlement.received_minor), parts)
