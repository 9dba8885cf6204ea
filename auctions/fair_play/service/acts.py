"""What the verbs of fair play share."""

import uuid
from typing import Any

from sqlalchemy.orm import Session

from auctions.fair_play.rules.reasons import Reason
from marketplace import audit
from marketplace.access import Actor
from marketplace.errors import Refused


def needed(text: str, reason: Reason, field: str, most: int = 500) -> str:
    """The text without spaces around it; raises Refused with the field where there is none."""
    clean = text.strip()[:most]
    if not clean:
        raise Refused(reason, field=field)
    return clean


def record(
    session: Session, actor: Actor, act: str, subject_id: uuid.UUID, reason: str = "", **facts: Any
) -> None:
    """An audit entry of somebody's act."""
    audit.record(
        session,
        f"fair_play.{act}",
        subject_id,
        person_id=actor.person_id,
        institution_id=actor.institution_id,
        reason=reason,
        **facts,
    )
