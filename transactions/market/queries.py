"""Named selects behind the market pages: the list of prior sales and its counts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    case,
    cast,
    extract,
    func,
    literal,
    null,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session

from transactions.market.filters import Question, answering, in_minor, place_of_sale, within
from transactions.market.rules.bands import PRICES, SIZES, Band
from transactions.models import TransactionRecord
from transactions.queries import correction_of
from transactions.rules.words import SaleOutcome

PAGE_SIZE = 50
PAGES_LIMIT = 200
# Counts are of what answers among so many leaves of the log, the latest.
COUNTED_LIMIT = 100_000
# Corrections and attempts of one record.
CHAIN_LIMIT = 50

_LONGEST_BAND = 10**15


def listed(question: Question) -> Select[TransactionRecord]:
    """What answers and has a date, the latest first: the order of the index, so that a page reads a page."""
    record = TransactionRecord
    dated = answering(question).where(record.sold_on.is_not(None))
    return dated.order_by(record.sold_on.desc(), record.leaf_index.desc())


def undated(question: Question) -> Select[TransactionRecord]:
    """What answers and has no date, the last recorded first."""
    record = TransactionRecord
    return answering(question).where(record.sold_on.is_(None)).order_by(record.leaf_index.desc())


def part_of(
    session: Session, question: Question, limit: int, *, offset: int = 0, dated: int | None = None
) -> list[TransactionRecord]:
    """A part of the list, the undated at its end.

    Args:
        session: reads the bind `transactions`.
        question: what has to be answered.
        limit: how many at most.
        offset: how many are passed over.
        dated: how many have a date; counted where it is not given and has to be known.
    """
    found = list(session.scalars(listed(question).limit(limit).offset(offset)))
    if len(found) == limit or question.filters.year:
        return found
    if dated is None:
        dated = len(found) if not offset else _count(session, question)
    rest = undated(question).limit(limit - len(found)).offset(max(offset - dated, 0))
    return found + list(session.scalars(rest))


def _count(session: Session, question: Question) -> int:
    dated = answering(question).where(TransactionRecord.sold_on.is_not(None))
    return session.scalar(dated.with_only_columns(func.count())) or 0


@dataclass(frozen=True, slots=True)
class Count:
    """How many records have this value of this facet, and how many of them were sold."""

    facet: str
    value: str
    count: int
    sold: int


# Of so many values that they are counted by themselves; all others are first counted together.
_MANY_VALUES = ("technology_field", "region")


def counts(session: Session, question: Question) -> list[Count]:
    """All counts of what answers among the last `COUNTED_LIMIT` leaves of the log, in one statement.

    The facets of few values are counted together first, which leaves a few thousand groups to add up.
    """
    facets, first = _facets(question.filters.currency), log_size(session) - COUNTED_LIMIT
    sold = case((TransactionRecord.outcome == SaleOutcome.SOLD, 1), else_=0)
    matched = (
        answering(question)
        .where(TransactionRecord.leaf_index >= first)
        .with_only_columns(*(column.label(name) for name, column in facets.items()), sold.label("sold"))
        .cte("matched")
    )
    few = [matched.c[name] for name in facets if name not in _MANY_VALUES]
    together = (
        select(*few, func.count().label("offered"), func.sum(matched.c.sold).label("sold")).group_by(*few)
    ).cte("together")
    parts = [
        select(literal(name), matched.c[name], func.count(), func.sum(matched.c.sold)).group_by(
            matched.c[name]
        )
        if name in _MANY_VALUES
        else select(
            literal(name), together.c[name], func.sum(together.c.offered), func.sum(together.c.sold)
        ).group_by(together.c[name])
        for name in facets
    ]
    rows = session.execute(union_all(*parts), bind_arguments={"mapper": TransactionRecord})
    return [Count(facet, value or "", int(count), int(sold)) for facet, value, count, sold in rows]


def _facets(currency: str | None) -> dict[str, ColumnElement[Any]]:
    """What is counted by, as text, by the name of its filter."""
    record = TransactionRecord
    return {
        "asset_type": type_coerce(record.asset_type, String),
        "right_sold": type_coerce(record.right_sold, String),
        "technology_field": cast(record.technology_field, String),
        "channel": type_coerce(record.channel, String),
        "outcome": type_coerce(record.outcome, String),
        "year": cast(cast(extract("year", record.sold_on), Integer), String),
        "grade": type_coerce(record.proof_grade, String),
        "forced": case((record.forced, "yes"), else_="no"),
        "region": place_of_sale(),
        "currency": type_coerce(record.currency, String),
        "size": _named(record.number_of_rights, SIZES),
        "band": _price_band(currency),
    }


def _named(column: Any, bands: Mapping[str, Band]) -> ColumnElement[Any]:
    return case(*((within(column, band), name) for name, band in bands.items()), else_="")


def _price_band(currency: str | None) -> ColumnElement[Any]:
    """The band of the price; nothing until one currency is chosen."""
    price = TransactionRecord.price_minor
    if currency is None:
        return cast(null(), String)
    limits = ((name, in_minor(band, currency).most) for name, band in PRICES.items())
    steps = ((price < (_LONGEST_BAND if most is None else most), name) for name, most in limits)
    return case((price.is_(None), ""), *steps, else_="")


def log_size(session: Session) -> int:
    """How many leaves the log has: as long as it stays the same, so do all counts of one day."""
    last = session.scalar(select(func.max(TransactionRecord.leaf_index)))
    return 0 if last is None else last + 1


def currencies(found: Iterable[Count]) -> list[str]:
    """The currencies of what was counted, the most frequent first."""
    used = [one for one in found if one.facet == "currency"]
    return [one.value for one in sorted(used, key=lambda one: (-one.count, one.value))]


def newer_and_older(session: Session, record: TransactionRecord) -> list[TransactionRecord]:
    """The record with all that it corrects and all that correct it, the oldest first."""
    chain = [record]
    while len(chain) < CHAIN_LIMIT and (older_id := chain[0].corrects) is not None:
        older = session.get(TransactionRecord, older_id)
        if older is None:
            break
        chain.insert(0, older)
    while len(chain) < CHAIN_LIMIT and (newer := correction_of(session, chain[-1].id)) is not None:
        chain.append(newer)
    return chain


def attempts(session: Session, record: TransactionRecord) -> list[TransactionRecord]:
    """The attempts to sell the same lot, this one among them, the first one first."""
    record_of = TransactionRecord
    chain = [record]
    while len(chain) < CHAIN_LIMIT and (earlier_id := chain[0].previous) is not None:
        earlier = session.get(record_of, earlier_id)
        if earlier is None:
            break
        chain.insert(0, earlier)
    while len(chain) < CHAIN_LIMIT:
        later = session.scalars(select(record_of).where(record_of.previous == chain[-1].id).limit(1)).first()
        if later is None:
            break
        chain.append(later)
    return chain
