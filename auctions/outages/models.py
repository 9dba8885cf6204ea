"""What an outage did to one auction."""

import uuid
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from auctions.models import Auction
from marketplace.db import AppendOnly, Model, identity
from marketplace.heartbeat.models import Outage


class Interruption(AppendOnly, Model):
    """The time for which an auction stood still because of an outage.

    Attributes:
        began_at, ended_at: equal where the auction lost no time by it.
        resumed: whether the auction went on by itself; else it stays suspended until the operator decides.
    """

    __tablename__ = "interruptions"
    __table_args__ = (UniqueConstraint("outage_id", "auction_id"),)

    id: Mapped[uuid.UUID] = identity()
    outage_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("outages.id"))
    outage: Mapped[Outage] = relationship()
    auction_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("auctions.id"), index=True)
    auction: Mapped[Auction] = relationship()
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    resumed: Mapped[bool]

    @property
    def length(self) -> timedelta:
        return self.ended_at - self.began_at
