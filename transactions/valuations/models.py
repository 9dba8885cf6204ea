"""Valuations and what was decided on them, batches, schedules and alerts: private to the institution.

They lie in the marketplace's own database. The shared record is named by ids and the size of its log.
"""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.db import AppendOnly, Model, currency_code, identity, minor_units
from marketplace.listings.models import Lot
from marketplace.parties.models import Institution, Person
from transactions.valuations.rules.words import (
    AlertKind,
    Approach,
    Basis,
    BatchSource,
    BatchStatus,
    DecisionKind,
    Frequency,
    Grade,
    RowStatus,
    Scope,
    SubjectKind,
)


class Valuation(AppendOnly, Model):
    """One estimate with everything it was made from; never changed, and reproducible by its id.

    Attributes:
        subject_key: what was valued, as `lot:…`, `right:…` or `row:…`; the key of its series over time.
        made_by_id: None where a schedule made it.
        tree_size: of the log of prices, whose later leaves were not looked at.
        model_version: digest of the fitted model; empty where none was.
        settings_version: digest of the settings of the method.
        value_minor: None where there is no single value.
        claim_minor: of the bank, secured by what was valued; None where none is known.
        inputs, result: JSON without floats; `digest` is SHA-256 of both as canonical bytes.
        code: by which anybody who holds the report checks the digest.
    """

    __tablename__ = "valuations"
    __table_args__ = (
        Index("ix_valuations_series", "institution_id", "subject_key", "made_at"),
        Index("ix_valuations_institution_id_made_at", "institution_id", "made_at"),
    )

    id: Mapped[uuid.UUID] = identity()
    institution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("institutions.id"))
    institution: Mapped[Institution] = relationship()
    made_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    made_by: Mapped[Person | None] = relationship()
    made_at: Mapped[datetime]
    subject_kind: Mapped[SubjectKind]
    subject_key: Mapped[str] = mapped_column(String(80))
    reference: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(500))
    lot_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("lots.id"), index=True)
    lot: Mapped[Lot | None] = relationship()
    batch_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("valuation_batches.id"), index=True)
    valued_on: Mapped[date]
    basis: Mapped[Basis]
    approach: Mapped[Approach]
    grade: Mapped[Grade]
    currency: Mapped[str] = currency_code()
    value_minor: Mapped[int | None] = minor_units(optional=True)
    low_50_minor: Mapped[int | None] = minor_units(optional=True)
    high_50_minor: Mapped[int | None] = minor_units(optional=True)
    low_80_minor: Mapped[int | None] = minor_units(optional=True)
    high_80_minor: Mapped[int | None] = minor_units(optional=True)
    claim_minor: Mapped[int | None] = minor_units(optional=True)
    life_months: Mapped[int | None]
    annuity_due_on: Mapped[date | None]
    tree_size: Mapped[int] = mapped_column(BigInteger)
    model_version: Mapped[str] = mapped_column(String(64))
    settings_version: Mapped[str] = mapped_column(String(64))
    inputs: Mapped[dict[str, Any]] = mapped_column(JSON, deferred=True)
    result: Mapped[dict[str, Any]] = mapped_column(JSON, deferred=True)
    digest: Mapped[str] = mapped_column(String(64))
    code: Mapped[str] = mapped_column(String(20), unique=True)


class ValuationDecision(AppendOnly, Model):
    """What somebody made of a suggestion. It binds nobody; it says who, when and why.

    Attributes:
        suggested_minor: the start price that was suggested, None where none was.
        start_price_minor: the one that was taken instead, or as suggested.
        value_minor: the value that the bank takes instead of the estimate; None where it keeps it.
    """

    __tablename__ = "valuation_decisions"

    id: Mapped[uuid.UUID] = identity()
    valuation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("valuations.id"), index=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    person: Mapped[Person] = relationship()
    at: Mapped[datetime]
    kind: Mapped[DecisionKind]
    suggested_minor: Mapped[int | None] = minor_units(optional=True)
    start_price_minor: Mapped[int | None] = minor_units(optional=True)
    value_minor: Mapped[int | None] = minor_units(optional=True)
    reason: Mapped[str] = mapped_column(Text)


