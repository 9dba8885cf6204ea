"""The sales that a release counts: public ones one by one, all others by their blocks."""

import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from transactions import queries as records
from transactions.disclosure.models import BlockMember, DisclosureBlock
from transactions.disclosure.queries import old_enough_on, released_on
from transactions.disclosure.rules.ages import STATISTICS_MONTHS
from transactions.disclosure.rules.coarse import two_figures
from transactions.disclosure.rules.figures import Tally, figures_of
from transactions.disclosure.rules.keys import BREAKDOWNS, Key, finest_key, part_of
from transactions.disclosure.rules.words import Family
from transactions.models import TransactionRecord
from transactions.rules.words import ConsentTier, DatePrecision, SaleOutcome

AT_ONCE = 5000

COUNTED = (
    TransactionRecord.id,
    TransactionRecord.asset_type,
    TransactionRecord.technology_field,
    TransactionRecord.sold_on,
    TransactionRecord.channel,
    TransactionRecord.currency,
    TransactionRecord.outcome,
    TransactionRecord.price_minor,
    TransactionRecord.seller_parent,
    TransactionRecord.consent_tier,
    TransactionRecord.source_marketplace,
    TransactionRecord.corrects,
)


def counted(on: date) -> Select[*tuple[Any, ...]]:
    """Current records with a date and released: what any statistic is made of."""
    record = TransactionRecord
    query: Select[*tuple[Any, ...]] = (
        records.current_records()
        .with_only_columns(*COUNTED)
        .where(record.sold_on <= on, record.date_precision != DatePrecision.UNKNOWN, released_on(on))
    )
    return query


def public_sales(on: date, tree_size: int) -> Select[*tuple[Any, ...]]:
    """Those of so large a log that anybody may list with everything: they need no block."""
    record = TransactionRecord
    return counted(on).where(record.consent_tier == ConsentTier.PUBLIC, record.leaf_index < tree_size)


def to_be_blocked(family: Family, on: date) -> Select[*tuple[Any, ...]]:
    """Sales of three months' age that are in no block of the family yet, with prices for those of prices."""
    record = TransactionRecord
    told = select(BlockMember.record_id).where(
        BlockMember.family == family, BlockMember.record_id == record.id
    )
    query = counted(on).where(
        record.consent_tier != ConsentTier.PUBLIC, old_enough_on(on, STATISTICS_MONTHS), ~told.exists()
    )
    if family is not Family.OFFERS:
        query = query.where(
            record.outcome == SaleOutcome.SOLD,
            record.price_minor.is_not(None),
            record.consent_tier != ConsentTier.SEALED,
        )
    return query


def key_of(row: Any, family: Family) -> Key:
    """The finest key of a sale; without its currency where it is only counted."""
    currency = "" if family is Family.OFFERS else row.currency
    return finest_key(row.asset_type, row.technology_field, row.sold_on, row.channel, currency)


def stream(session: Session, query: Select[*tuple[Any, ...]]) -> Iterator[Any]:
    """The rows one after another, not all at once in memory."""
    return iter(session.execute(query.execution_options(yield_per=AT_ONCE)))


@dataclass(frozen=True, slots=True)
class BlockContent:
    """A block as it is counted: what is the same of all, how they ended, what they fetched."""

    identity: uuid.UUID
    family: Family
    key: Mapping[str, str]
    outcomes: Sequence[SaleOutcome]
    prices: Sequence[int]


def block_contents(session: Session) -> list[BlockContent]:
    """All blocks that were ever told of, with what their members said at that time."""
    record, member = TransactionRecord, BlockMember
    query: Select[*tuple[Any, ...]] = select(member.block_id, record.outcome, record.price_minor).join(
        record, record.id == member.record_id
    )
    inside: dict[Any, list[tuple[SaleOutcome, int]]] = defaultdict(list)
    for block, outcome, price in stream(session, query):
        inside[block].append((outcome, price or 0))
    blocks = session.execute(select(DisclosureBlock.id, DisclosureBlock.family, DisclosureBlock.key))
    return [
        BlockContent(
            block,
            family,
            key,
            [outcome for outcome, _ in inside[block]],
            [] if family is Family.OFFERS else sorted(two_figures(price) for _, price in inside[block]),
        )
        for block, family, key in blocks
    ]


Cells = dict[tuple[str, Key], Tally]


def tallies(session: Session, on: date, tree_size: int) -> Cells:
    """Every cell of every table: counts under the table's dimensions, prices under those and the currency."""
    cells: Cells = defaultdict(Tally)
    for row in stream(session, public_sales(on, tree_size)):
        _count(cells, dict(key_of(row, Family.OFFERS)), [row.outcome], coarse=False)
        if row.outcome is SaleOutcome.SOLD and row.price_minor:
            _price(cells, dict(key_of(row, Family.PRICES)), [row.price_minor], coarse=False)
    for block in block_contents(session):
        if block.family is Family.OFFERS:
            _count(cells, block.key, block.outcomes, coarse=True)
        elif block.family is Family.PRICES:
            _price(cells, block.key, block.prices, coarse=True)
    return cells


def _count(cells: Cells, key: Mapping[str, str], outcomes: Sequence[SaleOutcome], *, coarse: bool) -> None:
    for name, dimensions in BREAKDOWNS.items():
        cell = part_of(key, dimensions)
        if cell is not None:
            tally = cells[name, cell]
            tally.outcomes.update(outcomes)
            tally.coarse |= coarse


def _price(cells: Cells, key: Mapping[str, str], prices: Sequence[int], *, coarse: bool) -> None:
    for name, dimensions in BREAKDOWNS.items():
        cell = part_of(key, (*dimensions, "currency"))
        if cell is not None:
            tally = cells[name, cell]
            tally.prices.extend(prices)
            tally.coarse |= coarse


def told(cells: Cells) -> Iterator[tuple[str, Key, dict[str, Any]]]:
    """Table, key and figures of every cell that may be told of."""
    for (name, key), tally in sorted(cells.items(), key=lambda item: item[0]):
        figures = figures_of(tally)
        if figures is not None:
            yield name, key, figures
