"""Rows that one person proposes and another answers: the columns, and the one way to answer."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketplace.access import Actor, Subject, require_four_eyes
from marketplace.errors import Conflict, Refused

LONGEST_REASON = 500


class FourEyesReason(StrEnum):
    ANSWERED_ALREADY = "answered_already"
    SAY_WHY = "say_why"


class TwoPersons:
    """Columns of what two persons decide.

    Attributes:
        agreed: None until the second person has answered.
        answer: what the second person said to it.
    """

    reason: Mapped[str] = mapped_column(String(LONGEST_REASON))
    proposed_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    proposed_at: Mapped[datetime]
    agreed: Mapped[bool | None]
    answer: Mapped[str] = mapped_column(String(LONGEST_REASON), default="")
    answered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    answered_at: Mapped[datetime | None]

    @property
    def waits(self) -> bool:
        return self.agreed is None


def why(text: str | None) -> str:
    """The reason a person gives, trimmed; raises Refused for an empty one."""
    if not (text or "").strip():
        raise Refused(FourEyesReason.SAY_WHY, field="reason")
    return str(text).strip()[:LONGEST_REASON]


def proposed(actor: Actor, reason: str, now: datetime) -> dict[str, Any]:
    """The first person's columns."""
    return {"reason": why(reason), "proposed_by_id": actor.person_id, "proposed_at": now}


def settle(row: TwoPersons, actor: Actor, *, agreed: bool, answer: str, now: datetime) -> None:
    """The second person answers; the row must be locked.

    Raises:
        Refused: no reason is given.
        Conflict: it is answered.
        NotAllowed: the actor proposed it.
    """
    if not row.waits:
        raise Conflict(FourEyesReason.ANSWERED_ALREADY)
    require_four_eyes(actor, Subject(makers=frozenset({row.proposed_by_id})))
    row.agreed, row.answer = agreed, why(answer)
    row.answered_by_id, row.answered_at = actor.person_id, now


def without_two_persons(session: Session, model: Any, limit: int = 100) -> list[str]:
    """Rows that were answered by whoever proposed them, or by nobody: there must be none."""
    alone: ColumnElement[bool] = model.answered_by_id == model.proposed_by_id
    nobody = model.answered_by_id.is_(None)
    found = session.scalars(select(model.id).where(model.agreed.is_not(None), alone | nobody).limit(limit))
    return [f"{model.__tablename__} {row_id} is answered without two persons" for row_id in found]
