"""A dated waiver of the title: the seller asks for the money before the transfer, the operator agrees."""

import uuid

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.db import Model, identity
from marketplace.deals.models import Deal
from marketplace.four_eyes import TwoPersons


class TitleWaiver(TwoPersons, Model):
    """Proposed by the selling bank, answered by the operator; the money may leave once it is agreed."""

    __tablename__ = "title_waivers"

    id: Mapped[uuid.UUID] = identity()
    deal_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("deals.id"), index=True)
    deal: Mapped[Deal] = relationship()
