"""The auctions of a combination end, stand still and go on together.

Whoever locks more than one of them has locked the combination first; a bid in one does so too, because it may
move the end of all.
"""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from auctions.combination.queries import lock_siblings
from auctions.models import Auction
from auctions.rules import Action, Event
from auctions.rules.decisions import decide
from auctions.service.recording import record
from auctions.written.state_json import read_state
from auctions.written.terms import read_terms
from marketplace import audit

_SECOND = timedelta(seconds=1)


def extend_siblings(session: Session, auction: Auction, now: datetime) -> None:
    """Move the ends of the others to that of an auction whose end a bid has moved, to the second."""
    if auction.combination_id is None or auction.closes_at is None:
        return
    for sibling in lock_siblings(session, auction):
        if sibling.closes_at is not None and sibling.closes_at < auction.closes_at:
            seconds = -(-(auction.closes_at - sibling.closes_at) // _SECOND)
            event = Event(now, Action.EXTEND, None, str(seconds))
            _act(session, sibling, event, "a bid on another lot of the same rights moved its end")


def follow_siblings(session: Session, auction: Auction, action: Action, now: datetime, reason: str) -> None:
    """Suspend or resume the others as well: none may end while one stands still."""
    if auction.combination_id is None or action not in {Action.SUSPEND, Action.RESUME}:
        return
    for sibling in lock_siblings(session, auction):
        _act(session, sibling, Event(now, action), reason)


def _act(session: Session, auction: Auction, event: Event, reason: str) -> None:
    """Decide and record an act of the platform; one that the rules refuse leaves no entry."""
    decision = decide(read_terms(auction.terms), read_state(auction.state), event)
    if decision.reason is None:
        record(session, auction, event, decision)
        audit.record(session, f"auctions.{event.action}", auction.id, reason=reason[:500])
