"""An estimate goes under seal: checked, committed to, and readable to nobody until the sale is over."""

import uuid
from dataclasses import dataclass

from flask import current_app
from sqlalchemy.orm import Session

from marketplace import audit, clock
from marketplace.access import Actor, Subject, Verb, require
from marketplace.config import Config
from marketplace.errors import Refused
from marketplace.listings.models import Lot
from marketplace.parties.models import Institution
from transactions.contest import envelopes, queries, rules
from transactions.contest.envelopes import Content
from transactions.contest.models import EstimatorConsent, SealedEstimate
from transactions.contest.rules import ContestReason, Range


@dataclass(frozen=True, slots=True)
class Filed:
    """The estimator's own copy: with it the commitment can be computed by anybody.

    Attributes:
        replaces: whether an earlier estimate of the same estimator no longer counts.
    """

    content: Content
    commitment: str
    replaces: bool


def file_estimate(session: Session, actor: Actor, lot_id: uuid.UUID, estimate: Range, note: str) -> Filed:
    """An institution's estimate; it may be replaced until bidding begins.

    Raises:
        Conflict: the lot is not on offer, or bidding has begun.
        Refused: the institution is concerned, or the figures make no sense.
        NotFound, NotAllowed: as `access.require`.
    """
    require(actor, Verb.FILE_ESTIMATE, Subject(owner_id=actor.institution_id))
    lot = queries.lock_lot(session, lot_id)
    own = session.get_one(Institution, actor.institution_id)
    related = queries.related(session, lot, clock.now())
    rules.check_standing(rules.standing(own.id, queries.group_of(own), related))
    return file(session, lot, str(own.id), estimate, note)


def file(session: Session, lot: Lot, estimator: str, estimate: Range, note: str = "") -> Filed:
    """Seal an estimate of anybody, of `envelopes.PLATFORM` too. The lot must be locked.

    Raises:
        Conflict: the lot is not on offer, or bidding has begun.
        Refused: the figures make no sense, or there are too many of them.
    """
    now = clock.now()
    rules.check_open(lot.status, queries.opens_at(session, lot.id), now)
    rules.check_range(estimate)
    number, key = queries.round_of(session, lot.id), _key()
    content = Content(
        str(lot.id), number, estimator, lot.currency, estimate, rules.check_note(note), envelopes.new_salt()
    )
    token = envelopes.token(key, lot.id, number, estimator)
    known = queries.estimates(session, lot.id, number)
    changes = sum(one.token == token for one in known)
    _check_counts(len(known), changes)
    commitment, sealed = envelopes.seal(key, content)
    session.add(
        SealedEstimate(
            lot_id=lot.id,
            round=number,
            sequence=len(known) + 1,
            token=token,
            commitment=commitment,
            sealed=sealed,
            filed_at=now,
        )
    )
    # Who filed it is not written down outside of the envelope, in the journal of acts neither.
    audit.record(session, "contest.file", lot.id, commitment=commitment, round=number)
    return Filed(content, commitment, changes > 0)


def _check_counts(estimates: int, changes: int) -> None:
    if changes >= rules.MOST_CHANGES:
        raise Refused(ContestReason.TOO_MANY_CHANGES)
    if estimates >= rules.MOST_ESTIMATES:
        raise Refused(ContestReason.TOO_MANY_ESTIMATES)


def own_estimate(session: Session, actor: Actor, lot: Lot) -> Filed | None:
    """What the actor's institution has filed for the sale to come; nobody else's can be asked for."""
    number, key = queries.round_of(session, lot.id), _key()
    last = queries.last_of(session, envelopes.token(key, lot.id, number, str(actor.institution_id)))
    if last is None:
        return None
    return Filed(envelopes.unseal(key, last.commitment, last.sealed), last.commitment, replaces=False)


def say_named(session: Session, actor: Actor, *, named: bool) -> None:
    """Whether the institution's name may stand in the league table.

    Raises:
        NotAllowed: as `access.require`.
    """
    require(actor, Verb.FILE_ESTIMATE, Subject(owner_id=actor.institution_id))
    session.get_one(Institution, actor.institution_id, with_for_update={"of": Institution})
    session.add(
        EstimatorConsent(
            institution_id=actor.institution_id,
            named=named,
            person_id=actor.person_id,
            said_at=clock.now(),
        )
    )
    audit.record(
        session,
        "contest.say_named",
        actor.institution_id,
        person_id=actor.person_id,
        institution_id=actor.institution_id,
        named=named,
    )


def _key() -> bytes:
    settings: Config = current_app.extensions["settings"]
    return envelopes.sealing_key(settings.field_key)
