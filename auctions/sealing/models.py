"""Officers' public keys, who has to open which auction, and what the opening gave: history throughout."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from auctions.models import Auction
from auctions.sealing.rules import Fault, KeyAct
from marketplace.db import AppendOnly, Model, identity, minor_units
from marketplace.parties.models import Institution, Person


class OpeningKey(AppendOnly, Model):
    """The public half of an officer's key. The private half has never been here.

    Attributes:
        person_id: the officer who holds the private half and has added this one.
        public_key: X25519, base64.
        fingerprint: SHA-256 of the public key, hexadecimal: what people compare.
        valid_from, valid_until: when bids are locked to it; afterwards it still opens what was.
    """

    __tablename__ = "opening_keys"

    id: Mapped[uuid.UUID] = identity()
    institution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("institutions.id"), index=True)
    institution: Mapped[Institution] = relationship()
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    person: Mapped[Person] = relationship()
    public_key: Mapped[str] = mapped_column(String(44))
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime]
    added_at: Mapped[datetime]
    decisions: Mapped[list["OpeningKeyAct"]] = relationship(order_by="OpeningKeyAct.at")


class OpeningKeyAct(AppendOnly, Model):
    """A colleague's confirmation of a key, or its withdrawal: each at most once."""

    __tablename__ = "opening_key_acts"
    __table_args__ = (UniqueConstraint("key_id", "act"),)

    id: Mapped[uuid.UUID] = identity()
    key_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("opening_keys.id"), index=True)
    act: Mapped[KeyAct]
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    reason: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime]


class Custody(Model):
    """Which two institutions keep a sealed auction, and how far its opening is.

    Attributes:
        first_id, second_id: the seller, and an operator or regulator; fixed when the auction is announced.
        closed_at: when the platform saw the end; None before. The officers' time runs from here.
        closing_sequence, closing_hash: the journal's end then: the envelopes up to it are opened.
        open_by: the last moment for the officers.
        reminded_at: when those who had not contributed were reminded.
        ended_at: when it was opened, or cancelled unopened.
    """

    __tablename__ = "custodies"

    id: Mapped[uuid.UUID] = identity()
    auction_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("auctions.id"), unique=True)
    auction: Mapped[Auction] = relationship()
    first_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("institutions.id"))
    first: Mapped[Institution] = relationship(foreign_keys=[first_id])
    second_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("institutions.id"))
    second: Mapped[Institution] = relationship(foreign_keys=[second_id])
    closed_at: Mapped[datetime | None]
    closing_sequence: Mapped[int | None]
    closing_hash: Mapped[str | None] = mapped_column(String(64))
    open_by: Mapped[datetime | None] = mapped_column(index=True)
    reminded_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class OpeningContribution(AppendOnly, Model):
    """What one officer brought: the bare shares of the institution, and which would not open.

    Attributes:
        shares: base64 by the sequence of the entry; alone they open nothing.
        unopenable: sequences of entries whose share is not what the journal says.
    """

    __tablename__ = "opening_contributions"
    __table_args__ = (UniqueConstraint("auction_id", "key_id"),)

    id: Mapped[uuid.UUID] = identity()
    auction_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("auctions.id"), index=True)
    institution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("institutions.id"))
    key_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("opening_keys.id"))
    key: Mapped[OpeningKey] = relationship()
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    shares: Mapped[dict[str, str]] = mapped_column(JSON)
    unopenable: Mapped[list[int]] = mapped_column(JSON)
    at: Mapped[datetime]


class Opening(AppendOnly, Model):
    """The opening of a sealed auction: one moment, all envelopes, in one transaction.

    Attributes:
        sequence: of the journal entry whose hash covers `digest`.
        keys: fingerprints of the keys that took part, per institution id.
        digest: SHA-256 over keys and every opened bid.
        valid, invalid: how many envelopes held a bid that its commitment and the rules confirm.
    """

    __tablename__ = "openings"

    id: Mapped[uuid.UUID] = identity()
    auction_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("auctions.id"), unique=True)
    sequence: Mapped[int]
    keys: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64))
    valid: Mapped[int]
    invalid: Mapped[int]
    at: Mapped[datetime]


class OpenedBid(AppendOnly, Model):
    """What came out of one envelope.

    Attributes:
        sequence: of the journal entry with the commitment.
        amount, salt: as they were sealed; None where the envelope would not open.
        amount_minor: minor units of the auction's currency; None where the amount is none.
        fault: why the bid does not count; None for a bid that is confirmed.
    """

    __tablename__ = "opened_bids"
    __table_args__ = (UniqueConstraint("auction_id", "sequence"),)

    id: Mapped[uuid.UUID] = identity()
    auction_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("auctions.id"), index=True)
    sequence: Mapped[int]
    amount: Mapped[str | None] = mapped_column(String(64))
    amount_minor: Mapped[int | None] = minor_units(optional=True)
    salt: Mapped[str | None] = mapped_column(String(64))
    fault: Mapped[Fault | None]
