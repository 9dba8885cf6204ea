"""Proposed corrections, in the marketplace's own database: the record itself only ever gains a new row."""

import uuid

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.db import Model, identity
from marketplace.four_eyes import TwoPersons


class RecordCorrection(TwoPersons, Model):
    """What one person wants changed in a record, and what another says to it.

    Attributes:
        record_id: in the shared record.
        title: of the record as it may be shown, for lists.
        changes: field by field as `rules.written` writes values.
        new_record_id: the record that came of it; None until it is agreed.
    """

    __tablename__ = "record_corrections"

    id: Mapped[uuid.UUID] = identity()
    record_id: Mapped[uuid.UUID] = mapped_column(index=True)
    title: Mapped[str] = mapped_column(String(300))
    changes: Mapped[dict[str, str]] = mapped_column(JSON)
    new_record_id: Mapped[uuid.UUID | None]
    agreed: Mapped[bool | None] = mapped_column(index=True)
