"""The end of rights of first refusal with an auction: used, or deemed waived by whoever did not bid."""

from datetime import datetime

from sqlalchemy.orm import Session

from auctions.models import Auction
from auctions.priority import queries
from auctions.priority.models import PriorityOutcome
from auctions.priority.rules import RightOutcome, outcome_of
from auctions.rules import Outcome
from marketplace import audit
from marketplace.listings.priority.models import PriorityHolder
from marketplace.listings.priority.queries import holders_of
from marketplace.listings.priority.rules import HolderStatus, deemed_waived
from marketplace.listings.queries import lock_lot

_NOBODY = frozenset({HolderStatus.REMOVED, HolderStatus.TO_NOTIFY, HolderStatus.ABSENT})


def end_rights(session: Session, auction: Auction, now: datetime) -> None:
    """Write what became of each holder's right when the auction closed. The auction's row must be locked.

    Who was told and did not bid is deemed to have waived (法释〔2016〕18号 art. 16); who bid is merely
    notified again, so that a later attempt needs a notice of its own.
    """
    lock_lot(session, auction.lot_id)
    if auction.outcome is Outcome.CANCELLED:
        _begin_again(session, auction)
        return
    bidders = queries.bidders_by_holder(session, auction.id)
    for holder in holders_of(session, auction.lot_id):
        if holder.confirmed_at is None or holder.status in _NOBODY:
            continue
        has_bid = queries.has_bid(session, bidders.get(holder.id))
        _end(session, auction, holder, now, has_bid=has_bid)


def _begin_again(session: Session, auction: Auction) -> None:
    """Nothing was sold and nobody was absent: who took part in a cancelled auction is merely notified."""
    for holder in holders_of(session, auction.lot_id):
        if holder.status is HolderStatus.TAKES_PART:
            holder.status = HolderStatus.NOTIFIED


def _end(session: Session, auction: Auction, holder: PriorityHolder, now: datetime, *, has_bid: bool) -> None:
    outcome = outcome_of(holder.status, has_bid=has_bid)
    session.add(PriorityOutcome(auction_id=auction.id, holder_id=holder.id, outcome=outcome, at=now))
    if deemed_waived(holder.status, has_bid=has_bid):
        holder.status = HolderStatus.ABSENT
    elif outcome is RightOutcome.TOOK_PART:
        holder.status = HolderStatus.NOTIFIED
    audit.record(session, f"auctions.priority_{outcome}", auction.id, holder=str(holder.id))
