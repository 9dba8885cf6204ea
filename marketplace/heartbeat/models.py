"""Signs of life, and the outages between them."""

import uuid
from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.db import AppendOnly, Model, identity


class Heartbeat(Model):
    """When a part of the platform was last heard of.

    Attributes:
        part: `worker`.
        beat_at: its last sign of life.
        noticed_at: until when its silence has been recorded as an outage by somebody else.
    """

    __tablename__ = "heartbeats"

    part: Mapped[str] = mapped_column(String(20), primary_key=True)
    beat_at: Mapped[datetime]
    noticed_at: Mapped[datetime]


class Outage(AppendOnly, Model):
    """A time in which a part of the platform was down, from its last sign of life."""

    __tablename__ = "outages"

    id: Mapped[uuid.UUID] = identity()
    part: Mapped[str] = mapped_column(String(20))
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime] = mapped_column(index=True)
