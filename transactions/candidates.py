"""The candidates of a comparison, selected in the database stratum by stratum (`comparables.strata`).

Every strip of a stratum is one walk along an index, from the latest sale back and no deeper than the stratum
says, so the time it takes does not grow with the record. Only what the reader may see is looked at at all.
"""

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Executable,
    Integer,
    String,
    Subquery,
    bindparam,
    case,
    func,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from transactions.comparables.offices import WITH_ONE_COUNTRY
from transactions.comparables.similarity import DAYS_A_MONTH, REGISTERED
from transactions.comparables.strata import MOST_READ, Kind, Search, Searched, Stop, Stratum, strata_of
from transactions.comparables.strata import enough as enough_found
from transactions.comparables.values import DEFAULT, Rejection, Settings, Subject
from transactions.disclosure.queries import comparable_to
from transactions.disclosure.rules import Reader
from transactions.models import TransactionRecord
from transactions.rules.facts import SaleFacts
from transactions.rules.words import AssetFamily, RightSold, SaleOutcome, types_of

# What a comparison needs of a record: its identity and whose it is, and the facts that are compared.
COMPARED_FACTS = (
    "source_marketplace",
    "source_kind",
    "source_id",
    "outcome",
    "asset_type",
    "title",
    "channel",
    "currency",
    "sold_on",
    "date_precision",
    "proof_grade",
    "right_sold",
    "number_of_rights",
    "technology_field",
    "classes",
    "country",
    "remaining_life_months",
    "attempt",
    "forced",
    "start_price_minor",
    "top_bid_minor",
    "price_minor",
    "bids",
    "arms_length",
    "usable",
    "consent_tier",
    "release_on",
    "seller_parent",
    "family_size",
    "claims",
    "forward_citations",
    "evidence_of_use",
    "age_months",
    "related_party",
    "seller_kind",
)
# A union names no table by itself; this says in which database it is asked.
_RECORD = {"mapper": TransactionRecord}

_COLUMNS = (TransactionRecord.id, *(getattr(TransactionRecord, name) for name in COMPARED_FACTS))

# Undated records are counted up to here: more than that is not worth the reader's time.
_UNDATED_COUNTED = 1000


@dataclass(frozen=True, slots=True)
class Found:
    """Rows with `id`, the COMPARED_FACTS and `leaf_index`, and how they were found."""

    rows: tuple[Any, ...]
    search: Search


def facts_of(row: Any) -> SaleFacts:
    """The compared facts of a row; the others are left at their defaults."""
    told = dict(zip(COMPARED_FACTS, row[1 : len(COMPARED_FACTS) + 1], strict=True))
    told["classes"] = tuple(told["classes"])
    return SaleFacts(**told)


