"""What time does to an auction: it opens, it closes, and after the close a winner may fall away."""

import uuid
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from auctions import queries
from auctions.attempts import found_no_buyer, start_price_of
from auctions.fair_play.service.barring import check_award
from auctions.journal import first_moment
from auctions.models import Auction, JournalEntry, Registration
from auctions.outages import service as outages
from auctions.priority.outcomes import end_rights
from auctions.rules import Action, Event, Outcome, State
from auctions.rules.decisions import advance, decide
from auctions.runner_up.asking import ask, give_up
from auctions.sealing.waiting import await_opening, refuse_while_sealed
from auctions.service import telling
from auctions.service.recording import follow, record
from auctions.written.state_json import read_state
from auctions.written.terms import read_terms
from marketplace import audit, clock
from marketplace.access import Actor, Subject, Verb, require
from marketplace.deals import service as deals
from marketplace.deals.queries import deal_from
from marketplace.deals.rules import DealSource
from marketplace.deals.windows.service import open_planned
from marketplace.errors import NotFound
from marketplace.listings import service as listings
from marketplace.listings.queries import lock_lot
from marketplace.listings.rules import FOR_SALE, LotStatus


def open_due(session: Session) -> bool:
    """Open one auction whose moment has come; False when there is none."""
    auction = queries.lock_due_to_open(session, clock.now())
    if auction is None:
        return False
    open_if_due(session, auction, first_moment(auction.last_event_at, clock.now()))
    session.flush()
    return True


def open_if_due(session: Session, auction: Auction, now: datetime) -> None:
    """Take the lot off the market at the opening; an auction whose lot is gone by then is cancelled.

    The first bid does it where the worker is late. The auction's row must be locked.
    """
    if auction.opened_at is not None or auction.outcome is not Outcome.OPEN or now < auction.opens_at:
        return
    lot = lock_lot(session, auction.lot_id)
    if lot.status in FOR_SALE:
        auction.opened_at = now
        listings.reserve(session, lot)
        audit.record(session, "auctions.open", auction.id)
        return
    event = Event(now, Action.CANCEL)
    record(session, auction, event, decide(read_terms(auction.terms), read_state(auction.state), event))
    auction.closed_at = now
    end_rights(session, auction, now)
    telling.tell_stopped(session, auction, lot)
    audit.record(session, "auctions.cancel", auction.id, reason="the lot is no longer for sale")


def close_due(session: Session) -> bool:
    """Close one auction whose end has come, once: a deal with the winner, or the lot back; False for none.

    Where only a stage of it ends, the next one begins.
    """
    auction = queries.lock_due_to_close(session, clock.now())
    if auction is None:
        return False
    now, due = first_moment(auction.last_event_at, clock.now()), auction.due_at
    close_if_due(session, auction, now)
    session.flush()
    return auction.outcome is not Outcome.OPEN or auction.awaits_opening or auction.due_at != due


def close_if_due(session: Session, auction: Auction, now: datetime) -> None:
    """Close the auction when its time has come and it is still open. Its row must be locked."""
    open_if_due(session, auction, now)
    if auction.outcome is not Outcome.OPEN or auction.combination_id is not None:
        return  # those of a combination end together: `auctions.combination.service`
    state = end_bidding(session, auction, now)
    if state.outcome is not Outcome.OPEN:
        settle(session, auction, state, now)


def end_bidding(session: Session, auction: Auction, now: datetime) -> State:
    """What time has made of an open auction by `now`, kept; nothing is agreed with anybody yet.

    Sealed bids end nothing by themselves: the auction then waits for its officers.
    """
    now = outages.make_good_before(session, auction, now)
    if await_opening(session, auction, now):
        return read_state(auction.state)
    before = read_state(auction.state)
    state = advance(read_terms(auction.terms), before, now)
    if state != before:
        follow(session, auction, state)
    if state.outcome is not Outcome.OPEN:
        _note_end(session, auction, state, now)
    return state


def end_by_act(session: Session, auction: Auction, state: State, now: datetime) -> None:
    """The act of a bidder was the hammer: agree with it, as at an end that time brings."""
    _note_end(session, auction, state, now)
    settle(session, auction, state, now)


def _note_end(session: Session, auction: Auction, state: State, now: datetime) -> None:
    audit.record(session, "auctions.close", auction.id, outcome=state.outcome, reason_of_end=state.reason)
    end_rights(session, auction, now)


