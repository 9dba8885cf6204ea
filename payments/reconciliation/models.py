"""The table of reconciliations."""

import uuid
from datetime import datetime

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.db import AppendOnly, Model, identity
from marketplace.parties.models import Person


class Reconciliation(AppendOnly, Model):
    """One run: who laid what beside the ledger, and what differed.

    Attributes:
        person_id: who asked for it; None for a run from the command line that names nobody.
        compared: how many things of each part, and `left` for what the limit left out.
        differences: the first of them, `{part, what, ours, theirs}`; `difference_count` counts all.
    """

    __tablename__ = "reconciliations"

    id: Mapped[uuid.UUID] = identity()
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    person: Mapped[Person | None] = relationship()
    began_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime]
    agrees: Mapped[bool]
    compared: Mapped[dict[str, int]] = mapped_column(JSON)
    difference_count: Mapped[int]
    differences: Mapped[list[dict[str, str]]] = mapped_column(JSON)