class RevaluationSchedule(Model):
    """A rhythm in which a bank's collateral is valued again, and when the bank wants to be told.

    Attributes:
        first_on: the first day of the rhythm; next_on: the next one that is due.
        fall, limit: basis points; life_months: see `rules.watching.Thresholds`.
    """

    __tablename__ = "revaluation_schedules"

    id: Mapped[uuid.UUID] = identity()
    institution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("institutions.id"), index=True)
    institution: Mapped[Institution] = relationship()
    name: Mapped[str] = mapped_column(String(120))
    scope: Mapped[Scope]
    frequency: Mapped[Frequency]
    first_on: Mapped[date]
    next_on: Mapped[date] = mapped_column(index=True)
    fall: Mapped[int]
    limit: Mapped[int] = mapped_column("claim_limit")
    life_months: Mapped[int]
    active: Mapped[bool] = mapped_column(default=True)
    made_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    made_by: Mapped[Person] = relationship()
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class ValuationBatch(Model):
    """Many things valued together, as of one day, one size of the log and one model.

    Attributes:
        key: what makes a second upload of the same file on the same day this batch.
        rows, valued, refused: how many there are, and how many are done; the rows are the truth.
    """

    __tablename__ = "valuation_batches"
    __table_args__ = (UniqueConstraint("institution_id", "key"),)

    id: Mapped[uuid.UUID] = identity()
    institution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("institutions.id"), index=True)
    institution: Mapped[Institution] = relationship()
    made_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime] = mapped_column(index=True)
    source: Mapped[BatchSource]
    schedule_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("revaluation_schedules.id"))
    schedule: Mapped[RevaluationSchedule | None] = relationship()
    name: Mapped[str] = mapped_column(String(200))
    key: Mapped[str] = mapped_column(String(120))
    status: Mapped[BatchStatus] = mapped_column(index=True)
    valued_on: Mapped[date]
    tree_size: Mapped[int] = mapped_column(BigInteger)
    model_version: Mapped[str] = mapped_column(String(64))
    rows: Mapped[int]
    valued: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None]


class ValuationRow(Model):
    """One line of a batch: valued, refused with its reason, or still waiting.

    Attributes:
        number: of the line in the file, or counted from 1.
        cells: what is valued, as JSON; read from the file, or the id of the lot or right.
        column, reason, details: of a refusal.
    """

    __tablename__ = "valuation_rows"
    __table_args__ = (
        ForeignKeyConstraint(["valuation_id"], ["valuations.id"]),
        Index("ix_valuation_rows_waiting", "batch_id", "status", "number"),
    )

    batch_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("valuation_batches.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    reference: Mapped[str] = mapped_column(String(80))
    cells: Mapped[dict[str, Any]] = mapped_column(JSON)
    status: Mapped[RowStatus]
    valuation_id: Mapped[uuid.UUID | None] = mapped_column(unique=True)
    valuation: Mapped[Valuation | None] = relationship()
    column: Mapped[str] = mapped_column("column_name", String(60), default="")
    reason: Mapped[str] = mapped_column(String(60), default="")
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class RevaluationAlert(AppendOnly, Model):
    """Something of a revaluation that the bank wanted to be told.

    Attributes:
        previous_id: the valuation it is measured by.
        figure: basis points, months or days, as the kind says.
    """

    __tablename__ = "revaluation_alerts"
    __table_args__ = (
        UniqueConstraint("valuation_id", "kind"),
        Index("ix_revaluation_alerts_institution_id_at", "institution_id", "at"),
    )

    id: Mapped[uuid.UUID] = identity()
    institution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("institutions.id"))
    schedule_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("revaluation_schedules.id"), index=True)
    valuation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("valuations.id"))
    valuation: Mapped[Valuation] = relationship(foreign_keys=[valuation_id])
    previous_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("valuations.id"))
    previous: Mapped[Valuation | None] = relationship(foreign_keys=[previous_id])
    kind: Mapped[AlertKind]
    figure: Mapped[int]
    at: Mapped[datetime]
