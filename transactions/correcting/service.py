"""Proposing a correction and answering the proposal. Nobody edits grades, prices or exclusions alone."""

import uuid
from collections.abc import Mapping
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from marketplace import audit, clock, four_eyes
from marketplace.access import Actor, Verb, require
from marketplace.config import Config
from marketplace.errors import Conflict, NotFound, Refused
from transactions import queries as records
from transactions import service as sales
from transactions.correcting import queries
from transactions.correcting.models import RecordCorrection
from transactions.models import TransactionRecord
from transactions.rules.corrections import corrected
from transactions.rules.facts import Reason
from transactions.rules.written import field_of, read_value, write_value


def find(session: Session, record_id: uuid.UUID) -> TransactionRecord:
    """A record that this marketplace may correct: its own, or one that was imported from a report.

    Raises:
        NotFound: there is no such record.
        Refused: another marketplace wrote it.
    """
    record = session.get(TransactionRecord, record_id)
    if record is None:
        raise NotFound(str(record_id))
    settings: Config = current_app.extensions["settings"]
    imported = records.oldest_of(session, record).source_kind == "import"
    if record.source_marketplace != settings.marketplace_name and not imported:
        raise Refused(Reason.OF_ANOTHER_MARKETPLACE)
    return record


def propose(
    session: Session,
    actor: Actor,
    record_id: uuid.UUID,
    changes: Mapping[str, str],
    *,
    title: str,
    reason: str,
) -> RecordCorrection:
    """The first person: these fields should say that. Whatever agreeing would refuse is refused here already.

    `changes` are values by field as `rules.written` reads them, `title` is the record's as the person saw it.

    Raises:
        Refused: no reason, no change, a value that cannot be; the field is named.
        Conflict: the record is corrected already, or a correction of it waits.
        NotFound, NotAllowed: no such record; as `access.require`.
    """
    require(actor, Verb.PROPOSE_CORRECTION)
    record, now = find(session, record_id), clock.now()
    if queries.waiting_for(session, record_id) is not None:
        raise Conflict(Reason.CORRECTION_WAITS)
    values = _values(record, changes)
    already = records.correction_of(session, record_id) is not None
    corrected(record_id, record.facts(), values, four_eyes.why(reason), already=already)
    row = RecordCorrection(
        record_id=record_id,
        title=title[:300],
        changes={field: write_value(field, value, record.currency) for field, value in values.items()},
        **four_eyes.proposed(actor, reason, now),
    )
    session.add(row)
    session.flush()
    _note(session, "propose", actor, row, changes=dict(row.changes))
    return row


def answer(
    session: Session, actor: Actor, correction_id: uuid.UUID, *, agreed: bool, answer: str
) -> RecordCorrection:
    """The second person: the record is replaced, or stays.

    Raises:
        Refused: no reason is given, or the record no longer takes the change.
        Conflict: it is answered, or the record was corrected meanwhile.
        NotFound, NotAllowed: no such proposal; the actor made it; as `access.require`.
    """
    require(actor, Verb.AGREE_CORRECTION)
    row = queries.lock(session, correction_id)
    four_eyes.settle(row, actor, agreed=agreed, answer=answer, now=clock.now())
    if agreed:
        record = find(session, row.record_id)
        new = sales.correct(session, record.id, reason=row.reason, **_values(record, row.changes))
        row.new_record_id = new.id
    _note(session, "agree" if agreed else "refuse", actor, row, answer=row.answer)
    return row


def _values(record: TransactionRecord, changes: Mapping[str, str]) -> dict[str, Any]:
    fields = {field_of(name): text for name, text in changes.items()}
    return {field: read_value(field, text, record.currency) for field, text in fields.items()}


def _note(session: Session, act: str, actor: Actor, row: RecordCorrection, **more: Any) -> None:
    audit.record(
        session,
        f"transactions.{act}_correction",
        row.id,
        person_id=actor.person_id,
        institution_id=actor.institution_id,
        record_id=str(row.record_id),
        reason=row.reason,
        **more,
    )
