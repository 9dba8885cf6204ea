"""Writing down who did what with money."""

import uuid
from typing import Any

from sqlalchemy.orm import Session

from marketplace import audit
from marketplace.access import Actor


def record(
    session: Session, act: str, subject_id: uuid.UUID, actor: Actor | None, *, reason: str = "", **facts: Any
) -> None:
    """An audit entry of this package; without an actor the worker did it."""
    audit.record(
        session,
        f"payments.{act}",
        subject_id,
        person_id=actor.person_id if actor else None,
        institution_id=actor.institution_id if actor else None,
        reason=reason,
        **facts,
    )
