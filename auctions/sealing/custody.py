"""Officers' keys and who keeps which auction: a key is added by its holder and confirmed by a colleague."""

import base64
import uuid
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from auctions.models import Auction
from auctions.sealing import queries
from auctions.sealing.keys import fingerprint_of, read_public_key
from auctions.sealing.models import Custody, OpeningKey, OpeningKeyAct
from auctions.sealing.rules import (
    LONGEST_KEY,
    MOST_KEYS,
    KeyAct,
    KeyState,
    SealingReason,
    may_open,
    still_covered,
)
from auctions.written.state_json import read_state, write_state
from marketplace import audit, clock
from marketplace.access import Actor, Subject, Verb, require, require_four_eyes
from marketplace.errors import Conflict, Refused
from marketplace.notices.rules import NoticeKind
from marketplace.notices.service import notify

KEYS_PAGE = "/opening-keys"


def add_key(
    session: Session, actor: Actor, public_half: str, valid_from: datetime, valid_until: datetime
) -> OpeningKey:
    """Keep the public half of the actor's own key; a colleague has to confirm it before it is used.

    Raises:
        Refused: what was given is no public key, or is the private file; or the period is empty, past or
            longer than two years; or the institution has its ten keys.
        Conflict: the key is known already.
        NotAllowed: as `access.require`.
    """
    require(actor, Verb.HOLD_OPENING_KEY)
    public_key, now = _read_key(public_half), clock.now()
    if not (now < valid_until <= valid_from + LONGEST_KEY and valid_from < valid_until):
        raise Refused(SealingReason.KEY_PERIOD, field="valid_until")
    if queries.key_by_fingerprint(session, fingerprint_of(public_key)) is not None:
        raise Conflict(SealingReason.KEY_KNOWN, field="public_half")
    known = queries.keys_of(session, actor.institution_id)
    if sum(_counts(queries.state_of(key, now)) for key in known) >= MOST_KEYS:
        raise Refused(SealingReason.TOO_MANY_KEYS)
    key = OpeningKey(
        institution_id=actor.institution_id,
        person_id=actor.person_id,
        public_key=base64.b64encode(public_key).decode("ascii"),
        fingerprint=fingerprint_of(public_key),
        valid_from=valid_from,
        valid_until=valid_until,
        added_at=now,
    )
    session.add(key)
    session.flush()
    _audit(session, actor, key, "add")
    title = key.fingerprint[:16]
    notify(session, actor.institution_id, NoticeKind.OPENING_KEY_ADDED, KEYS_PAGE, title=title)
    return key


def _read_key(public_half: str) -> bytes:
    try:
        return read_public_key(public_half)
    except PermissionError:
        raise Refused(SealingReason.KEY_PRIVATE, field="public_half") from None
    except (ValueError, AttributeError, RecursionError):
        raise Refused(SealingReason.OPENING_KEY_MALFORMED, field="public_half") from None


def _counts(state: KeyState) -> bool:
    return state not in {KeyState.EXPIRED, KeyState.WITHDRAWN}


def confirm_key(session: Session, actor: Actor, key_id: uuid.UUID) -> OpeningKey:
    """A colleague has compared the fingerprint with its holder: from now on bids are locked to the key.

    Raises:
        Conflict: it was confirmed or withdrawn already, or has expired.
        NotFound: no such key of the actor's institution.
        NotAllowed: the actor is its holder (four eyes), or as `access.require`.
    """
    key = _own_key(session, actor, key_id)
    require_four_eyes(actor, Subject(owner_id=key.institution_id, makers=frozenset({key.person_id})))
    if queries.state_of(key, clock.now()) is not KeyState.WAITING:
        raise Conflict(SealingReason.KEY_DECIDED)
    return _decide(session, actor, key, KeyAct.CONFIRMED)


def withdraw_key(session: Session, actor: Actor, key_id: uuid.UUID, reason: str) -> OpeningKey:
    """Use a key no more: it is lost, or its holder has left. Bids locked to it need another key to open.

    Raises:
        Conflict: it was withdrawn already, or bids of a running auction could not be opened without it, or
            would find no key to be locked to.
        NotFound: no such key of the actor's institution.
        NotAllowed: as `access.require`.
    """
    key = _own_key(session, actor, key_id)
    if queries.state_of(key, clock.now()) is KeyState.WITHDRAWN:
        raise Conflict(SealingReason.KEY_DECIDED)
    if _is_needed(session, key):
        raise Conflict(SealingReason.KEY_NEEDED)
    return _decide(session, actor, key, KeyAct.WITHDRAWN, reason)


def _own_key(session: Session, actor: Actor, key_id: uuid.UUID) -> OpeningKey:
    key = queries.find_key(session, key_id, actor.institution_id)
    require(actor, Verb.HOLD_OPENING_KEY, Subject(owner_id=key.institution_id))
    return key


def _is_needed(session: Session, key: OpeningKey) -> bool:
    now, institution_id = clock.now(), str(key.institution_id)
    others = [one for one in queries.keys_of(session, key.institution_id) if one.id != key.id]
    openers = {one.fingerprint for one in others if may_open(queries.state_of(one, now))}
    lockers = {one.fingerprint for one in others if queries.state_of(one, now) is KeyState.IN_USE}
    for custody in queries.unfinished_custodies(session, key.institution_id):
        if custody.closed_at is None and not lockers:
            return True
        entries = queries.envelopes(session, custody.auction_id)
        boxes = [entry.sealed["shares"][institution_id]["boxes"] for entry, _ in entries if entry.sealed]
        if not still_covered(boxes, openers):
            return True
    return False


def _decide(session: Session, actor: Actor, key: OpeningKey, act: KeyAct, reason: str = "") -> OpeningKey:
    session.add(
        OpeningKeyAct(
            key_id=key.id, act=act, person_id=actor.person_id, reason=reason.strip()[:200], at=clock.now()
        )
    )
    session.flush()
    session.expire(key, ["decisions"])
    _audit(session, actor, key, str(act), reason)
    return key


def _audit(session: Session, actor: Actor, key: OpeningKey, act: str, reason: str = "") -> None:
    audit.record(
        session,
        f"auctions.opening_key_{act}",
        key.id,
        person_id=actor.person_id,
        institution_id=actor.institution_id,
        reason=reason.strip()[:200],
        fingerprint=key.fingerprint,
    )


def appoint(session: Session, auction: Auction, second_id: uuid.UUID | None = None) -> Custody:
    """Fix the two custodians of a sealed auction; from here on its state holds no amount.

    Args:
        session: within `atomic()`.
        auction: just added; nobody has bid.
        second_id: the custodian beside the seller; None for the first operator or regulator that has keys.

    Raises:
        Refused: the seller or the other custodian has no key in use that lasts until the end of bidding.
    """
    now = clock.now()
    seconds = [one.id for one in queries.second_custodians(session, now) if one.id != auction.institution_id]
    chosen = second_id or (seconds[0] if seconds else None)
    if chosen not in seconds or not all(
        _has_key_until(session, keeper, auction.closes_at or now)
        for keeper in (auction.institution_id, chosen)
    ):
        raise Refused(SealingReason.KEYS_MISSING, field="custodian_id")
    custody = Custody(auction_id=auction.id, first_id=auction.institution_id, second_id=chosen)
    session.add(custody)
    auction.state = write_state(replace(read_state(auction.state), concealed=True))
    session.flush()
    return custody


def _has_key_until(session: Session, institution_id: uuid.UUID, end: datetime) -> bool:
    keys = queries.keys_in_use(session, institution_id, clock.now())
    return any(key.valid_until > end for key in keys)
