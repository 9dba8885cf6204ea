"""The opening of sealed bids: all envelopes in one transaction, or, not opened in time, none ever."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from auctions import queries as auction_queries
from auctions.journal import first_moment
from auctions.models import Auction, JournalEntry
from auctions.rules import Action, Event, Outcome
from auctions.rules.decisions import advance, decide
from auctions.sealing import queries
from auctions.sealing.models import Custody, Opening, OpeningContribution
from auctions.sealing.opened import open_all, opening_digest, shares_by_entry
from auctions.sealing.progress import progress_of
from auctions.service.closing import end_by_act, end_without_sale
from auctions.service.recording import chain, follow, record
from auctions.service.telling import tell_stopped
from auctions.written.state_json import read_state
from auctions.written.terms import read_terms
from marketplace import audit, clock
from marketplace.clock import moment_text

NOT_OPENED = "the sealed bids were not opened in time"


def open_bids(session: Session, auction: Auction, custody: Custody, now: datetime) -> None:
    """Open every envelope, keep what came out under one digest in the journal, and close by the rules.

    The auction's row must be locked, and both institutions must have been heard.
    """
    terms = read_terms(auction.terms)
    contributions = queries.contributions_of(session, auction.id)
    journal = auction_queries.journal_of(session, auction.id)
    priorities = {
        one.alias: one.priority_order for one in auction_queries.registrations_of(session, auction.id)
    }
    result = open_all(terms, journal, priorities, shares_by_entry(contributions))
    keys = _keys_by_institution(custody, contributions)
    entry = JournalEntry(
        action=Action.OPEN,
        decision=auction_queries.ACCEPTED,
        commitment=opening_digest(keys, result.bids),
    )
    chain(auction, entry, now)
    invalid = sum(bid.fault is not None for bid in result.bids)
    opening = Opening(
        auction_id=auction.id,
        sequence=entry.sequence,
        keys=keys,
        digest=entry.commitment,
        valid=len(result.bids) - invalid,
        invalid=invalid,
        at=now,
    )
    session.add_all([entry, opening, *result.bids])
    custody.ended_at, auction.awaits_opening = now, False
    state = advance(terms, result.state, now)
    follow(session, auction, state)
    _audit_opening(session, opening)
    end_by_act(session, auction, state, now)
    session.flush()


def _keys_by_institution(
    custody: Custody, contributions: Sequence[OpeningContribution]
) -> dict[str, list[str]]:
    return {
        str(institution_id): sorted(
            one.key.fingerprint for one in contributions if one.institution_id == institution_id
        )
        for institution_id in (custody.first_id, custody.second_id)
    }


def _audit_opening(session: Session, opening: Opening) -> None:
    audit.record(
        session,
        "auctions.open_bids",
        opening.auction_id,
        at=moment_text(opening.at),
        keys=opening.keys,
        digest=opening.digest,
        valid=opening.valid,
        invalid=opening.invalid,
    )


def lapse_due(session: Session) -> bool:
    """End one auction whose officers' time is over; False for none.

    Where both institutions were heard and only single envelopes would not open, the others are opened.
    Otherwise the auction is cancelled, its bids stay sealed for ever, and deposits are released.
    """
    auction = queries.lock_lapsed(session, clock.now())
    custody = queries.custody_of(session, auction.id) if auction is not None else None
    if auction is None or custody is None:
        return False
    now = first_moment(auction.last_event_at, clock.now())
    if all(part.contributions for part in progress_of(session, custody)):
        open_bids(session, auction, custody, now)
    else:
        _cancel(session, auction, custody, now)
    session.flush()
    return True


def _cancel(session: Session, auction: Auction, custody: Custody, now: datetime) -> None:
    event = Event(now, Action.CANCEL)
    decision = decide(read_terms(auction.terms), read_state(auction.state), event)
    record(session, auction, event, decision)
    custody.ended_at = now
    audit.record(session, "auctions.cancel", auction.id, reason=NOT_OPENED, decision=str(decision))
    tell_stopped(session, auction, auction.lot)
    if auction.outcome is Outcome.CANCELLED:
        end_without_sale(session, auction, now)
