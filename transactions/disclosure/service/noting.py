"""The log of exact reads: who read which unrounded confidential prices, what for."""

import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace import clock
from transactions.disclosure.models import ExactRead
from transactions.disclosure.queries import for_model
from transactions.disclosure.rules import CONFIDENTIAL, ReaderKind
from transactions.disclosure.rules.words import Purpose
from transactions.models import TransactionRecord
from transactions.rules.facts import SaleFacts
from transactions.rules.words import ConsentTier


@dataclass(frozen=True, slots=True)
class By:
    """Who reads.

    Attributes:
        name: marketplace and institution (`readers.name_of`), or the name of a program.
        person_id: None for a program.
        request_id: of the request that two people of an authority made.
    """

    name: str
    kind: ReaderKind
    person_id: uuid.UUID | None = None
    request_id: uuid.UUID | None = None


Read = tuple[uuid.UUID, SaleFacts]
"""The id of a record that was read exactly, and its facts as they stand in the record."""


def note(session: Session, by: By, purpose: Purpose, read: Iterable[Read]) -> int:
    """Note the exact reading of each confidential record among these; returns how many were noted."""
    rows = [
        _row(by, purpose, (facts.source_marketplace, facts.seller_parent), 1, record_id)
        for record_id, facts in read
        if facts.consent_tier in CONFIDENTIAL
    ]
    session.add_all(rows)
    return len(rows)


def note_many(session: Session, by: By, purpose: Purpose, owners: Iterable[tuple[str, str]]) -> int:
    """Note that a program read many at once: one row for each owner, with how many of its sales.

    `owners` are marketplace and parent of each confidential sale that was read.
    """
    counts = Counter(owners)
    session.add_all(_row(by, purpose, owner, number, None) for owner, number in sorted(counts.items()))
    return len(counts)


def _row(
    by: By, purpose: Purpose, owner: tuple[str, str], number: int, record_id: uuid.UUID | None
) -> ExactRead:
    marketplace, parent = owner
    return ExactRead(
        read_at=clock.now(),
        read_by=by.name,
        reader_kind=by.kind,
        person_id=by.person_id,
        purpose=purpose,
        record_id=record_id,
        number=number,
        owner_marketplace=marketplace,
        owner_parent=parent,
        request_id=by.request_id,
    )


def note_program(session: Session, name: str, purpose: Purpose, on: date) -> int:
    """Note that a program read every pooled sale that a model may be fitted to on that day, by owner."""
    record = TransactionRecord
    owners = session.execute(
        select(record.source_marketplace, record.seller_parent).where(
            record.consent_tier == ConsentTier.POOL, for_model(on)
        )
    )
    program = By(name, ReaderKind.OPERATOR)
    return note_many(session, program, purpose, [(owner[0], owner[1]) for owner in owners])
