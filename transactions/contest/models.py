"""Estimates under seal, what came of them, and what the closest is due; all of one operator."""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, Float, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.db import AppendOnly, Model, currency_code, identity, minor_units
from marketplace.listings.models import Lot
from marketplace.parties.models import Institution
from payments.models import Payout
from transactions.contest.rules import Standing, Verdict
from transactions.rules.words import AssetType, SaleOutcome


class EstimatorConsent(AppendOnly, Model):
    """Whether an institution's name may stand in the league table; the latest word counts."""

    __tablename__ = "estimator_consents"

    id: Mapped[uuid.UUID] = identity()
    institution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("institutions.id"), index=True)
    named: Mapped[bool]
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    said_at: Mapped[datetime]


class SealedEstimate(AppendOnly, Model):
    """One filed estimate; the last of a token counts.

    Attributes:
        round: of the lot: 1 for its first sale or attempt, one more after each outcome.
        sequence: the order in which the estimates of a round were filed.
    """

    __tablename__ = "sealed_estimates"
    __table_args__ = (UniqueConstraint("lot_id", "round", "sequence"),)

    id: Mapped[uuid.UUID] = identity()
    lot_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lots.id"))
    lot: Mapped[Lot] = relationship()
    round: Mapped[int]
    sequence: Mapped[int]
    token: Mapped[str] = mapped_column(String(64), index=True)
    commitment: Mapped[str] = mapped_column(String(64))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    filed_at: Mapped[datetime]


class ContestResult(AppendOnly, Model):
    """The outcome against which a round was scored; `source_*` is the carried deal or auction."""

    __tablename__ = "contest_results"
    __table_args__ = (UniqueConstraint("lot_id", "round"), UniqueConstraint("source_kind", "source_id"))

    id: Mapped[uuid.UUID] = identity()
    lot_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lots.id"))
    lot: Mapped[Lot] = relationship()
    round: Mapped[int]
    source_kind: Mapped[str] = mapped_column(String(20))
    source_id: Mapped[uuid.UUID]
    record_id: Mapped[uuid.UUID]
    outcome: Mapped[SaleOutcome]
    asset_type: Mapped[AssetType]
    currency: Mapped[str] = currency_code()
    price_minor: Mapped[int | None] = minor_units(optional=True)
    start_price_minor: Mapped[int | None] = minor_units(optional=True)
    opened_at: Mapped[datetime] = mapped_column(index=True)


class OpenedEstimate(AppendOnly, Model):
    """What was in an envelope, and its score; the id is that of the sealed estimate.

    Attributes:
        institution_id: None for the platform's model, and where the envelope could not be opened.
    """

    __tablename__ = "opened_estimates"

    id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sealed_estimates.id"), primary_key=True)
    sealed: Mapped[SealedEstimate] = relationship()
    result_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contest_results.id"), index=True)
    result: Mapped[ContestResult] = relationship()
    institution_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("institutions.id"), index=True)
    institution: Mapped[Institution | None] = relationship()
    value_minor: Mapped[int | None] = minor_units(optional=True)
    low_minor: Mapped[int | None] = mapped_column(BigInteger)
    high_minor: Mapped[int | None] = mapped_column(BigInteger)
    note: Mapped[str] = mapped_column(String(500))
    salt: Mapped[str] = mapped_column(String(64))
    standing: Mapped[Standing]
    verdict: Mapped[Verdict]
    log_error: Mapped[float | None] = mapped_column(Float)
    within: Mapped[bool | None]
    interval_score: Mapped[float | None] = mapped_column(Float)
    closest: Mapped[bool]


class ContestFee(Model):
    """What the closest is due under the lot's rule pack; its payout is released by two persons.

    Attributes:
        payout_id: None until the operator's own money covers it.
    """

    __tablename__ = "contest_fees"

    id: Mapped[uuid.UUID] = identity()
    result_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contest_results.id"), unique=True)
    result: Mapped[ContestResult] = relationship()
    institution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("institutions.id"), index=True)
    institution: Mapped[Institution] = relationship()
    amount_minor: Mapped[int] = minor_units()
    currency: Mapped[str] = currency_code()
    due_at: Mapped[datetime]
    payout_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("payouts.id"))
    payout: Mapped[Payout | None] = relationship()
