"""Pools, their agreements, claims on them, and what is recovered later."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.db import Model, currency_code, identity, minor_units
from marketplace.listings.models import Lot
from marketplace.parties.models import Institution
from marketplace.rule_packs import Basis
from payments.compensation.rules import ClaimStatus, PartyRole, RecoveryStatus
from payments.models import Account, Payout, Settlement


class CompensationPool(Model):
    """Money that shares the loss of loans on pledged rights (风险补偿资金池).

    Attributes:
        keeper_id: the institution that keeps the fund.
        public_totals: whether everybody may see its totals, as its terms say.
    """

    __tablename__ = "compensation_pools"

    id: Mapped[uuid.UUID] = identity()
    keeper_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("institutions.id"), index=True)
    keeper: Mapped[Institution] = relationship()
    name: Mapped[str] = mapped_column(String(200), unique=True)
    area: Mapped[str] = mapped_column(String(100))
    currency: Mapped[str] = currency_code()
    public_totals: Mapped[bool]
    opened_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    opened_at: Mapped[datetime]


class PoolAgreement(Model):
    """One version of a pool's agreement; in force from its day, once a second person has approved it.

    Attributes:
        terms: `rules.agreement.Agreement` as JSON values.
        basis, source: how well its figures are founded, and where they come from; never shown as law.
        content_hash: digest of what was proposed.
    """

    __tablename__ = "pool_agreements"
    __table_args__ = (UniqueConstraint("pool_id", "version"),)

    id: Mapped[uuid.UUID] = identity()
    pool_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("compensation_pools.id"), index=True)
    pool: Mapped[CompensationPool] = relationship()
    version: Mapped[int]
    valid_from: Mapped[date]
    terms: Mapped[dict[str, Any]] = mapped_column(JSON)
    basis: Mapped[Basis]
    source: Mapped[str] = mapped_column(String(300))
    content_hash: Mapped[str] = mapped_column(String(64))
    proposed_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    proposed_at: Mapped[datetime]
    approved_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    approved_at: Mapped[datetime | None]


class CompensationClaim(Model):
    """A bank's claim on a pool for what a disposal left unpaid.

    Attributes:
        number: of the claim within its pool: 1, 2, 3 …
        settlement_id: of the sale that left the remainder; None where the procedure ended without a sale.
        firm: the borrower, as the default case names it; `firm_key` compares the spelling.
        loss_minor: the unpaid remainder; principal_minor: of the loan.
        facts: what the eligibility was decided on, JSON values.
        cuts: what each cap took, `{cap, minor}`, once reviewed; uncovered_minor: not covered at all.
        content_hash: digest of the reviewed division: what the second person releases.
        year: the calendar year of the review, in which its caps count.
    """

    __tablename__ = "compensation_claims"
    __table_args__ = (UniqueConstraint("pool_id", "number"),)

    id: Mapped[uuid.UUID] = identity()
    pool_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("compensation_pools.id"), index=True)
    pool: Mapped[CompensationPool] = relationship()
    agreement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("pool_agreements.id"))
    agreement: Mapped[PoolAgreement] = relationship()
    number: Mapped[int]
    bank_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("institutions.id"), index=True)
    bank: Mapped[Institution] = relationship()
    lot_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lots.id"), index=True)
    lot: Mapped[Lot] = relationship()
    settlement_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("settlements.id"))
    settlement: Mapped[Settlement | None] = relationship()
    firm: Mapped[str] = mapped_column(String(200))
    firm_key: Mapped[str] = mapped_column(String(200), index=True)
    currency: Mapped[str] = currency_code()
    loss_minor: Mapped[int] = minor_units()
    principal_minor: Mapped[int] = minor_units()
    loan_minor: Mapped[int] = minor_units()
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    status: Mapped[ClaimStatus] = mapped_column(default=ClaimStatus.CLAIMED, index=True)
    uncovered_minor: Mapped[int] = minor_units(default=0)
    cuts: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    content_hash: Mapped[str] = mapped_column(String(64), default="")
    year: Mapped[int | None]
    reason: Mapped[str] = mapped_column(String(500), default="")
    claimed_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    claimed_at: Mapped[datetime]
    reviewed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    reviewed_at: Mapped[datetime | None]
    released_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    released_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    parts: Mapped[list["ClaimPart"]] = relationship(
        order_by="ClaimPart.line", cascade="all, delete-orphan", back_populates="claim"
    )
    recoveries: Mapped[list["Recovery"]] = relationship(order_by="Recovery.reported_at")


class ClaimPart(Model):
    """What one party bears of a reviewed claim.

    Attributes:
        institution_id: who; the claiming bank for its own part, which nobody pays.
        account_id: the party's account in the pool; None for the bank's own part.
        payout_id: of what was paid; None while it is not released, or the party has not paid in yet.
    """

    __tablename__ = "claim_parts"
    __table_args__ = (UniqueConstraint("claim_id", "role"),)

    id: Mapped[uuid.UUID] = identity()
    claim_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("compensation_claims.id"), index=True)
    claim: Mapped[CompensationClaim] = relationship(back_populates="parts")
    line: Mapped[int]
    role: Mapped[PartyRole]
    institution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("institutions.id"), index=True)
    institution: Mapped[Institution] = relationship()
    share: Mapped[int]
    minor: Mapped[int] = minor_units()
    account_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("ledger_accounts.id"))
    account: Mapped[Account | None] = relationship()
    payout_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("payouts.id"))
    payout: Mapped[Payout | None] = relationship()


class Recovery(Model):
    """What the debtor paid after the loss was compensated, reported by the bank and shared back.

    Attributes:
        amount_minor: what the bank got; shares: of it by role, the bank's own among them.
        document: the bank's proof.
        bank_reference: of the transfer with which the bank passes on the others' shares.
    """

    __tablename__ = "compensation_recoveries"

    id: Mapped[uuid.UUID] = identity()
    claim_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("compensation_claims.id"), index=True)
    amount_minor: Mapped[int] = minor_units()
    currency: Mapped[str] = currency_code()
    shares: Mapped[dict[str, int]] = mapped_column(JSON)
    document: Mapped[str] = mapped_column(String(200))
    status: Mapped[RecoveryStatus] = mapped_column(default=RecoveryStatus.REPORTED)
    reported_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    reported_at: Mapped[datetime]
    answered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    answered_at: Mapped[datetime | None]
    bank_reference: Mapped[str | None] = mapped_column(String(100), unique=True)

    @property
    def passed_on_minor(self) -> int:
        """What the bank has to pass on: everything but its own share."""
        return self.amount_minor - self.shares.get(PartyRole.BANK, 0)
