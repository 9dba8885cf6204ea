"""What a visitor may ask of the record of sales, and the conditions that say it to the database."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, func, or_

from marketplace.money import exponent
from transactions.disclosure.queries import visible_to
from transactions.disclosure.rules import ANYBODY, Reader
from transactions.market.rules.bands import PRICES, SIZES, Band
from transactions.market.rules.regions import COUNTRY, codes_of, unit_of
from transactions.models import TransactionRecord
from transactions.queries import current_records
from transactions.rules.words import (
    AssetFamily,
    AssetType,
    Channel,
    ProofGrade,
    RightSold,
    SaleOutcome,
    types_of,
)


@dataclass(frozen=True, slots=True)
class Filters:
    """What a visitor asks the list for; None and empty mean everything.

    Attributes:
        class_prefix: the beginning of a class symbol (H01M, H01M10); a Nice class (9) as a whole.
        region: a unit of China (CN-37) or the country (US) where the region is not one of China.
        size: a name in `bands.SIZES`; `band`: one in `bands.PRICES`, of prices in `currency`.
    """

    family: AssetFamily | None = None
    asset_type: AssetType | None = None
    right_sold: RightSold | None = None
    technology_field: int | None = None
    class_prefix: str = ""
    channel: Channel | None = None
    outcome: SaleOutcome | None = None
    year: int | None = None
    grade: ProofGrade | None = None
    forced: bool | None = None
    region: str = ""
    currency: str | None = None
    size: str = ""
    band: str = ""
    least_minor: int | None = None
    most_minor: int | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """Filters, who asks and on which day: what decides which records answer."""

    filters: Filters
    on: date
    reader: Reader = field(default=ANYBODY)


# The facts that each filter looks at: a record that does not show them does not answer.
_FACTS_OF = {
    "family": "asset_type",
    "asset_type": "asset_type",
    "right_sold": "right_sold",
    "technology_field": "technology_field",
    "class_prefix": "classes",
    "channel": "channel",
    "outcome": "outcome",
    "year": "sold_on",
    "grade": "proof_grade",
    "forced": "forced",
    "region": "region",
    "currency": "currency",
    "size": "number_of_rights",
    "band": "price_minor",
    "least_minor": "price_minor",
    "most_minor": "price_minor",
}


def asked_facts(filters: Filters) -> frozenset[str]:
    """The names of the facts that the filters ask about."""
    return frozenset(fact for name, fact in _FACTS_OF.items() if getattr(filters, name) not in (None, ""))


def answering(question: Question) -> Select[TransactionRecord]:
    """Current records that the reader may see one by one and that answer the filters."""
    asked = asked_facts(question.filters) | {"sold_on"}
    seen = visible_to(question.reader, question.on, asked=asked)
    return current_records().where(seen, *_conditions(question.filters))


def _conditions(filters: Filters) -> Iterator[ColumnElement[bool]]:
    record = TransactionRecord
    if filters.family:
        yield record.asset_type.in_(sorted(types_of(filters.family)))
    if filters.year:
        yield record.sold_on.between(date(filters.year, 1, 1), date(filters.year, 12, 31))
    if filters.class_prefix:
        yield _has_class(filters.class_prefix)
    if filters.region:
        yield _in_region(filters.region)
    if filters.size:
        yield within(record.number_of_rights, SIZES[filters.size])
    for column, value in (
        (record.asset_type, filters.asset_type),
        (record.right_sold, filters.right_sold),
        (record.technology_field, filters.technology_field),
        (record.channel, filters.channel),
        (record.outcome, filters.outcome),
        (record.proof_grade, filters.grade),
        (record.forced, filters.forced),
        (record.currency, filters.currency),
    ):
        if value is not None:
            yield column == value
    yield from _prices(filters)


def _prices(filters: Filters) -> Iterator[ColumnElement[bool]]:
    price = TransactionRecord.price_minor
    if filters.band and filters.currency:
        band = in_minor(PRICES[filters.band], filters.currency)
        yield price >= band.least
        if band.most is not None:
            yield price < band.most
    if filters.least_minor is not None:
        yield price >= filters.least_minor
    if filters.most_minor is not None:
        yield price <= filters.most_minor


def in_minor(band: Band, currency: str) -> Band:
    """The band in minor units."""
    scale = 10 ** exponent(currency)
    return Band(band.least * scale, None if band.most is None else band.most * scale)


def within(column: Any, band: Band) -> ColumnElement[bool]:
    """The column is in the band, its ends included."""
    inside: ColumnElement[bool] = column >= band.least
    return inside if band.most is None else inside & (column <= band.most)


def _has_class(prefix: str) -> ColumnElement[bool]:
    """One of the classes begins so; a bare number is a Nice class and has to be the whole of one."""
    text = cast(TransactionRecord.classes, String)
    return text.like(f'%"{prefix}"%' if prefix.isdigit() else f'%"{prefix}%')


def place_of_sale() -> ColumnElement[str]:
    """The seller's region, or the country of the right where that is not told."""
    return func.coalesce(func.nullif(TransactionRecord.region, ""), TransactionRecord.country)


def _in_region(code: str) -> ColumnElement[bool]:
    place = place_of_sale()
    if unit_of(code) or code == COUNTRY:
        return place.in_(codes_of(code))
    return or_(place == code, place.like(f"{code}-%"))
