"""The statement of a party: what it had, what came and went, what it has; per currency."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from marketplace.clock import LOCAL_ZONE
from marketplace.errors import Refused
from payments.bookkeeping import queries
from payments.bookkeeping.rules import MOST_LINES, BookReason, Period
from payments.ledger import Purpose


@dataclass(frozen=True, slots=True)
class Summary:
    """One currency of a statement, in minor units.

    Attributes:
        gone: what went out, not negative.
        bound, promised: what pending transfers would take and give, as it is now.
    """

    currency: str
    opening: int
    came: int
    gone: int
    bound: int
    promised: int

    @property
    def closing(self) -> int:
        return self.opening + self.came - self.gone


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One entry as its party reads it, in minor units: positive came in.

    Attributes:
        against: the purposes on the other side of the same transaction.
        balance: what the party had once the entry was made.
    """

    at: datetime
    key: str
    cause: str
    lot: str | None
    purpose: Purpose
    against: tuple[Purpose, ...]
    minor: int
    balance: int


def summaries(session: Session, party: str, period: Period) -> list[Summary]:
    """The party's currencies, each with its opening and closing balance."""
    promised = queries.promised_to(session, party)
    found = [
        Summary(currency, int(opening), int(came), -int(gone), *promised.pop(currency, (0, 0)))
        for currency, opening, came, gone in queries.sums_of(session, party, *period.bounds(LOCAL_ZONE))
    ]
    only_promised = [Summary(currency, 0, 0, 0, *both) for currency, both in promised.items() if any(both)]
    return found + only_promised


def page_of(
    session: Session, party: str, period: Period, summary: Summary, *, offset: int, limit: int
) -> tuple[list[StatementLine], int]:
    """Some lines of a statement, and how many there are in all."""
    lines = queries.lines_of(party, summary.currency, *period.bounds(LOCAL_ZONE))
    count = queries.count_of(session, lines)
    rows = session.execute(lines.limit(limit).offset(offset)).all()
    return _read(session, rows, summary.opening), count


def all_lines(session: Session, party: str, period: Period, summary: Summary) -> list[StatementLine]:
    """Every line of a statement.

    Raises:
        Refused: when there are more than a file may have.
    """
    lines = queries.lines_of(party, summary.currency, *period.bounds(LOCAL_ZONE))
    rows = session.execute(lines.limit(MOST_LINES + 1)).all()
    if len(rows) > MOST_LINES:
        raise Refused(BookReason.TOO_MANY_LINES, field="since", most=MOST_LINES)
    return _read(session, rows, summary.opening)


def _read(session: Session, rows: Sequence[Any], opening: int) -> list[StatementLine]:
    known = queries.purposes_in(session, [row.transaction_id for row in rows])
    return [
        StatementLine(
            at=row.at,
            key=row.key,
            cause=cause_of(row.key),
            lot=row.lot,
            purpose=row.purpose,
            against=_against(known[row.transaction_id], debit=row.amount_minor > 0),
            minor=row.minor,
            balance=opening + int(row.running),
        )
        for row in rows
    ]


def _against(entries: list[tuple[Purpose, bool]], *, debit: bool) -> tuple[Purpose, ...]:
    """The purposes on the other side, each once."""
    return tuple(dict.fromkeys(purpose for purpose, other in entries if other is not debit))


def cause_of(key: str) -> str:
    """What a transaction came from: the first word of its key."""
    return key.split(":", maxsplit=1)[0]


def names_of(session: Session, parties: Iterable[str]) -> dict[str, str]:
    """What the parties of accounts are called: institutions and deals by name, others as they are written."""
    ids = {}
    for party in parties:
        try:
            ids[uuid.UUID(party)] = party
        except ValueError:
            continue
    found = queries.institutions_named(session, list(ids)) | queries.deals_named(session, list(ids))
    return {ids[identity]: name for identity, name in found.items()}
