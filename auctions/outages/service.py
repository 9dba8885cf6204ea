"""Giving back the time in which the platform was down, before anything that is due is done.

To the journal an outage is a suspension from the last sign of life to the return: so every format moves its
end or its stages by the time that was lost, and a replay by the rules alone comes to the same.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from auctions.formats import FORMATS
from auctions.journal import first_moment
from auctions.models import Auction
from auctions.outages import queries
from auctions.outages.models import Interruption
from auctions.outages.rules import resumes_by_itself, seconds_lacking, standstill
from auctions.rules import Action, Event, Outcome, Terms
from auctions.rules.decisions import decide
from auctions.service import telling
from auctions.service.recording import record
from auctions.written.state_json import read_state
from auctions.written.terms import read_terms
from marketplace import audit
from marketplace.clock import moment_text
from marketplace.heartbeat.models import Outage
from marketplace.heartbeat.rules import Gap
from marketplace.heartbeat.service import notice_silence


def make_good_due(session: Session) -> bool:
    """Give the time back to one auction that an outage held up; False when there is none."""
    auction = queries.lock_interrupted(session)
    if auction is None:
        return False
    _make_good(session, auction)
    return True


def make_good_before(session: Session, auction: Auction, now: datetime) -> datetime:
    """Call this before time changes the auction or tells a bidder that it has ended. Its row must be locked.

    The worker may still be down: then its silence so far is the outage. Before the auction is due nothing
    depends on it, and nothing is asked. Returns the moment to go on at: no entry is dated before another.
    """
    if auction.outcome is not Outcome.OPEN or auction.suspended:
        return now
    if auction.due_at is None or now < auction.due_at:
        return now
    notice_silence(session)
    _make_good(session, auction)
    return first_moment(auction.last_event_at, now)


def _make_good(session: Session, auction: Auction) -> None:
    for outage in queries.outages_of(session, auction):
        if not auction.suspended:
            _interrupt(session, auction, outage)
    session.flush()


def _interrupt(session: Session, auction: Auction, outage: Outage) -> None:
    terms, state = read_terms(auction.terms), read_state(auction.state)
    auction_format = FORMATS[terms.auction_format]
    early = auction_format.bids_before_opening
    opening = outage.began_at if early else auction_format.opening(terms, state)
    gap = standstill(Gap(outage.began_at, outage.ended_at), opening, auction.last_event_at)
    if gap is not None and decide(terms, state, Event(gap.began_at, Action.SUSPEND)).reason is not None:
        gap = None  # it had ended by then, or waits for its officers
    resumed = gap is None or resumes_by_itself(terms.pack, gap.length)
    session.add(
        Interruption(
            outage_id=outage.id,
            auction_id=auction.id,
            began_at=gap.began_at if gap else outage.ended_at,
            ended_at=outage.ended_at,
            resumed=resumed,
        )
    )
    if gap is None:
        return
    _act(session, auction, terms, Event(gap.began_at, Action.SUSPEND), outage)
    if not resumed:
        telling.tell_stopped(session, auction, auction.lot)
        return
    _act(session, auction, terms, Event(gap.ended_at, Action.RESUME), outage)
    lacking = seconds_lacking(terms.pack, auction.closes_at, gap.ended_at)
    if lacking:
        _act(session, auction, terms, Event(gap.ended_at, Action.EXTEND, None, str(lacking)), outage)


def _act(session: Session, auction: Auction, terms: Terms, event: Event, outage: Outage) -> None:
    """Decide and record an act of the platform; one that the rules refuse leaves no entry."""
    decision = decide(terms, read_state(auction.state), event)
    if decision.reason is not None:
        return
    record(session, auction, event, decision)
    began, ended = moment_text(outage.began_at), moment_text(outage.ended_at)
    audit.record(
        session,
        f"auctions.{event.action}",
        auction.id,
        reason=f"The platform was down from {began} to {ended}.",
        outage=str(outage.id),
    )
