"""The register: an institution applies, two persons of an operator admit it, and how it goes on."""

import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.access import Actor, InstitutionKind, Subject, Verb, require, require_four_eyes
from marketplace.errors import Conflict, NotFound, Refused
from marketplace.four_eyes import why
from marketplace.parties.models import Institution
from marketplace.status import check_move
from transactions.log import signing
from transactions.sharing import queries
from transactions.sharing.models import Contributor
from transactions.sharing.rules.contributors import (
    ADMITTED,
    BY_TWO_PERSONS,
    LEFT,
    MOVES,
    SUSPENDED,
    TERMINAL,
    ContributorKind,
    ContributorStatus,
    checked_code,
)
from transactions.sharing.rules.reasons import Reason
from transactions.sharing.service.acts import note, settings
from transactions.sharing.service.keys import add_first_key


@dataclass(frozen=True, slots=True)
class Application:
    """What an institution says of itself; the rest is known of it already."""

    code: str
    kind: ContributorKind
    public_key: str
    parent_name: str = ""
    parent_number: str = ""


def apply(session: Session, actor: Actor, application: Application) -> Contributor:
    """An institution's manager asks that its sales be taken into the shared record.

    An operator applies for its own marketplace, under the name with which it signs checkpoints.

    Raises:
        Refused: the code or the key is malformed.
        Conflict: the institution, the code or the key stands in the register already.
        NotFound, NotAllowed: as `access.require`.
    """
    require(actor, Verb.APPLY_TO_CONTRIBUTE, Subject(owner_id=actor.institution_id))
    here, code = settings().marketplace_name, checked_code(application.code)
    own = queries.of_institution(session, here, actor.institution_id)
    if own is not None and own.status not in TERMINAL:
        raise Conflict(Reason.APPLIED_ALREADY)
    _check_code(session, actor, code, here)
    institution = session.get_one(Institution, actor.institution_id)
    contributor = Contributor(
        code=code,
        name=institution.name,
        kind=application.kind,
        country=institution.country,
        registration_number=institution.registration_number,
        parent_name=application.parent_name.strip(),
        parent_number=application.parent_number.strip(),
        marketplace=here,
        institution_id=institution.id,
        applied_at=clock.now(),
    )
    session.add(contributor)
    session.flush()
    note(session, contributor, "apply", actor)
    add_first_key(session, contributor, application.public_key)
    return contributor


def _check_code(session: Session, actor: Actor, code: str, here: str) -> None:
    """Nobody takes the name under which another's records stand; a marketplace's own is its operator's."""
    own_name = code == here and actor.kind is InstitutionKind.OPERATOR
    taken = queries.has_records(session, code) or code == here
    if queries.by_code(session, code) is not None or (taken and not own_name):
        raise Conflict(Reason.CODE_TAKEN, field="code")


def propose(
    session: Session, actor: Actor, contributor_id: uuid.UUID, becomes: ContributorStatus, reason: str
) -> Contributor:
    """One person proposes to admit, to admit again or to refuse; nothing changes until a second decides.

    Raises:
        Refused: without a reason.
        Conflict: something is proposed already, or the entry cannot become that.
        NotFound, NotAllowed: as `access.require`, or no such entry.
    """
    require(actor, Verb.KEEP_CONTRIBUTORS)
    contributor = queries.lock_contributor(session, contributor_id)
    if becomes not in BY_TWO_PERSONS:
        raise NotFound("decision")
    if contributor.proposed is not None:
        raise Conflict(Reason.PROPOSED_ALREADY)
    check_move(MOVES, contributor.status, becomes)
    text = why(reason)
    contributor.proposed, contributor.proposed_reason = becomes, text
    contributor.proposed_by_id, contributor.proposed_at = actor.person_id, clock.now()
    note(session, contributor, f"propose_{becomes}", actor, text)
    return contributor


