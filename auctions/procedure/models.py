"""The bank's decisions about each step of the procedure: proposed by one person, answered by another."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from auctions.models import Auction
from auctions.procedure.rules import Verdict
from marketplace.db import AppendOnly, Model, currency_code, identity, minor_units
from marketplace.listings.models import Lot
from marketplace.parties.models import Person
from marketplace.rule_packs import StepKind


class StepDecision(AppendOnly, Model):
    """A proposal, or the answer to one; a proposal without an answer waits for the second person.

    Attributes:
        sequence: 1, 2, 3 … without a gap within the lot.
        after_id: the attempt it follows or stops; None where the lot had none.
        proposal_id: what it answers; None for a proposal itself.
        terms: of another attempt, the values of `AttemptTerms` as JSON; it may hold a secret reserve.
        price_minor: what a taking or conversion costs, or what the debtor paid to redeem.
        cost_minor: borne by the seller, to `cost_payee`.
        document: reference of the document that proves it.
        content_hash: digest of what was proposed; the answer carries the one that its author saw.
    """

    __tablename__ = "step_decisions"
    __table_args__ = (UniqueConstraint("lot_id", "sequence"),)

    id: Mapped[uuid.UUID] = identity()
    lot_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lots.id"))
    lot: Mapped[Lot] = relationship()
    sequence: Mapped[int]
    after_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("auctions.id"))
    after: Mapped[Auction | None] = relationship()
    proposal_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("step_decisions.id"), unique=True)
    kind: Mapped[StepKind]
    verdict: Mapped[Verdict]
    terms: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    price_minor: Mapped[int | None] = minor_units(optional=True)
    cost_minor: Mapped[int] = minor_units(default=0)
    cost_payee: Mapped[str] = mapped_column(String(200), default="")
    currency: Mapped[str] = currency_code()
    document: Mapped[str] = mapped_column(String(200), default="")
    reason: Mapped[str] = mapped_column(String(500))
    content_hash: Mapped[str] = mapped_column(String(64))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    person: Mapped[Person] = relationship()
    at: Mapped[datetime]
