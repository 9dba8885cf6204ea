"""Bids and what stops them: lock, then the time, then the rules, then the journal."""

import re
import uuid

from sqlalchemy.orm import Session

from auctions import queries
from auctions.decisions import decide
from auctions.journal import first_moment
from auctions.models import Auction, JournalEntry, Registration
from auctions.refusals import BiddingReason
from auctions.rules import BIDDING, CONTROL, Action, Bidder, Event, Outcome
from auctions.sealing.door import check_salt, same_amount
from auctions.service.closing import end_by_act, end_without_sale, open_if_due
from auctions.service.recording import record
from auctions.service.telling import tell_outbid, tell_stopped
from auctions.state_json import read_state
from auctions.terms import read_terms
from marketplace import audit, clock
from marketplace.access import Actor, Subject, Verb, require
from marketplace.errors import Conflict, Refused
from marketplace.parties.rules import InstitutionStatus

_KEY = re.compile(r"[\x21-\x7e]{8,64}")


def place(  # noqa: PLR0917 - the pages and the API call it so
    session: Session,
    actor: Actor,
    auction_id: uuid.UUID,
    action: Action,
    amount: str | None,
    idempotency_key: str,
    salt: str | None = None,
) -> JournalEntry:
    """Take a bidder's act, decide it at its moment, and answer with its journal entry: the receipt.

    A refusal is an entry too (`decision` is `refused:REASON`) and changes nothing but the journal. The same
    key with the same act gets the same entry for ever. Where bids are sealed, the amount is kept only in its
    envelope; a bidder that chose its own `salt` can show later what it bid.

    Raises:
        Refused: not a bidder's action, no registration, no proper key (8 to 64 visible ASCII characters), or a
            salt that is none.
        Conflict: the key was used for another act.
        NotFound, NotAllowed: as `access.require`, or no such auction.
    """
    require(actor, Verb.BID)
    if action not in BIDDING:
        raise Refused(BiddingReason.NOT_A_BID, field="action")
    if _KEY.fullmatch(idempotency_key) is None:
        raise Refused(BiddingReason.KEY_MALFORMED, field="idempotency_key")
    check_salt(salt)
    auction = queries.lock_auction(session, auction_id)
    now = first_moment(auction.last_event_at, clock.now())
    registration = queries.registration_for(session, auction.id, actor.institution_id)
    if registration is None:
        raise Refused(BiddingReason.NOT_REGISTERED)
    known = queries.entry_by_key(session, auction.id, idempotency_key)
    if known is not None:
        return _same_act(auction, known, registration, (action, amount, salt))
    open_if_due(session, auction, now)
    event = Event(now, action, registration.alias, amount)
    bidder = _as_bidder(registration)
    decision = decide(read_terms(auction.terms), read_state(auction.state), event, bidder)
    led = auction.leader_id
    entry = record(session, auction, event, decision, registration, key=idempotency_key, salt=salt)
    tell_outbid(session, auction, led)
    if decision.reason is None and auction.outcome is not Outcome.OPEN:
        end_by_act(session, auction, decision.state, now)
    session.flush()
    return entry


def _same_act(
    auction: Auction,
    known: JournalEntry,
    registration: Registration,
    act: tuple[Action, str | None, str | None],
) -> JournalEntry:
    action, amount, salt = act
    same = (known.registration_id, known.action) == (registration.id, action)
    if not (same and same_amount(auction, known, registration.alias, amount, salt)):
        raise Conflict(BiddingReason.KEY_USED_OTHERWISE, field="idempotency_key")
    return known


def _as_bidder(registration: Registration) -> Bidder:
    verified = registration.institution.status is InstitutionStatus.VERIFIED
    return Bidder(
        id=registration.alias,
        priority_order=registration.priority_order,
        admitted=registration.admitted and verified,
        deposit_held=registration.deposit_held,
        barred=registration.barred,
    )


def control(
    session: Session, actor: Actor, auction_id: uuid.UUID, action: Action, reason: str
) -> JournalEntry:
    """Suspend, resume or cancel, with the reason that is published (法释〔2016〕18号 art. 28).

    Raises:
        Refused: another action, or no reason.
        NotFound, NotAllowed: as `access.require`, or no such auction.
    """
    auction = queries.lock_auction(session, auction_id)
    require(actor, Verb.CONTROL_AUCTION, Subject(owner_id=auction.institution_id))
    if action not in CONTROL:
        raise Refused(BiddingReason.NOT_A_CONTROL, field="action")
    if not reason.strip():
        raise Refused(BiddingReason.REASON_MISSING, field="reason")
    now = first_moment(auction.last_event_at, clock.now())
    event = Event(now, action)
    decision = decide(read_terms(auction.terms), read_state(auction.state), event)
    entry = record(session, auction, event, decision)
    audit.record(
        session,
        f"auctions.{action}",
        auction.id,
        person_id=actor.person_id,
        institution_id=actor.institution_id,
        reason=reason.strip()[:500],
        decision=str(decision),
    )
    if decision.reason is None and action is not Action.RESUME:
        tell_stopped(session, auction, auction.lot)
    if decision.reason is None and auction.outcome is Outcome.CANCELLED:
        end_without_sale(session, auction, now)
    session.flush()
    return entry
