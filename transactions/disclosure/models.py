"""What disclosure keeps: who was admitted to be shown, what was told, who read what. All of it append-only.

Everything but the requests of authorities lies in the bind `transactions`, beside the records it is about.
"""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.db import TRANSACTIONS_BIND, AppendOnly, Model, identity
from transactions.disclosure.rules import ReaderKind
from transactions.disclosure.rules.words import Decision, Family, Purpose


class PoolAdmission(AppendOnly, Model):
    """This pooled record has company enough to be shown generalised: five alike, of five parents."""

    __tablename__ = "pool_admissions"
    __bind_key__ = TRANSACTIONS_BIND

    record_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    admitted_at: Mapped[datetime]


class StatisticsRelease(AppendOnly, Model):
    """What is told of the record until the next release: once a month, never live.

    Attributes:
        number: 1, 2, 3 …
        through: no sale after this day is counted.
        tree_size: the size of the log it was made from.
        withheld_percent: of the sales of that time, rounded to whole fives: those in no block.
        rules: version of the rules it was made by.
    """

    __tablename__ = "statistics_releases"
    __bind_key__ = TRANSACTIONS_BIND

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    released_at: Mapped[datetime]
    through: Mapped[date]
    tree_size: Mapped[int] = mapped_column(BigInteger)
    withheld_percent: Mapped[int]
    rules: Mapped[str] = mapped_column(String(20))


class DisclosureBlock(AppendOnly, Model):
    """Sales that are only ever counted together, because together they pass the cell rule.

    Attributes:
        level: 0 for the finest key; how often the key was made coarser.
        key: what is the same of all of them, by name; an absent name is not.
    """

    __tablename__ = "disclosure_blocks"
    __bind_key__ = TRANSACTIONS_BIND

    id: Mapped[uuid.UUID] = identity()
    release_number: Mapped[int] = mapped_column(ForeignKey("statistics_releases.number"), index=True)
    family: Mapped[Family]
    level: Mapped[int]
    key: Mapped[dict[str, Any]] = mapped_column(JSON)


class BlockMember(AppendOnly, Model):
    """This record is in that block, and in no other of the family."""

    __tablename__ = "disclosure_block_members"
    __bind_key__ = TRANSACTIONS_BIND

    family: Mapped[Family] = mapped_column(primary_key=True)
    record_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    block_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("disclosure_blocks.id"), index=True)


class StatisticsCell(AppendOnly, Model):
    """One cell of one table of a release.

    Attributes:
        breakdown: name of the table, as `type_year`.
        key: what the cell is of, by name of the dimension.
        figures: counts, and amounts to two significant figures in minor units of the key's currency.
    """

    __tablename__ = "statistics_cells"
    __bind_key__ = TRANSACTIONS_BIND
    __table_args__ = (Index("ix_statistics_cells_release_breakdown", "release_number", "breakdown"),)

    id: Mapped[uuid.UUID] = identity()
    release_number: Mapped[int] = mapped_column(ForeignKey("statistics_releases.number"))
    breakdown: Mapped[str] = mapped_column(String(40))
    key: Mapped[dict[str, Any]] = mapped_column(JSON)
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)


class DisclosureQuestion(AppendOnly, Model):
    """A question of an institution that counted against its budget of the day, and the answer it got.

    Attributes:
        asked_by: marketplace and institution.
        question: digest of what was asked. members: digest-sorted ids of the blocks and public sales counted.
    """

    __tablename__ = "disclosure_questions"
    __bind_key__ = TRANSACTIONS_BIND
    __table_args__ = (Index("ix_disclosure_questions_asked_by_asked_on", "asked_by", "asked_on"),)

    id: Mapped[uuid.UUID] = identity()
    asked_by: Mapped[str] = mapped_column(String(120))
    asked_on: Mapped[date]
    asked_at: Mapped[datetime]
    release_number: Mapped[int]
    question: Mapped[dict[str, Any]] = mapped_column(JSON)
    members: Mapped[list[str]] = mapped_column(JSON)
    answer: Mapped[dict[str, Any]] = mapped_column(JSON)


class ExactRead(AppendOnly, Model):
    """Somebody, or a program, read unrounded prices of a confidential trade.

    Attributes:
        read_by: marketplace and institution, or the program.
        record_id: None where many were read at once; `number` says how many of the owner's.
        owner_marketplace, owner_parent: whose they are; the owner sees these rows counted.
        request_id: of the request that two people of an authority made; None for an own trade.
    """

    __tablename__ = "exact_reads"
    __bind_key__ = TRANSACTIONS_BIND
    __table_args__ = (
        Index("ix_exact_reads_owner_marketplace_owner_parent", "owner_marketplace", "owner_parent"),
    )

    id: Mapped[uuid.UUID] = identity()
    read_at: Mapped[datetime]
    read_by: Mapped[str] = mapped_column(String(120))
    reader_kind: Mapped[ReaderKind]
    person_id: Mapped[uuid.UUID | None]
    purpose: Mapped[Purpose]
    record_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    number: Mapped[int]
    owner_marketplace: Mapped[str] = mapped_column(String(60))
    owner_parent: Mapped[str] = mapped_column(String(32))
    request_id: Mapped[uuid.UUID | None]


class ReadRequest(Model):
    """In the marketplace's own database: a wish of an authority or the operator to read one record exactly.

    Attributes:
        decision: open until a second person of the same institution decides.
    """

    __tablename__ = "exact_read_requests"
    __table_args__ = (UniqueConstraint("institution_id", "record_id", "asked_at"),)

    id: Mapped[uuid.UUID] = identity()
    institution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("institutions.id"), index=True)
    record_id: Mapped[uuid.UUID]
    reason: Mapped[str] = mapped_column(String(500))
    asked_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    asked_at: Mapped[datetime]
    decision: Mapped[Decision]
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]
