"""The register of contributors, what they submitted, and what they read; all in the shared database.

Persons and institutions are of the marketplace whose name stands beside them: no foreign key leads there.
"""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.db import TRANSACTIONS_BIND, AppendOnly, Model, identity
from transactions.models import TransactionRecord
from transactions.sharing.rules.contributors import ContributorKind, ContributorStatus, Key
from transactions.sharing.rules.lines import Action


class Contributor(Model):
    """An institution that writes into the shared record, or asked to.

    Attributes:
        code: the name under which its records stand (`SaleFacts.source_marketplace`).
        parent_name, parent_number: its ultimate parent and the number of that one; empty where it has none.
        marketplace: where it applied; institution_id: what it is there.
        proposed: what the first person wants to make of it, None while nothing is proposed.
    """

    __tablename__ = "contributors"
    __bind_key__ = TRANSACTIONS_BIND

    id: Mapped[uuid.UUID] = identity()
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[ContributorKind]
    country: Mapped[str] = mapped_column(String(2))
    registration_number: Mapped[str] = mapped_column(String(40))
    parent_name: Mapped[str] = mapped_column(String(200), default="")
    parent_number: Mapped[str] = mapped_column(String(40), default="")
    status: Mapped[ContributorStatus] = mapped_column(default=ContributorStatus.APPLIED, index=True)
    marketplace: Mapped[str] = mapped_column(String(60))
    institution_id: Mapped[uuid.UUID] = mapped_column(index=True)
    applied_at: Mapped[datetime]
    admitted_at: Mapped[datetime | None]
    proposed: Mapped[ContributorStatus | None]
    proposed_by_id: Mapped[uuid.UUID | None]
    proposed_at: Mapped[datetime | None]
    proposed_reason: Mapped[str] = mapped_column(String(500), default="")
    keys: Mapped[list["ContributorKey"]] = relationship(
        back_populates="contributor", order_by="ContributorKey.valid_from"
    )


class ContributorKey(Model):
    """A public key of a contributor; only its revocation is written later."""

    __tablename__ = "contributor_keys"
    __bind_key__ = TRANSACTIONS_BIND

    id: Mapped[uuid.UUID] = identity()
    contributor_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contributors.id"), index=True)
    contributor: Mapped[Contributor] = relationship(back_populates="keys")
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    public_key: Mapped[str] = mapped_column(String(44), unique=True)
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime | None]
    added_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revocation_reason: Mapped[str] = mapped_column(String(500), default="")

    def as_rule(self) -> Key:
        """The key as the rules see it."""
        return Key(self.fingerprint, self.public_key, self.valid_from, self.valid_until, self.revoked_at)


class ContributorAct(AppendOnly, Model):
    """Who did what to an entry of the register.

    Attributes:
        act: `apply`, `propose_…`, the new status, `drop_proposal`, `add_key` or `revoke_key`.
        person_id: None for the command line. first_person_id: who proposed what this person decided.
    """

    __tablename__ = "contributor_acts"
    __bind_key__ = TRANSACTIONS_BIND

    id: Mapped[uuid.UUID] = identity()
    contributor_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contributors.id"), index=True)
    at: Mapped[datetime]
    act: Mapped[str] = mapped_column(String(32))
    marketplace: Mapped[str] = mapped_column(String(60))
    person_id: Mapped[uuid.UUID | None]
    first_person_id: Mapped[uuid.UUID | None]
    reason: Mapped[str] = mapped_column(String(500), default="")


class Submission(AppendOnly, Model):
    """One accepted line: which record it became, and the signature that says whose it is.

    Attributes:
        own_id: the contributor's own number of the line; the same number is the same line.
        digest: SHA-256 of the line, over which `signature` (base64) is made with the key.
        receipt: canonical JSON, signed by the marketplace that took the line; the same line gets the same.
    """

    __tablename__ = "submissions"
    __bind_key__ = TRANSACTIONS_BIND
    __table_args__ = (
        UniqueConstraint("contributor_id", "own_id"),
        Index("ix_submissions_contributor_id_received_at", "contributor_id", "received_at"),
    )

    id: Mapped[uuid.UUID] = identity()
    contributor_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contributors.id"))
    own_id: Mapped[str] = mapped_column(String(80))
    action: Mapped[Action]
    digest: Mapped[str] = mapped_column(String(64))
    key_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contributor_keys.id"))
    signature: Mapped[str] = mapped_column(String(88))
    record_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("transaction_records.id"), unique=True)
    record: Mapped[TransactionRecord] = relationship()
    key: Mapped[ContributorKey] = relationship()
    received_at: Mapped[datetime]
    receipt: Mapped[str] = mapped_column(Text)


class ContributorReading(AppendOnly, Model):
    """A contributor was shown another's record of the pool: what counts against its quota."""

    __tablename__ = "contributor_readings"
    __bind_key__ = TRANSACTIONS_BIND
    __table_args__ = (Index("ix_contributor_readings_contributor_id_at", "contributor_id", "at"),)

    id: Mapped[uuid.UUID] = identity()
    contributor_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contributors.id"))
    record_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("transaction_records.id"))
    at: Mapped[datetime]
