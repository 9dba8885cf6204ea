"""Money that goes out: the settlement of a deal or of a forfeited deposit, and the payouts."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.db import AppendOnly, Model, currency_code, identity, minor_units
from marketplace.deals.models import Deal
from marketplace.listings.models import Lot
from marketplace.parties.models import Institution
from payments.models.ledger import Account
from payments.rules import PayoutKind, PayoutStatus


class SaleCost(AppendOnly, Model):
    """A cost of realising a lot, paid out of the proceeds before anybody else (Civil Code 389)."""

    __tablename__ = "sale_costs"

    id: Mapped[uuid.UUID] = identity()
    deal_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("deals.id"), index=True)
    payee: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(60))
    amount_minor: Mapped[int] = minor_units()
    currency: Mapped[str] = currency_code()
    recorded_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    recorded_at: Mapped[datetime]


class Settlement(AppendOnly, Model):
    """Who gets what from a deal, or from a deposit forfeited in it: computed once.

    Attributes:
        received_minor: what there was to distribute; the payouts sum to it, together with `set_off_minor`.
        set_off_minor: of the claim of a creditor that took the lot itself, not paid to it but set off.
        lines: the statement, `{step, party, name, due, paid, rank, kind}` with amounts in minor units.
        unpaid, compensation: minor units by party.
        content_hash: digest of the lines: what the second person approves.
    """

    __tablename__ = "settlements"
    __table_args__ = (UniqueConstraint("deal_id", "kind"),)

    id: Mapped[uuid.UUID] = identity()
    deal_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("deals.id"), index=True)
    deal: Mapped[Deal] = relationship()
    kind: Mapped[PayoutKind]
    lot_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lots.id"), index=True)
    received_minor: Mapped[int] = minor_units()
    set_off_minor: Mapped[int] = minor_units(default=0, server_default="0")
    currency: Mapped[str] = currency_code()
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    unpaid: Mapped[dict[str, int]] = mapped_column(JSON)
    compensation: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    pursuable_minor: Mapped[int] = minor_units(default=0)
    content_hash: Mapped[str] = mapped_column(String(64))
    settled_at: Mapped[datetime]


class Payout(Model):
    """Money to be paid to somebody, out of one account of the ledger.

    Attributes:
        settlement_id: None for money that goes back to a buyer, or out of public funds.
        lot_id: None where no lot is behind it.
        institution_id: the payee where it is one of ours.
        payee: the payee's name.
        content_hash: digest of what was prepared; approving checks that it is still the same.
        prepared_by_id, approved_by_id: never the same person.
        bank_reference: the bank's number of the payment.
        transfer_object: the gateway's id of the transfer, or `asked` while it is under way; empty where the
            bank pays.
        problem: why the gateway did not make the transfer; the bank pays then.
        not_before: the end of the hold-back period; None where nothing is held back.
    """

    __tablename__ = "payouts"

    id: Mapped[uuid.UUID] = identity()
    kind: Mapped[PayoutKind]
    settlement_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("settlements.id"), index=True)
    settlement: Mapped[Settlement | None] = relationship()
    lot_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("lots.id"), index=True)
    lot: Mapped[Lot | None] = relationship()
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("ledger_accounts.id"), index=True)
    account: Mapped[Account] = relationship()
    institution_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("institutions.id"), index=True)
    institution: Mapped[Institution | None] = relationship()
    payee: Mapped[str] = mapped_column(String(200))
    amount_minor: Mapped[int] = minor_units()
    currency: Mapped[str] = currency_code()
    status: Mapped[PayoutStatus] = mapped_column(default=PayoutStatus.DUE, index=True)
    content_hash: Mapped[str] = mapped_column(String(64), default="")
    reason: Mapped[str] = mapped_column(String(500), default="")
    prepared_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    approved_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    bank_reference: Mapped[str] = mapped_column(String(100), default="")
    transfer_object: Mapped[str] = mapped_column(String(255), default="", server_default="", index=True)
    problem: Mapped[str] = mapped_column(String(300), default="", server_default="")
    due_at: Mapped[datetime]
    not_before: Mapped[datetime | None]
    prepared_at: Mapped[datetime | None]
    approved_at: Mapped[datetime | None]
    paid_at: Mapped[datetime | None]