def find(session: Session, subject: Subject, reader: Reader, settings: Settings = DEFAULT) -> Found:
    """Search the strata until there are enough; the same record gives the same answer, row by row."""
    rows: dict[Any, Any] = {}
    searched: tuple[Searched, ...] = ()
    left_out = Counter(_undated(session, subject, reader))
    stop = Stop.EVERYTHING
    for stratum in strata_of(subject):
        question = _question(_shape(stratum, subject), reader, subject.on)
        asked = _asked(stratum, subject, settings)
        read = session.execute(question.rows, asked, bind_arguments=_RECORD).all()
        found = [row for row in read if row.id not in rows]
        rows |= {row.id: row for row in found[: MOST_READ - len(rows)]}
        counted = session.execute(question.counts, asked, bind_arguments=_RECORD)
        reasons: dict[str | None, int] = {row.reason: row.records for row in counted}
        if stratum.kind is not Kind.SAME_OFFICE:  # what that one passes over was counted before
            left_out.update({Rejection(reason): count for reason, count in reasons.items() if reason})
        sold = sum(row.outcome is SaleOutcome.SOLD for row in found)
        searched += (Searched(stratum.kind, sum(reasons.values()), len(found), sold),)
        if enough_found(searched):
            stop = Stop.ENOUGH
            break
    return Found(tuple(rows.values()), Search(searched, dict(left_out), stop))


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a stratum's statements look like, whatever the values: by strip whether its parts are told.

    Attributes:
        strips: of each, whether field, fields to leave out, and country are told.
        one_country: whether records of other countries are passed over.
    """

    strips: tuple[tuple[bool, bool, bool], ...]
    one_country: bool


def _shape(stratum: Stratum, subject: Subject) -> _Shape:
    return _Shape(
        tuple(
            (strip.technology_field is not None, bool(strip.without), strip.country is not None)
            for strip in stratum.strips
        ),
        subject.family in REGISTERED and subject.office in WITH_ONE_COUNTRY,
    )


def _asked(stratum: Stratum, subject: Subject, settings: Settings) -> dict[str, Any]:
    """The values for a question of this shape."""
    reach = timedelta(days=math.floor(settings.oldest_months * DAYS_A_MONTH))
    asked: dict[str, Any] = {
        "latest": subject.on,
        "earliest": subject.on - reach,
        "depth": stratum.depth,
        "most": stratum.most,
        "countries": ["", subject.office],
    }
    for place, strip in enumerate(stratum.strips):
        asked |= {
            f"type_{place}": strip.asset_type,
            f"field_{place}": strip.technology_field,
            f"without_{place}": list(strip.without),
            f"country_{place}": strip.country,
        }
    return asked


@dataclass(frozen=True, slots=True)
class _Question:
    """rows: those that may serve, from each strip the latest first. counts: all looked at, by reason."""

    rows: Executable
    counts: Executable


@lru_cache(maxsize=256)
def _question(shape: _Shape, reader: Reader, on: date) -> _Question:
    """The statements of a shape. To write one takes longer than to run it: each is written once a day."""
    rows, counts = [], []
    for place in range(len(shape.strips)):
        window = _window(shape, place, reader, on)
        reason = _reason(window, shape)
        rows.append(
            select(*(window.c[column.key] for column in _COLUMNS), window.c.leaf_index)
            .where(reason.is_(None))
            .order_by(window.c.sold_on.desc(), window.c.leaf_index.desc())
            .limit(bindparam("most", type_=Integer))
            .subquery()
        )
        counts.append(select(reason.label("reason")).select_from(window))
    every = union_all(*counts).subquery()
    return _Question(
        union_all(*(select(part) for part in rows)),
        select(every.c.reason, func.count().label("records")).group_by(every.c.reason),
    )


def _window(shape: _Shape, place: int, reader: Reader, on: date) -> Subquery:
    """The latest records of the strip that no later one corrects and that the reader may see."""
    record = TransactionRecord
    return (
        select(*_COLUMNS, record.leaf_index)
        .where(*_within(shape, place), *_readable(reader, on))
        .where(record.sold_on.between(bindparam("earliest", type_=Date), bindparam("latest", type_=Date)))
        .order_by(record.sold_on.desc(), record.leaf_index.desc())
        .limit(bindparam("depth", type_=Integer))
        .subquery()
    )


def _within(shape: _Shape, place: int) -> Iterator[ColumnElement[bool]]:
    record, (in_field, without, in_country) = TransactionRecord, shape.strips[place]
    yield record.asset_type == bindparam(f"type_{place}", type_=record.asset_type.type)
    if in_field:
        yield record.technology_field == bindparam(f"field_{place}", type_=Integer)
    if without:
        others = bindparam(f"without_{place}", type_=Integer, expanding=True)
        yield or_(record.technology_field.is_(None), record.technology_field.not_in(others))
    if in_country:
        yield record.country == bindparam(f"country_{place}", type_=String)


def _readable(reader: Reader, on: date) -> Iterator[ColumnElement[bool]]:
    yield comparable_to(reader, on)
    newer = aliased(TransactionRecord)
    yield ~select(newer.id).where(newer.corrects == TransactionRecord.id).exists()


def _reason(window: Subquery, shape: _Shape) -> ColumnElement[str | None]:
    """Why a record of the window may not serve, as `similarity.rejection` would say it; NULL if it may.

    What depends on loaded rates, on a distance, or on a figure that a pooled record keeps back is left to the
    rules, which see the record as the reader does.
    """
    row = window.c
    because = {
        Rejection.WITHDRAWN: row.outcome == SaleOutcome.WITHDRAWN,
        Rejection.UNDONE: row.outcome.in_([SaleOutcome.REVERSED, SaleOutcome.REAUCTIONED]),
        Rejection.EXCLUDED: row.usable.is_(False),
        Rejection.LICENCE: row.right_sold == RightSold.LICENCE,
        Rejection.NOT_ARMS_LENGTH: row.arms_length.is_(False) | row.related_party.is_(True),
        Rejection.NO_SIZE: row.number_of_rights.is_(None),
    }
    if shape.one_country:
        because[Rejection.OTHER_OFFICE] = row.country.not_in(
            bindparam("countries", type_=String, expanding=True)
        )
    return case(*((condition, reason.value) for reason, condition in because.items()), else_=None)


def _undated(session: Session, subject: Subject, reader: Reader) -> dict[Rejection, int]:
    """Records of the family without a date, counted up to a limit."""
    question = _undated_question(subject.family, reader, subject.on)
    count = session.execute(question, bind_arguments=_RECORD).scalar_one()
    return {Rejection.NO_DATE: count} if count else {}


@lru_cache(maxsize=64)
def _undated_question(family: AssetFamily, reader: Reader, on: date) -> Executable:
    record = TransactionRecord
    undated = (
        select(record.id)
        .where(record.asset_type.in_(sorted(types_of(family))), record.sold_on.is_(None))
        .where(*_readable(reader, on))
        .limit(_UNDATED_COUNTED)
    )
    return select(func.count()).select_from(undated.subquery())
