"""What an officer takes to an opening and brings back: checked against the journal before it is kept."""

import hmac
import uuid
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from auctions import queries as auction_queries
from auctions.journal import first_moment
from auctions.models import JournalEntry
from auctions.sealing import ceremony, queries
from auctions.sealing.ceremony import BadDocument, Contribution
from auctions.sealing.envelopes import decode, is_share, text_of
from auctions.sealing.models import Custody, OpeningContribution, OpeningKey
from auctions.sealing.progress import progress_of
from auctions.sealing.rules import SealingReason, may_open
from auctions.service.opening import open_bids
from marketplace import audit, clock
from marketplace.access import Actor, Subject, Verb, require
from marketplace.config import Config
from marketplace.errors import Conflict, NotFound, Refused


def opening_file(session: Session, actor: Actor, auction_id: uuid.UUID) -> dict[str, Any]:
    """What an officer takes to the machine with the private key: this institution's locked shares.

    Raises:
        Conflict: bidding is not over, or the opening is.
        Refused: the actor holds no key that may take part.
        NotFound, NotAllowed: the auction is not sealed or the actor's institution no custodian of it.
    """
    custody = _custody(session, actor, auction_id)
    _require_awaiting(custody, clock.now())
    keys = [key for key in queries.keys_of(session, actor.institution_id) if _is_usable(key, actor)]
    if not keys:
        raise Refused(SealingReason.CONTRIBUTION_KEY)
    own, auction, closing = str(actor.institution_id), str(auction_id), custody.closing_hash or ""
    return {
        "kind": ceremony.OPENING_KIND,
        "version": 1,
        "auction": auction,
        "custodian": own,
        "closing_hash": closing,
        "bids": [_locked_share(entry, own) for entry, _ in queries.envelopes(session, auction_id)],
        "challenges": {
            key.fingerprint: ceremony.lock_challenge(
                _challenge(auction, closing, key.fingerprint), decode(key.public_key)
            )
            for key in keys
        },
    }


def _locked_share(entry: JournalEntry, institution_id: str) -> dict[str, Any]:
    share = (entry.sealed or {})["shares"][institution_id]
    return {"sequence": entry.sequence, "commitment": entry.commitment, **share}


def _challenge(auction: str, closing_hash: str, fingerprint: str) -> str:
    settings: Config = current_app.extensions["settings"]
    return ceremony.challenge_for(settings.secret_key, auction, closing_hash, fingerprint)


def _is_usable(key: OpeningKey, actor: Actor) -> bool:
    return key.person_id == actor.person_id and may_open(queries.state_of(key, clock.now()))


def _custody(session: Session, actor: Actor, auction_id: uuid.UUID) -> Custody:
    custody = queries.custody_of(session, auction_id)
    if custody is None:
        raise NotFound("custody")
    parties = frozenset({custody.second_id})
    require(actor, Verb.HOLD_OPENING_KEY, Subject(owner_id=custody.first_id, parties=parties))
    return custody


def _require_awaiting(custody: Custody, now: datetime) -> None:
    if custody.ended_at is not None:
        raise Conflict(SealingReason.NOT_AWAITING)
    if custody.open_by is None:
        raise Conflict(SealingReason.NOT_CLOSED)
    if now > custody.open_by:
        raise Conflict(SealingReason.TOO_LATE)


def contribute(session: Session, actor: Actor, auction_id: uuid.UUID, document: Any) -> OpeningContribution:
    """Take an officer's shares; when both institutions have brought theirs, everything is opened at once.

    Raises:
        Refused: the document is none, belongs to another auction or institution, names a key that is not the
            actor's, does not prove that it is held, leaves out a share, or has a wrong one (named).
        Conflict: bidding is not over, the opening is, the time is, or this key has contributed already.
        NotFound, NotAllowed: the auction is not sealed or the actor's institution no custodian of it.
    """
    auction = auction_queries.lock_auction(session, auction_id)
    custody = _custody(session, actor, auction_id)
    now = first_moment(auction.last_event_at, clock.now())
    _require_awaiting(custody, now)
    brought = _read(document)
    key = _holder_of(session, actor, custody, brought)
    _check_shares(session, brought)
    row = OpeningContribution(
        auction_id=auction.id,
        institution_id=actor.institution_id,
        key=key,
        person_id=actor.person_id,
        shares={str(sequence): text_of(share) for sequence, share in brought.shares.items()},
        unopenable=sorted(brought.unopenable),
        at=now,
    )
    session.add(row)
    session.flush()
    _audit(session, actor, row)
    if all(part.done for part in progress_of(session, custody)):
        open_bids(session, auction, custody, now)
    return row


def _read(document: Any) -> Contribution:
    try:
        return ceremony.read_contribution(document)
    except BadDocument:
        raise Refused(SealingReason.CONTRIBUTION_MALFORMED, field="contribution") from None


def _holder_of(session: Session, actor: Actor, custody: Custody, brought: Contribution) -> OpeningKey:
    """The actor's own key that made the contribution, proved by the challenge that only it unlocks."""
    here = (str(custody.auction_id), str(actor.institution_id), custody.closing_hash)
    if (brought.auction, brought.custodian, brought.closing_hash) != here:
        raise Refused(SealingReason.CONTRIBUTION_FOREIGN, field="contribution")
    key = queries.key_by_fingerprint(session, brought.fingerprint)
    if key is None or key.institution_id != actor.institution_id or not _is_usable(key, actor):
        raise Refused(SealingReason.CONTRIBUTION_KEY, field="contribution")
    asked = _challenge(brought.auction, brought.closing_hash, key.fingerprint)
    if not hmac.compare_digest(asked.encode(), brought.challenge.encode()):
        raise Refused(SealingReason.CONTRIBUTION_UNPROVEN, field="contribution")
    if any(one.key_id == key.id for one in queries.contributions_of(session, custody.auction_id)):
        raise Conflict(SealingReason.CONTRIBUTED, field="contribution")
    return key


def _check_shares(session: Session, brought: Contribution) -> None:
    """Every share is the one that was locked, and none that the key unlocks is left out."""
    auction_id, left = uuid.UUID(brought.auction), dict(brought.shares)
    for entry, _ in queries.envelopes(session, auction_id):
        sealed, share = entry.sealed or {}, left.pop(entry.sequence, None)
        if share is not None and not is_share(entry.commitment or "", sealed, brought.custodian, share):
            raise Refused(SealingReason.SHARE_WRONG, field="contribution", sequence=entry.sequence)
        mine = brought.fingerprint in sealed["shares"][brought.custodian]["boxes"]
        if mine and share is None and entry.sequence not in brought.unopenable:
            raise Refused(
                SealingReason.CONTRIBUTION_INCOMPLETE, field="contribution", sequence=entry.sequence
            )
    if left:
        raise Refused(SealingReason.SHARE_WRONG, field="contribution", sequence=min(left))


def _audit(session: Session, actor: Actor, row: OpeningContribution) -> None:
    audit.record(
        session,
        "auctions.contribute_to_opening",
        row.auction_id,
        person_id=actor.person_id,
        institution_id=actor.institution_id,
        fingerprint=row.key.fingerprint,
        shares=len(row.shares),
        unopenable=row.unopenable,
    )
