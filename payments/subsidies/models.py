"""Programmes of subsidies, their budgets, and the applications for them."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.db import Model, currency_code, identity, minor_units
from marketplace.deals.models import Deal
from marketplace.parties.models import Institution
from payments.funds.rules import FirmSize
from payments.models import Payout
from payments.subsidies.rules import ApplicationStatus


class SubsidyProgramme(Model):
    """A programme in one year, kept by one institution.

    Attributes:
        terms: of the version it was opened with, as its file has them.
    """

    __tablename__ = "subsidy_programmes"
    __table_args__ = (UniqueConstraint("keeper_id", "terms_name", "year"),)

    id: Mapped[uuid.UUID] = identity()
    keeper_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("institutions.id"), index=True)
    keeper: Mapped[Institution] = relationship()
    terms_name: Mapped[str] = mapped_column(String(60))
    year: Mapped[int]
    currency: Mapped[str] = currency_code()
    terms: Mapped[dict[str, Any]] = mapped_column(JSON)
    opened_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    opened_at: Mapped[datetime]
    budgets: Mapped[list["ProgrammeBudget"]] = relationship(order_by="ProgrammeBudget.proposed_at")


class ProgrammeBudget(Model):
    """An amount added to a programme's budget; the first one opens it. Two persons."""

    __tablename__ = "programme_budgets"

    id: Mapped[uuid.UUID] = identity()
    programme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("subsidy_programmes.id"), index=True)
    amount_minor: Mapped[int] = minor_units()
    proposed_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    proposed_at: Mapped[datetime]
    approved_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    approved_at: Mapped[datetime | None]


class SubsidyApplication(Model):
    """An application for a firm, made by the firm itself, its bank or its agency.

    Attributes:
        number: within its programme: 1, 2, 3 …, the order in which the budget is given out.
        firm, firm_number: whom it is for, with the state's number of the company; the cap counts by it.
        payee_id: the firm's own institution where it has one here.
        costs: paid costs by kind; parts: of the subsidy by kind; cuts: `{cap, minor}`. Minor units.
        deal_id: the purchase on this marketplace that it pays a part of.
        content_hash: digest of what was reviewed: what the second person approves.
    """

    __tablename__ = "subsidy_applications"
    __table_args__ = (UniqueConstraint("programme_id", "number"),)

    id: Mapped[uuid.UUID] = identity()
    programme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("subsidy_programmes.id"), index=True)
    programme: Mapped[SubsidyProgramme] = relationship()
    number: Mapped[int]
    applicant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("institutions.id"), index=True)
    applicant: Mapped[Institution] = relationship(foreign_keys=[applicant_id])
    firm: Mapped[str] = mapped_column(String(200))
    firm_number: Mapped[str] = mapped_column(String(40), index=True)
    payee_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("institutions.id"))
    payee: Mapped[Institution | None] = relationship(foreign_keys=[payee_id])
    size: Mapped[FirmSize]
    costs: Mapped[dict[str, int]] = mapped_column(JSON)
    loan_minor: Mapped[int | None] = minor_units(optional=True)
    paid_on: Mapped[date]
    deal_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("deals.id"), index=True)
    deal: Mapped[Deal | None] = relationship()
    amount_minor: Mapped[int] = minor_units()
    currency: Mapped[str] = currency_code()
    parts: Mapped[dict[str, int]] = mapped_column(JSON)
    cuts: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    status: Mapped[ApplicationStatus] = mapped_column(index=True)
    content_hash: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(500), default="")
    payout_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("payouts.id"))
    payout: Mapped[Payout | None] = relationship()
    applied_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    applied_at: Mapped[datetime]
    reviewed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    reviewed_at: Mapped[datetime | None]
    approved_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    approved_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