def decide(session: Session, actor: Actor, contributor_id: uuid.UUID, *, agreed: bool) -> Contributor:
    """A second person carries out what the first proposed, or drops it.

    Raises:
        Conflict: nothing is proposed, or the entry has moved on.
        NotFound, NotAllowed: as `access.require`, no such entry, or the one who proposed it asks.
    """
    require(actor, Verb.KEEP_CONTRIBUTORS)
    contributor = queries.lock_contributor(session, contributor_id)
    becomes, first = contributor.proposed, contributor.proposed_by_id
    if becomes is None or first is None:
        raise Conflict(Reason.NOTHING_PROPOSED)
    require_four_eyes(actor, Subject(makers=frozenset({first})))
    if agreed:
        check_move(MOVES, contributor.status, becomes)
        contributor.status = becomes
        if becomes is ADMITTED:
            contributor.admitted_at = contributor.admitted_at or clock.now()
    act = str(becomes) if agreed else "drop_proposal"
    note(session, contributor, act, actor, contributor.proposed_reason, first_person_id=first)
    _nothing_proposed(contributor)
    return contributor


def suspend(session: Session, actor: Actor, contributor_id: uuid.UUID, reason: str) -> Contributor:
    """One person stops a contributor at once: a key may be in wrong hands. Two let it in again.

    Raises:
        Refused: without a reason.
        Conflict: it is not admitted.
        NotFound, NotAllowed: as `access.require`, or no such entry.
    """
    require(actor, Verb.KEEP_CONTRIBUTORS)
    return _move(session, actor, queries.lock_contributor(session, contributor_id), SUSPENDED, reason)


def leave(session: Session, actor: Actor, reason: str) -> Contributor:
    """An institution's manager ends its contributing; its records and keys stay where they are.

    Raises:
        Refused: without a reason.
        Conflict: it has left, or was refused.
        NotFound, NotAllowed: as `access.require`, or the institution stands in no register.
    """
    require(actor, Verb.APPLY_TO_CONTRIBUTE, Subject(owner_id=actor.institution_id))
    own = queries.of_institution(session, settings().marketplace_name, actor.institution_id)
    if own is None:
        raise NotFound("contributor")
    return _move(session, actor, queries.lock_contributor(session, own.id), LEFT, reason)


def _move(
    session: Session, actor: Actor, contributor: Contributor, becomes: ContributorStatus, reason: str
) -> Contributor:
    check_move(MOVES, contributor.status, becomes)
    text = why(reason)
    contributor.status = becomes
    note(session, contributor, str(becomes), actor, text)
    _nothing_proposed(contributor)
    return contributor


def _nothing_proposed(contributor: Contributor) -> None:
    contributor.proposed, contributor.proposed_reason = None, ""
    contributor.proposed_by_id, contributor.proposed_at = None, None


def admit_to_sandbox(session: Session, code: str, name: str, public_key: str) -> Contributor:
    """Enter and admit a contributor of a sandbox, where nobody's prices are.

    Raises:
        Refused: this is no sandbox, or as `apply`.
        Conflict: as `apply`.
    """
    if not settings().sandbox:
        raise Refused(Reason.NOT_A_SANDBOX)
    code = checked_code(code)
    if queries.by_code(session, code) is not None or queries.has_records(session, code):
        raise Conflict(Reason.CODE_TAKEN, field="code")
    now = clock.now()
    contributor = Contributor(
        code=code,
        name=name,
        kind=ContributorKind.EXCHANGE,
        country="CN",
        registration_number="",
        status=ADMITTED,
        marketplace=settings().marketplace_name,
        institution_id=uuid.uuid4(),
        applied_at=now,
        admitted_at=now,
    )
    session.add(contributor)
    session.flush()
    note(session, contributor, "admit_to_sandbox", None)
    add_first_key(session, contributor, public_key)
    return contributor


def own_public_key() -> str:
    """The key with which this marketplace signs checkpoints and receipts."""
    return signing.public_key(settings().receipt_key)
