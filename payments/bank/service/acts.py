"""Writing down who did what at the bank."""

import uuid
from typing import Any

from sqlalchemy.orm import Session

from marketplace import audit
from marketplace.access import Actor


def record(
    session: Session, act: str, subject_id: uuid.UUID, actor: Actor | None, *, reason: str = "", **facts: Any
) -> None:
    """An audit entry of the bank room; without an actor the worker or the command line did it."""
    audit.record(
        session,
        f"payments.bank.{act}",
        subject_id,
        person_id=actor.person_id if actor else None,
        institution_id=actor.institution_id if actor else None,
        reason=reason,
        **facts,
    )
