"""Auctions, who is registered to bid in them, and the journal of everything that happened."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from auctions.combination.rules import Way
from auctions.rules import Action, Outcome
from marketplace.db import AppendOnly, Model, currency_code, identity, minor_units
from marketplace.deals.models import Deal, Mandate
from marketplace.listings.models import Lot
from marketplace.parties.models import Institution


class Combination(Model):
    """Auctions over a whole and over its parts, of which one side gives way to the other at the end.

    Attributes:
        whole_lot_id: the lot that offers the rights of the others together.
        decided_at, way: when and how it ended; None while one of its auctions is open.
        whole_minor, parts_minor: what each way would have brought, in minor units; None for no sale that way.
    """

    __tablename__ = "combinations"

    id: Mapped[uuid.UUID] = identity()
    whole_lot_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lots.id"), index=True)
    currency: Mapped[str] = currency_code()
    scheduled_at: Mapped[datetime]
    decided_at: Mapped[datetime | None] = mapped_column(index=True)
    way: Mapped[Way | None]
    whole_minor: Mapped[int | None] = minor_units(optional=True)
    parts_minor: Mapped[int | None] = minor_units(optional=True)


class Auction(Model):
    """One attempt to sell a lot by bidding.

    Attributes:
        institution_id: the seller.
        terms: the auction as the scenario files write it, pack defaults filled in: what the rules read.
        state: what the rules carry from one event to the next, as JSON; replaying the journal gives it again.
        outcome: `open` until it has ended.
        opens_at, closes_at, price_minor, leader_id, suspended: copies out of `state` for queries and pages.
        due_at: when time alone next changes the state: the end, or that of a stage; None where nothing does.
        sequence, last_hash, last_event_at: the journal's end; the next entry continues from here.
        awaits_opening: bidding is over and the sealed bids wait for the officers who open them.
        previous_id: the attempt before this one; None for the lot's first.
        combination_id: the combination it is part of, or the whole of; None for a lot offered by itself.
        backed: whether a spending limit stands for any of its bidders.
    """

    __tablename__ = "auctions"
    __table_args__ = (UniqueConstraint("lot_id", "attempt"),)

    id: Mapped[uuid.UUID] = identity()
    lot_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lots.id"), index=True)
    lot: Mapped[Lot] = relationship()
    institution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("institutions.id"), index=True)
    attempt: Mapped[int] = mapped_column(default=1)
    previous_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("auctions.id"), unique=True, index=True)
    auction_format: Mapped[str] = mapped_column(String(20))
    rule_pack: Mapped[str] = mapped_column(String(20))
    rule_pack_version: Mapped[str] = mapped_column(String(20))
    currency: Mapped[str] = currency_code()
    terms: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    outcome: Mapped[Outcome] = mapped_column(default=Outcome.OPEN, index=True)
    suspended: Mapped[bool] = mapped_column(default=False)
    opens_at: Mapped[datetime] = mapped_column(index=True)
    closes_at: Mapped[datetime | None] = mapped_column(index=True)
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    price_minor: Mapped[int | None] = minor_units(optional=True)
    leader_id: Mapped[uuid.UUID | None]
    bid_count: Mapped[int] = mapped_column(default=0)
    sequence: Mapped[int] = mapped_column(default=0)
    last_hash: Mapped[str] = mapped_column(String(64), default="")
    last_event_at: Mapped[datetime | None]
    awaits_opening: Mapped[bool] = mapped_column(default=False)
    scheduled_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    combination_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("combinations.id"), index=True)
    backed: Mapped[bool] = mapped_column(default=False, server_default=false())
    registrations: Mapped[list["Registration"]] = relationship(back_populates="auction")


class Registration(Model):
    """An institution's right to bid in one auction.

    Attributes:
        institution_id: who would own the right; an agency bidding under a mandate registers its client.
        mandate_id: the buy-side mandate the agency acts under; None where the buyer bids itself.
        alias: what everybody else sees, fresh per auction.
        priority_order: 1 is the strongest holder of a right of first refusal; None for none.
        barred: the reason why this bidder may not bid; empty when not barred.
        deposit_minor: what must be held before the first bid; 0 where none is asked.
        deposit_held: payments says whether it is.
        spending_limit_id: the deposit for several lots that stands for this one's; None where it has its own.
        bound_minor: how much of that deposit the bids here bind.
    """

    __tablename__ = "registrations"
    __table_args__ = (
        UniqueConstraint("auction_id", "institution_id"),
        UniqueConstraint("auction_id", "alias"),
    )

    id: Mapped[uuid.UUID] = identity()
    auction_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("auctions.id"), index=True)
    auction: Mapped[Auction] = relationship(back_populates="registrations")
    institution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("institutions.id"), index=True)
    institution: Mapped[Institution] = relationship()
    mandate_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("mandates.id"))
    mandate: Mapped[Mandate | None] = relationship()
    alias: Mapped[str] = mapped_column(String(12))
    priority_order: Mapped[int | None]
    admitted: Mapped[bool] = mapped_column(default=False)
    barred: Mapped[str] = mapped_column(String(100), default="")
    deposit_minor: Mapped[int] = minor_units(default=0)
    deposit_held: Mapped[bool] = mapped_column(default=False)
    spending_limit_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("spending_limits.id"), index=True)
    bound_minor: Mapped[int] = minor_units(default=0, server_default="0")
    registered_at: Mapped[datetime]


class JournalEntry(AppendOnly, Model):
    """One event of an auction and what the rules said to it, refusals too; its hash seals the one before.

    Attributes:
        sequence: 1, 2, 3 … without a gap within the auction.
        registration_id: the bidder; None for what the platform or the seller does.
        amount: the text as it arrived, at most 64 characters; None where the action has none or it is sealed.
        amount_minor: the amount when it was well formed and is not sealed.
        commitment: the salted hash that binds a sealed amount; for an opening, the digest of all it opened.
        sealed: the envelope of a sealed amount, as `auctions.sealing.envelopes` writes it.
        decision: `accepted` or `refused:REASON`.
        caused_by: for an automatic bid, the sequence of the entry that caused it.
        idempotency_key: chosen by the bidder; the same key gets the same answer for ever.
        receipt: Ed25519 signature over `hash`, base64: the acknowledgement the bidder keeps.
    """

    __tablename__ = "journal_entries"
    __table_args__ = (
        UniqueConstraint("auction_id", "sequence"),
        UniqueConstraint("auction_id", "idempotency_key"),
    )

    id: Mapped[uuid.UUID] = identity()
    auction_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("auctions.id"), index=True)
    sequence: Mapped[int]
    at: Mapped[datetime]
    action: Mapped[Action]
    registration_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("registrations.id"), index=True)
    amount: Mapped[str | None] = mapped_column(String(64))
    amount_minor: Mapped[int | None] = minor_units(optional=True)
    decision: Mapped[str] = mapped_column(String(40))
    caused_by: Mapped[int | None]
    idempotency_key: Mapped[str | None] = mapped_column(String(64))
    commitment: Mapped[str | None] = mapped_column(String(64))
    sealed: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
    receipt: Mapped[str] = mapped_column(String(120))


class ReceiptKey(AppendOnly, Model):
    """A public key that signs receipts, kept for ever: what it signed must verify after it was replaced.

    Attributes:
        fingerprint: SHA-256 of the key's DER form, as 64 hexadecimal digits.
        public_key: PEM.
        since: when this marketplace first signed with it.
    """

    __tablename__ = "receipt_keys"

    id: Mapped[uuid.UUID] = identity()
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    public_key: Mapped[str] = mapped_column(String(400))
    since: Mapped[datetime]


class Confirmation(AppendOnly, Model):
    """The confirmation of a sale (成交确认书) as it was issued: a later change of state issues no other.

    Attributes:
        code: 20 letters and digits that nobody guesses; printed in groups of four.
        facts: what the document says, JSON values only.
        document: the PDF, byte for byte as every reader gets it.
        digest: SHA-256 of `document`.
    """

    __tablename__ = "confirmations"

    id: Mapped[uuid.UUID] = identity()
    deal_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("deals.id"), unique=True)
    deal: Mapped[Deal] = relationship()
    auction_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("auctions.id"), index=True)
    auction: Mapped[Auction] = relationship()
    code: Mapped[str] = mapped_column(String(20), unique=True)
    issued_at: Mapped[datetime]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    document: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[str] = mapped_column(String(64))
