"""What a contributor learns about the use of its confidential sales: counts, never who paid what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from transactions.disclosure.models import ExactRead
from transactions.disclosure.rules import Reader, ReaderKind
from transactions.disclosure.rules.words import Purpose

_LISTED = 200


@dataclass(frozen=True, slots=True)
class Use:
    """How often somebody read the owner's sales exactly, for one purpose.

    Attributes:
        read_by: marketplace and institution, or a program.
        reads: how many times a sale was read.
        latest: when the last time was.
    """

    read_by: str
    kind: ReaderKind
    purpose: Purpose
    reads: int
    latest: datetime


def uses_of(session: Session, owner: Reader) -> Sequence[Use]:
    """Who read the owner's confidential sales exactly, the latest first."""
    row = ExactRead
    query = (
        select(row.read_by, row.reader_kind, row.purpose, func.sum(row.number), func.max(row.read_at))
        .where(
            row.owner_marketplace.in_(sorted(owner.marketplaces)),
            row.owner_parent.in_(sorted(owner.seller_parents - {""})),
        )
        .group_by(row.read_by, row.reader_kind, row.purpose)
        .order_by(func.max(row.read_at).desc())
        .limit(_LISTED)
    )
    rows = session.execute(query)
    return [Use(by, kind, purpose, int(reads), latest) for by, kind, purpose, reads, latest in rows]