def settle(session: Session, auction: Auction, state: State, now: datetime) -> None:
    """Agree with the winner, or give the lot back."""
    if state.winner is None or state.price is None:
        end_without_sale(session, auction, now)
        return
    auction.closed_at = auction.closed_at or now
    winner = queries.registration_by_alias(session, auction.id, state.winner)
    pay_by = now + timedelta(days=read_terms(auction.terms).pack.payment_days.value)
    lot = lock_lot(session, auction.lot_id)
    deals.agree(
        session,
        lot=lot,
        source=DealSource.AUCTION,
        source_id=auction.id,
        buyer_id=winner.institution_id,
        price_minor=state.price,
        mandate_id=winner.mandate_id,
        pay_by=pay_by,
    )
    telling.tell_sold(session, auction, lot, winner, pay_by)
    check_award(session, auction, winner)


def end_without_sale(session: Session, auction: Auction, now: datetime) -> None:
    """Give the lot back: unsold after an attempt, simply back on the market after a cancellation."""
    auction.closed_at = auction.closed_at or now
    lot = lock_lot(session, auction.lot_id)
    if auction.outcome is Outcome.CANCELLED:
        end_rights(session, auction, now)
    if auction.outcome is Outcome.UNSOLD:
        telling.tell_unsold(session, auction, lot)
        listings.attempt_failed(
            session,
            lot,
            start_price_minor=start_price_of(auction),
            found_no_buyer=found_no_buyer(auction),
            at=now,
        )
    if auction.opened_at is not None and lot.status is LotStatus.RESERVED:
        cancelled = auction.outcome is Outcome.CANCELLED
        listings.release(session, lot, sold=None if cancelled else False)
    if auction.outcome is Outcome.UNSOLD and found_no_buyer(auction):
        window = open_planned(session, lot, after_id=auction.id, now=now)
        if window is not None:
            telling.tell_window(session, auction, lot, window.closes_at)


def record_default(session: Session, auction_id: uuid.UUID, institution_id: uuid.UUID) -> JournalEntry:
    """The winner has not paid. By the pack the next on the ladder is asked, or the lot gets a new auction.

    For anybody but the winner, and a second time, the answer is a refused entry and nothing else happens.

    Raises:
        NotFound: no such auction, or the institution is not registered in it.
        Conflict: the winner's deal is paid, or the bids are still sealed.
    """
    return _strike(session, auction_id, institution_id, Action.DEFAULT)


def record_decline(session: Session, auction_id: uuid.UUID, institution_id: uuid.UUID) -> JournalEntry:
    """Whoever was asked in the winner's place does not want the lot: the next one is asked.

    Raises:
        NotFound: no such auction, or the institution is not registered in it.
    """
    return _strike(session, auction_id, institution_id, Action.DECLINE)


def disqualify(
    session: Session, actor: Actor, auction_id: uuid.UUID, institution_id: uuid.UUID, reason: str
) -> JournalEntry:
    """The winner turns out not to be qualified: as a default, but the deposit is not forfeited.

    Raises:
        NotFound, NotAllowed: as `access.require`; no such auction; the institution is not registered in it.
        Conflict: the winner's deal is paid.
    """
    auction = queries.find_auction(session, auction_id)
    require(actor, Verb.CONTROL_AUCTION, Subject(owner_id=auction.institution_id))
    entry = _strike(session, auction_id, institution_id, Action.DISQUALIFY)
    audit.record(
        session,
        "auctions.disqualify",
        auction_id,
        person_id=actor.person_id,
        institution_id=actor.institution_id,
        reason=reason[:500],
        decision=entry.decision,
    )
    return entry


def _strike(
    session: Session, auction_id: uuid.UUID, institution_id: uuid.UUID, action: Action
) -> JournalEntry:
    auction = queries.lock_auction(session, auction_id)
    now = first_moment(auction.last_event_at, clock.now())
    registration = queries.registration_of_buyer(session, auction.id, institution_id)
    if registration is None:
        raise NotFound("registration")
    close_if_due(session, auction, now)
    refuse_while_sealed(auction)
    event = Event(now, action, registration.alias)
    decision = decide(read_terms(auction.terms), read_state(auction.state), event)
    entry = record(session, auction, event, decision, registration)
    if decision.reason is None:
        _end_deal(session, auction, registration)
        give_up(session, auction, registration, now)
        _go_on(session, auction, decision.state, now)
    session.flush()
    return entry


def _go_on(session: Session, auction: Auction, state: State, now: datetime) -> None:
    """The next on the ladder is asked, never bound; where nobody is left, the lot is unsold."""
    if state.winner is None or state.price is None:
        end_without_sale(session, auction, now)
    else:
        ask(session, auction, state, now)


def _end_deal(session: Session, auction: Auction, struck: Registration) -> None:
    deal = deal_from(session, DealSource.AUCTION, auction.id, struck.institution_id)
    if deal is not None:
        deals.mark_defaulted(session, deal)
