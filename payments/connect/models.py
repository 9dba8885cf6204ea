"""The accounts at the gateway to which payees are paid."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.db import Model, identity
from marketplace.parties.models import Institution


class ConnectedAccount(Model):
    """An institution's account at the gateway; one per institution.

    Attributes:
        gateway_object: the gateway's id of the account.
        country: two letters, where the payee is; it decides whether the gateway pays it at all.
        ready: the gateway pays out to it.
        missing: what the gateway still wants to know, in its words; empty when nothing.
    """

    __tablename__ = "connected_accounts"

    id: Mapped[uuid.UUID] = identity()
    institution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("institutions.id"), unique=True)
    institution: Mapped[Institution] = relationship()
    gateway_object: Mapped[str] = mapped_column(String(255), unique=True)
    country: Mapped[str] = mapped_column(String(2))
    ready: Mapped[bool] = mapped_column(default=False)
    missing: Mapped[str] = mapped_column(String(500), default="")
    opened_at: Mapped[datetime]
    looked_at: Mapped[datetime]
