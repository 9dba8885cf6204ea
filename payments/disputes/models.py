"""The tables of disputes: disputes, what was handed in, debts, and what two persons decided."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.db import AppendOnly, Model, currency_code, identity, minor_units
from marketplace.deals.models import Deal
from marketplace.four_eyes import TwoPersons
from marketplace.listings.models import Lot
from marketplace.parties.models import Institution, Person
from payments.disputes.rules import (
    DebtCause,
    DebtStatus,
    DecisionKind,
    DisputeKind,
    DisputeStatus,
    EvidenceKind,
)
from payments.models import Settlement
from payments.rules import Method


class Dispute(Model):
    """Money that whoever paid it asks back: a chargeback of a card or wallet, or the recall of a transfer.

    Attributes:
        gateway_object: the gateway's id of the dispute; None for a recall.
        method: where the money came in, and is taken from.
        deal_id: the sale whose payouts wait; None where the money belongs to none any more.
        institution_id: who paid.
        taken_minor: what the gateway or bank has taken back so far.
        movements: how often `taken_minor` has changed; part of the ledger's keys.
        why: the reason in the gateway's or the bank's words.
        due_by: until when evidence can be handed in.
        recorded_by_id: the officer who recorded a recall.
    """

    __tablename__ = "disputes"

    id: Mapped[uuid.UUID] = identity()
    kind: Mapped[DisputeKind]
    gateway_object: Mapped[str | None] = mapped_column(String(255), unique=True)
    method: Mapped[Method]
    payment_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("payments.id"), index=True)
    deposit_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("deposits.id"), index=True)
    deal_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("deals.id"), index=True)
    deal: Mapped[Deal | None] = relationship()
    lot_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lots.id"), index=True)
    lot: Mapped[Lot] = relationship()
    institution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("institutions.id"), index=True)
    institution: Mapped[Institution] = relationship()
    amount_minor: Mapped[int] = minor_units()
    taken_minor: Mapped[int] = minor_units(default=0)
    movements: Mapped[int] = mapped_column(default=0)
    currency: Mapped[str] = currency_code()
    why: Mapped[str] = mapped_column(String(300), default="")
    status: Mapped[DisputeStatus] = mapped_column(default=DisputeStatus.OPEN, index=True)
    due_by: Mapped[datetime | None]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    recorded_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))


class DisputeEvidence(AppendOnly, Model):
    """A document that was handed in: what, which, and the digest of its content where we hold it.

    Attributes:
        reference: the number or code by which it is found.
        digest: SHA-256 of the content; empty where only the reference is ours.
    """

    __tablename__ = "dispute_evidence"

    id: Mapped[uuid.UUID] = identity()
    dispute_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("disputes.id"), index=True)
    kind: Mapped[EvidenceKind]
    title: Mapped[str] = mapped_column(String(300))
    reference: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64), default="")
    handed_in_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    handed_in_by: Mapped[Person] = relationship()
    handed_in_at: Mapped[datetime]


class Debt(Model):
    """What a party owes the account of a sale; the ledger's account for it holds what is still open.

    Attributes:
        institution_id: the debtor where it is one of ours.
        debtor: as the ledger's account names it: an institution's id, or a name.
        debtor_name: the name people read.
        covered_minor: what was paid, set off or written off.
        dispute_id: the lost dispute it came of.
        payout_id: the payout that has to come back; None for a buyer's debt.
        reminders: how many notices of it were sent.
    """

    __tablename__ = "debts"

    id: Mapped[uuid.UUID] = identity()
    cause: Mapped[DebtCause]
    institution_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("institutions.id"), index=True)
    debtor: Mapped[str] = mapped_column(String(200))
    debtor_name: Mapped[str] = mapped_column(String(200))
    lot_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lots.id"), index=True)
    lot: Mapped[Lot] = relationship()
    deal_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("deals.id"), index=True)
    deal: Mapped[Deal | None] = relationship()
    dispute_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("disputes.id"), index=True)
    payout_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("payouts.id"), index=True)
    amount_minor: Mapped[int] = minor_units()
    covered_minor: Mapped[int] = minor_units(default=0)
    currency: Mapped[str] = currency_code()
    status: Mapped[DebtStatus] = mapped_column(default=DebtStatus.OPEN, index=True)
    reminders: Mapped[int] = mapped_column(default=0)
    remind_at: Mapped[datetime] = mapped_column(index=True)
    arose_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    @property
    def open_minor(self) -> int:
        """What is still owed, in minor units."""
        return self.amount_minor - self.covered_minor


class MoneyDecision(TwoPersons, Model):
    """An act about money that one person proposes and another approves; then it is carried out.

    Attributes:
        deal_id: the sale it is about; None for a debt that belongs to none.
        debt_id: the debt it is about; None for a refund or a waiver.
        amount_minor: of a refund or a debt; 0 for a waiver.
        proof: the judgment, agreement or document it rests on.
    """

    __tablename__ = "money_decisions"

    id: Mapped[uuid.UUID] = identity()
    kind: Mapped[DecisionKind]
    deal_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("deals.id"), index=True)
    deal: Mapped[Deal | None] = relationship()
    debt_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("debts.id"), index=True)
    debt: Mapped[Debt | None] = relationship()
    amount_minor: Mapped[int] = minor_units(default=0)
    currency: Mapped[str] = currency_code()
    proof: Mapped[str] = mapped_column(String(200), default="")


class SettlementCorrection(AppendOnly, Model):
    """What a settlement distributes less since a loss or refund: the settlement itself stays as it was.

    Attributes:
        lines: `{step, party, name, minor, withheld, debt}`, amounts in minor units: of what the party gets
            less, so much was not paid yet and is kept, and so much it owes back.
    """

    __tablename__ = "settlement_corrections"

    id: Mapped[uuid.UUID] = identity()
    settlement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("settlements.id"), index=True)
    settlement: Mapped[Settlement] = relationship()
    decision_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("money_decisions.id"), unique=True)
    amount_minor: Mapped[int] = minor_units()
    currency: Mapped[str] = currency_code()
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    corrected_at: Mapped[datetime]
