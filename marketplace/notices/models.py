"""Notices to institutions, and how far each person has read."""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.db import Model, identity
from marketplace.notices.rules import NoticeKind


class Notice(Model):
    """Something an institution should know or decide.

    Attributes:
        person_id: the one person it is meant for; None for everybody of the institution.
        subject_url: path of the page where it can be seen or decided.
        amount_minor: minor units of `currency`; both None where no amount matters.
        due_at: until when something has to be done.
    """

    __tablename__ = "notices"
    __table_args__ = (Index("ix_notices_institution_id_at", "institution_id", "at"),)

    id: Mapped[uuid.UUID] = identity()
    institution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("institutions.id"))
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[NoticeKind]
    title: Mapped[str] = mapped_column(String(300))
    subject_url: Mapped[str] = mapped_column(String(300))
    amount_minor: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str | None] = mapped_column(String(3))
    due_at: Mapped[datetime | None]
    at: Mapped[datetime]


class NoticeReading(Model):
    """Up to when a person has read the notices."""

    __tablename__ = "notice_readings"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    read_until: Mapped[datetime]
