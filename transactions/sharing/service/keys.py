"""The keys of contributors: the first comes with the application, more are added, any is revoked at once."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.access import Actor, InstitutionKind, Subject, Verb, require
from marketplace.errors import Conflict
from marketplace.four_eyes import why
from transactions.sharing import queries
from transactions.sharing.models import Contributor, ContributorKey
from transactions.sharing.rules.contributors import (
    TERMINAL,
    check_room_for_key,
    check_span,
    checked_key,
)
from transactions.sharing.rules.reasons import Reason
from transactions.sharing.rules.statements import fingerprint
from transactions.sharing.service.acts import note, settings


def add_first_key(session: Session, contributor: Contributor, public_key: str) -> ContributorKey:
    """The key that comes with an application, good from now on; raises Refused or Conflict."""
    return _add(session, contributor, public_key, clock.now(), None)


def add_key(
    session: Session,
    actor: Actor,
    contributor_id: uuid.UUID,
    public_key: str,
    *,
    valid_from: datetime | None,
    valid_until: datetime | None,
) -> ContributorKey:
    """The institution's manager adds a key, from now on or from a later moment.

    Raises:
        Refused: malformed, or its time ends before it begins, or there are too many.
        Conflict: the key stands in the register already, or the contributor has left.
        NotFound, NotAllowed: as `access.require`, or the entry is another institution's.
    """
    contributor = _own(session, actor, contributor_id)
    if contributor.status in TERMINAL:
        raise Conflict(Reason.NOT_ADMITTED)
    now = clock.now()
    check_room_for_key([key.as_rule() for key in contributor.keys], now)
    begins = max(valid_from or now, now)
    check_span(begins, valid_until)
    key = _add(session, contributor, public_key, begins, valid_until)
    note(session, contributor, "add_key", actor, key.fingerprint)
    return key


def _own(session: Session, actor: Actor, contributor_id: uuid.UUID) -> Contributor:
    contributor = queries.lock_contributor(session, contributor_id)
    here = contributor.marketplace == settings().marketplace_name
    owner = contributor.institution_id if here else None
    require(actor, Verb.APPLY_TO_CONTRIBUTE, Subject(owner_id=owner))
    return contributor


def _add(
    session: Session, contributor: Contributor, public_key: str, begins: datetime, ends: datetime | None
) -> ContributorKey:
    checked = checked_key(public_key)
    mark = fingerprint(checked)
    if queries.key_by_fingerprint(session, mark) is not None:
        raise Conflict(Reason.KEY_TAKEN, field="public_key")
    key = ContributorKey(
        contributor=contributor,
        fingerprint=mark,
        public_key=checked,
        valid_from=begins,
        valid_until=ends,
        added_at=clock.now(),
    )
    session.add(key)
    session.flush()
    return key


def revoke_key(
    session: Session, actor: Actor, contributor_id: uuid.UUID, key_id: uuid.UUID, reason: str
) -> ContributorKey:
    """The institution's manager or one person of the operator ends a key now; what it signed stays.

    Raises:
        Refused: without a reason.
        Conflict: it is revoked already.
        NotFound, NotAllowed: as `access.require`, no such key, or another institution's.
    """
    if actor.kind is InstitutionKind.OPERATOR:
        require(actor, Verb.KEEP_CONTRIBUTORS)
        contributor = queries.lock_contributor(session, contributor_id)
    else:
        contributor = _own(session, actor, contributor_id)
    key = queries.key_of(session, contributor.id, key_id)
    if key.revoked_at is not None:
        raise Conflict(Reason.KEY_NOT_VALID)
    text = why(reason)
    key.revoked_at, key.revocation_reason = clock.now(), text
    note(session, contributor, "revoke_key", actor, f"{key.fingerprint[:16]} {text}"[:500])
    return key
