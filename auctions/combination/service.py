"""Lots sold together or apart: their auctions are announced together, stay open together and end together.

Whoever needs several of a combination's auctions locks the combination first, so that two such acts never
wait for each other; `ends` keeps their ends together.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from auctions.combination import queries
from auctions.combination.rules import Totals, Way, totals
from auctions.journal import first_moment
from auctions.models import Auction, Combination
from auctions.outages.service import make_good_before
from auctions.refusals import ScheduleReason
from auctions.rules import Action, Event, Outcome
from auctions.rules.decisions import decide
from auctions.service.closing import end_bidding, end_without_sale, open_if_due, settle
from auctions.service.recording import record
from auctions.service.scheduling import schedule
from auctions.written.state_json import read_state
from auctions.written.terms import read_terms
from marketplace import audit, clock
from marketplace.access import Actor, Subject, Verb, require
from marketplace.errors import Conflict
from marketplace.listings.queries import kin_of, lock_lot
from marketplace.listings.rules import LotStatus


def schedule_together(
    session: Session, actor: Actor, whole_lot_id: uuid.UUID, opens_at: datetime, closes_at: datetime
) -> Auction:
    """Announce the auctions of a whole and its parts for one opening and end; returns that of the whole.

    Raises:
        Conflict: a lot is not on the market; it is named.
        Refused, Conflict: as `schedule`, for whichever of the lots stands in the way.
        NotFound, NotAllowed: as `access.require`.
    """
    whole = lock_lot(session, whole_lot_id)
    require(actor, Verb.SCHEDULE_AUCTION, Subject(owner_id=whole.institution_id))
    lots = (whole, *kin_of(session, whole))
    for lot in lots:
        if lot.status is not LotStatus.PUBLISHED:
            raise Conflict(ScheduleReason.PART_NOT_ON_THE_MARKET, reference=lot.reference)
    combination = Combination(whole_lot_id=whole.id, currency=whole.currency, scheduled_at=clock.now())
    session.add(combination)
    session.flush()
    announced = [
        schedule(session, actor, lot.id, opens_at, closes_at, combination_id=combination.id) for lot in lots
    ]
    return announced[0]


def cancel_incomplete(session: Session) -> bool:
    """Cancel one whole of which a part is no longer offered; False where there is none."""
    auction = queries.lock_whole_without_a_part(session)
    if auction is None:
        return False
    now = first_moment(auction.last_event_at, clock.now())
    event = Event(now, Action.CANCEL)
    record(session, auction, event, decide(read_terms(auction.terms), read_state(auction.state), event))
    audit.record(session, "auctions.cancel", auction.id, reason="a part of it is no longer offered")
    end_without_sale(session, auction, now)
    session.flush()
    return True


def decide_combination(session: Session) -> bool:
    """End one combination whose last auction is over: one side gives way to the other; False for none."""
    combination = queries.lock_ended_combination(session, clock.now())
    if combination is None:
        return False
    members = queries.lock_members(session, combination.id)
    for auction in members:
        make_good_before(session, auction, clock.now())
    now = first_moment(max(filter(None, (one.last_event_at for one in members)), default=None), clock.now())
    if any(not _over(auction, now) for auction in members):
        return False
    for auction in members:
        _close(session, auction, now)
    found = _totals(combination, members)
    combination.decided_at, combination.way = now, found.better
    combination.whole_minor, combination.parts_minor = found.whole, found.parts
    audit.record(session, "auctions.decide_combination", combination.id, way=found.better)
    _end(session, combination, members, now)
    session.flush()
    return True


def _over(auction: Auction, now: datetime) -> bool:
    ended = auction.outcome is not Outcome.OPEN
    return ended or (not auction.suspended and auction.closes_at is not None and auction.closes_at <= now)


def _close(session: Session, auction: Auction, now: datetime) -> None:
    open_if_due(session, auction, now)
    if auction.outcome is Outcome.OPEN:
        end_bidding(session, auction, now)


def _totals(combination: Combination, members: Sequence[Auction]) -> Totals:
    whole, parts = None, []
    for auction in members:
        price = auction.price_minor if auction.outcome is Outcome.SOLD else None
        if auction.lot_id == combination.whole_lot_id:
            whole = price
        else:
            parts.append(price)
    return totals(whole, parts)


def _end(session: Session, combination: Combination, members: Sequence[Auction], now: datetime) -> None:
    """The side that gives way ends first, so that the rights are free for the other."""
    for auction in members:
        gives_way = (auction.lot_id == combination.whole_lot_id) is (combination.way is Way.APART)
        if auction.outcome is Outcome.SOLD and gives_way:
            event = Event(now, Action.GIVE_WAY)
            decision = decide(read_terms(auction.terms), read_state(auction.state), event)
            record(session, auction, event, decision)
    sold = [auction for auction in members if auction.outcome is Outcome.SOLD]
    for auction in members:
        if auction.outcome is Outcome.UNSOLD:
            end_without_sale(session, auction, now)
    for auction in sold:
        settle(session, auction, read_state(auction.state), now)
