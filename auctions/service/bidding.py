"""Bids and what stops them: lock, then the time, then the rules, then the journal."""

import uuid

from sqlalchemy.orm import Session

from auctions import queries
from auctions.combination.ends import extend_siblings, follow_siblings
from auctions.combination.queries import lock_combination_of
from auctions.journal import first_moment
from auctions.models import JournalEntry
from auctions.outages import service as outages
from auctions.refusals import BiddingReason
from auctions.rules import CONTROL, Action, Event, Outcome
from auctions.rules.decisions import decide
from auctions.service.closing import end_without_sale
from auctions.service.placing import Act, check, place_together
from auctions.service.recording import record
from auctions.service.telling import tell_stopped
from auctions.written.state_json import read_state
from auctions.written.terms import read_terms
from marketplace import audit, clock
from marketplace.access import Actor, Subject, Verb, require
from marketplace.errors import MarketplaceError, Refused


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
        Refused: not a bidder's action, no registration, no proper key (8 to 64 visible ASCII characters), or
            a salt that is none.
        Conflict: the key was used for another act.
        NotFound, NotAllowed: as `access.require`, or no such auction.
    """
    act = Act(actor, action, amount, idempotency_key, salt)
    check(act)
    (answer,) = place_together(session, auction_id, lambda: [act])
    if isinstance(answer, MarketplaceError):
        raise answer
    return answer.entry


def suspend_all(session: Session, actor: Actor, reason: str) -> int:
    """Suspend every running auction for one reason; returns how many stand still by it.

    Raises:
        Refused: no reason.
        NotAllowed: as `access.require`.
    """
    require(actor, Verb.CONTROL_AUCTION)
    found = queries.running_ids(session, clock.now())
    entries = [control(session, actor, one, Action.SUSPEND, reason) for one in found]
    return sum(entry.decision == queries.ACCEPTED for entry in entries)


def control(  # noqa: PLR0917 - the pages and the rehearsal call it so
    session: Session,
    actor: Actor,
    auction_id: uuid.UUID,
    action: Action,
    reason: str,
    seconds: str | None = None,
) -> JournalEntry:
    """Suspend, resume, extend or cancel, with the reason that is published (法释〔2016〕18号 art. 28).

    `seconds` says by how much an extension moves the end, as a text; no other act has it.

    Raises:
        Refused: another action, or no reason.
        NotFound, NotAllowed: as `access.require`, or no such auction.
    """
    lock_combination_of(session, auction_id)
    auction = queries.lock_auction(session, auction_id)
    require(actor, Verb.CONTROL_AUCTION, Subject(owner_id=auction.institution_id))
    if action not in CONTROL:
        raise Refused(BiddingReason.NOT_A_CONTROL, field="action")
    if not reason.strip():
        raise Refused(BiddingReason.REASON_MISSING, field="reason")
    now = outages.make_good_before(session, auction, first_moment(auction.last_event_at, clock.now()))
    event = Event(now, action, None, seconds if action is Action.EXTEND else None)
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
    if decision.reason is None:
        follow_siblings(session, auction, action, now, reason.strip())
        extend_siblings(session, auction, now)
    if decision.reason is None and action in {Action.SUSPEND, Action.CANCEL}:
        tell_stopped(session, auction, auction.lot)
    if decision.reason is None and auction.outcome is Outcome.CANCELLED:
        end_without_sale(session, auction, now)
    session.flush()
    return entry
