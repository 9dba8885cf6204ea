"""Who did what to which thing, when and why: written in the transaction of the act, never changed."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketplace import clock
from marketplace.db import AppendOnly, Model, identity


class AuditEntry(AppendOnly, Model):
    """One act.

    Attributes:
        person_id, institution_id: who acted; None for the worker and the command line.
        act: package and verb, for example `listings.approve`.
        subject_id: the thing acted upon.
        facts: what changed, JSON values only; no secret (reserve, maximum, password) may stand in it.
    """

    __tablename__ = "audit_entries"

    id: Mapped[uuid.UUID] = identity()
    at: Mapped[datetime] = mapped_column(index=True)
    person_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    institution_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    act: Mapped[str] = mapped_column(String(64))
    subject_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    reason: Mapped[str] = mapped_column(String(500), default="")
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


def record(
    session: Session,
    act: str,
    subject_id: uuid.UUID | None,
    *,
    person_id: uuid.UUID | None = None,
    institution_id: uuid.UUID | None = None,
    reason: str = "",
    **facts: Any,
) -> None:
    """Add an entry to the running transaction."""
    session.add(
        AuditEntry(
            at=clock.now(),
            act=act,
            subject_id=subject_id,
            person_id=person_id,
            institution_id=institution_id,
            reason=reason,
            facts=facts,
        )
    )
