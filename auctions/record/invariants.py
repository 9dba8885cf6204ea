"""What must be true of records and confirmations."""

import hashlib
from collections.abc import Callable, Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from auctions.models import Auction, Confirmation
from auctions.record.form import parse
from auctions.record.verify import verify
from auctions.record.writing import write_record
from auctions.rules import Outcome
from auctions.written.reading import Malformed
from marketplace.deals.models import Deal
from marketplace.money import decimal_text

# Journals and receipts are asked of every auction elsewhere; a whole record only of the newest.
NEWEST = 20

Find = Callable[[Session], list[str]]


def records_hold(session: Session) -> list[str]:
    """The records of the newest auctions that ended, as anybody would download them now, pass every check."""
    statement = select(Auction).where(Auction.outcome != Outcome.OPEN)
    newest = session.scalars(statement.order_by(Auction.scheduled_at.desc(), Auction.id).limit(NEWEST))
    return [problem for auction in newest for problem in _faults(session, auction)]


def _faults(session: Session, auction: Auction) -> Iterator[str]:
    try:
        answer = verify(parse(write_record(session, auction, "check")))
    except Malformed as fault:
        yield f"auction {auction.id}: its record is malformed: {fault}"
        return
    for check in answer["checks"]:
        for place in check["where"]:
            yield f"auction {auction.id}: {check['name']}: {place['at']} {place['reason']}"


def confirmations_are_as_issued(session: Session) -> list[str]:
    """Every document has the digest it was issued with, and states the price of its deal."""
    found = []
    statement = select(Confirmation, Deal).join(Deal, Confirmation.deal_id == Deal.id)
    for confirmation, deal in session.execute(statement.execution_options(yield_per=50)):
        if hashlib.sha256(confirmation.document).hexdigest() != confirmation.digest:
            found.append(f"confirmation {confirmation.id}: the document is not the one that was issued")
        if confirmation.facts["price"] != decimal_text(deal.price_minor, deal.currency):
            found.append(f"confirmation {confirmation.id}: it states another price than its deal")
    return found


CHECKS: tuple[tuple[str, Find], ...] = (
    ("the records of the newest auctions pass every check", records_hold),
    ("confirmations are as they were issued", confirmations_are_as_issued),
)
