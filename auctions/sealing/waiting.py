"""Between the close and the opening: the auction waits, and its custodians are told and reminded."""

import uuid
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from auctions.models import Auction
from auctions.rules.decisions import awaits_opening
from auctions.sealing import queries
from auctions.sealing.models import Custody
from auctions.sealing.progress import progress_of
from auctions.sealing.rules import OPENING_PERIOD, REMINDED_BEFORE, SealingReason
from auctions.written.state_json import read_state, write_state
from marketplace import audit, clock
from marketplace.clock import moment_text
from marketplace.errors import Conflict
from marketplace.notices.rules import NoticeKind
from marketplace.notices.service import notify


def await_opening(session: Session, auction: Auction, now: datetime) -> bool:
    """Whether the auction waits for its officers; the first time it is asked they are told.

    An auction in which no amount was sealed needs nobody: it ends by its rules. The row must be locked.
    """
    state = read_state(auction.state)
    if not awaits_opening(state, now):
        return False
    if auction.awaits_opening:
        return True
    if not queries.has_envelopes(session, auction.id):
        auction.state = write_state(replace(state, concealed=False))
        return False
    custody = queries.custody_of(session, auction.id)
    if custody is None:
        raise AssertionError("a concealed auction without custodians")
    auction.awaits_opening = True
    custody.closed_at, custody.open_by = now, now + OPENING_PERIOD
    custody.closing_sequence, custody.closing_hash = auction.sequence, auction.last_hash
    audit.record(session, "auctions.await_opening", auction.id, open_by=moment_text(custody.open_by))
    for institution_id in (custody.first_id, custody.second_id):
        _ask(session, auction, custody, institution_id)
    return True


def _ask(session: Session, auction: Auction, custody: Custody, institution_id: uuid.UUID) -> None:
    notify(
        session,
        institution_id,
        NoticeKind.OPENING_DUE,
        address(auction.id),
        title=auction.lot.title,
        due_at=custody.open_by,
    )


def address(auction_id: uuid.UUID) -> str:
    """The path of the auction's opening."""
    return f"/auctions/{auction_id}/opening"


def remind_due(session: Session) -> bool:
    """Remind the custodians of one auction that have not done their part and have a day left."""
    now = clock.now()
    custody = queries.lock_due_to_remind(session, now + REMINDED_BEFORE)
    if custody is None:
        return False
    custody.reminded_at = now
    auction = session.get_one(Auction, custody.auction_id)
    for part in progress_of(session, custody):
        if not part.done:
            _ask(session, auction, custody, part.institution.id)
    session.flush()
    return True


def refuse_while_sealed(auction: Auction) -> None:
    """Raise Conflict while nobody knows yet who has won."""
    if auction.awaits_opening:
        raise Conflict(SealingReason.STILL_SEALED)
