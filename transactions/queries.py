"""Named selects over the shared record, and the locks under which it grows."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, islice
from typing import Any

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session, aliased

from auctions.models import Auction
from auctions.rules import Outcome as AuctionOutcome
from marketplace.db import db
from marketplace.deals.models import Deal
from marketplace.deals.rules import DealStatus
from marketplace.due import take_first
from marketplace.listings.models import Lot
from transactions.models import CarriedSale, Checkpoint, ExchangeRate, LogHead, TransactionRecord
from transactions.rates import Rate
from transactions.rules.words import AssetFamily, Channel, SaleOutcome, types_of

PAGE_SIZE = 50

# A comparison reads at most so many sales, the latest first.
CANDIDATES_LIMIT = 10_000

HEAD = 1

_BATCH = 500

# Marketplace, kind and id: what a record is recognised by.
Source = tuple[str, str, str]


def lock_head(session: Session) -> LogHead:
    """The head of the log, locked until the transaction ends: one append at a time, so no gap and no fork."""
    insert = postgresql_insert if session.get_bind(LogHead).dialect.name == "postgresql" else sqlite_insert
    session.execute(insert(LogHead).values(id=HEAD, size=0, frontier=[]).on_conflict_do_nothing())
    query = select(LogHead).where(LogHead.id == HEAD).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one()


def by_source(session: Session, marketplace: str, kind: str, source_id: str) -> TransactionRecord | None:
    return session.scalars(
        select(TransactionRecord).where(
            TransactionRecord.source_marketplace == marketplace,
            TransactionRecord.source_kind == kind,
            TransactionRecord.source_id == source_id,
        )
    ).one_or_none()


def by_sources(session: Session, sources: Iterable[Source]) -> Iterator[TransactionRecord]:
    """The records of these sources, as far as they are there."""
    ordered = sorted(set(sources))
    for (marketplace, kind), group in groupby(ordered, key=lambda source: source[:2]):
        for identities in batched(source_id for _, _, source_id in group):
            yield from session.scalars(
                select(TransactionRecord).where(
                    TransactionRecord.source_marketplace == marketplace,
                    TransactionRecord.source_kind == kind,
                    TransactionRecord.source_id.in_(identities),
                )
            )


def batched(values: Iterable[str]) -> Iterator[list[str]]:
    """The values in lists short enough for one question to the database."""
    remaining = iter(values)
    while batch := list(islice(remaining, _BATCH)):
        yield batch


def correction_of(session: Session, record_id: uuid.UUID) -> TransactionRecord | None:
    return session.scalars(
        select(TransactionRecord).where(TransactionRecord.corrects == record_id)
    ).one_or_none()


def not_carried(kind: str, source: type[Deal] | type[Auction]) -> ColumnElement[bool]:
    """No mark says that this deal or auction was carried across."""
    carried = select(CarriedSale.source_id).where(
        CarriedSale.source_kind == kind, CarriedSale.source_id == source.id
    )
    return ~carried.exists()


def lock_due_deal(session: Session) -> Deal | None:
    """The first completed deal that is not marked as carried; another worker's is passed over."""
    completed = select(Deal).where(Deal.status == DealStatus.COMPLETED, not_carried("deal", Deal))
    return take_first(session, completed.order_by(Deal.completed_at, Deal.id), Deal)


def ended_without_sale() -> ColumnElement[bool]:
    """An auction that opened and was not sold; one that never opened offered nothing."""
    ended = Auction.outcome.in_([AuctionOutcome.UNSOLD, AuctionOutcome.CANCELLED])
    return ended & Auction.opened_at.is_not(None)


def lock_due_auction(session: Session) -> Auction | None:
    """The first auction that opened and ended without a sale and is not marked as carried."""
    ended = select(Auction).where(ended_without_sale(), not_carried("auction", Auction))
    return take_first(session, ended.order_by(Auction.closed_at, Auction.id), Auction)


@dataclass(frozen=True, slots=True)
class Filters:
    """What a visitor asks the list for; None and empty mean everything."""

    family: AssetFamily | None = None
    technology_field: int | None = None
    channel: Channel | None = None
    outcome: SaleOutcome | None = None
    year: int | None = None
    currency: str | None = None
    least_minor: int | None = None
    most_minor: int | None = None


def current_records() -> Select[TransactionRecord]:
    """Records that no later one corrects: what statistics and lists use."""
    newer = aliased(TransactionRecord)
    replaced = select(newer.id).where(newer.corrects == TransactionRecord.id).exists()
    return select(TransactionRecord).where(~replaced)


def _conditions(filters: Filters) -> Iterable[ColumnElement[bool]]:
    record = TransactionRecord
    if filters.family:
        yield record.asset_type.in_(sorted(types_of(filters.family)))
    if filters.year:
        yield record.sold_on.between(date(filters.year, 1, 1), date(filters.year, 12, 31))
    for column, value in (
        (record.technology_field, filters.technology_field),
        (record.channel, filters.channel),
        (record.outcome, filters.outcome),
        (record.currency, filters.currency),
    ):
        if value is not None:
            yield column == value
    if filters.least_minor is not None:
        yield record.price_minor >= filters.least_minor
    if filters.most_minor is not None:
        yield record.price_minor <= filters.most_minor


def filtered(filters: Filters) -> Select[TransactionRecord]:
    """Current records that answer the filters, the latest first."""
    record = TransactionRecord
    undated_last = record.sold_on.is_(None)
    return (
        current_records()
        .where(*_conditions(filters))
        .order_by(undated_last, record.sold_on.desc(), record.leaf_index.desc())
    )


def page_of(filters: Filters, page: int) -> Pagination:
    """One page of the list."""
    return db.paginate(filtered(filters), page=page, per_page=PAGE_SIZE, max_per_page=PAGE_SIZE)


def years(session: Session) -> list[int]:
    """The years there are sales of, the latest first."""
    first, last = session.execute(
        select(func.min(TransactionRecord.sold_on), func.max(TransactionRecord.sold_on))
    ).one()
    return [] if first is None or last is None else list(range(last.year, first.year - 1, -1))


_COMPARED = (
    TransactionRecord.id,
    TransactionRecord.source_id,
    TransactionRecord.outcome,
    TransactionRecord.asset_type,
    TransactionRecord.technology_field,
    TransactionRecord.number_of_rights,
    TransactionRecord.remaining_life_months,
    TransactionRecord.channel,
    TransactionRecord.forced,
    TransactionRecord.sold_on,
    TransactionRecord.price_minor,
    TransactionRecord.currency,
    TransactionRecord.proof_grade,
    TransactionRecord.right_sold,
    TransactionRecord.arms_length,
    TransactionRecord.usable,
)


def candidates(session: Session, family: AssetFamily, *, on: date) -> Sequence[Any]:
    """The columns a comparison looks at, of the current records of the family, the latest first."""
    query = (
        current_records()
        .with_only_columns(*_COMPARED)
        .where(TransactionRecord.asset_type.in_(sorted(types_of(family))))
        .where((TransactionRecord.sold_on <= on) | TransactionRecord.sold_on.is_(None))
        .order_by(TransactionRecord.sold_on.desc(), TransactionRecord.leaf_index.desc())
        .limit(CANDIDATES_LIMIT)
    )
    return session.execute(query).all()


def records_by_id(session: Session, identities: Iterable[str]) -> dict[str, TransactionRecord]:
    """Whole records by the text of their id."""
    query = select(TransactionRecord).where(TransactionRecord.id.in_([uuid.UUID(one) for one in identities]))
    return {str(record.id): record for record in session.scalars(query)}


def rates_to(session: Session, currency: str) -> Sequence[ExchangeRate]:
    """All loaded rates from or to the currency."""
    rate = ExchangeRate
    query = select(rate).where((rate.base == currency) | (rate.currency == currency))
    return session.scalars(query.order_by(rate.rate_on)).all()


def rate_of(session: Session, rate: Rate) -> ExchangeRate | None:
    """The loaded rate of the same day and pair."""
    query = select(ExchangeRate).where(
        ExchangeRate.rate_on == rate.rate_on,
        ExchangeRate.currency == rate.currency,
        ExchangeRate.base == rate.base,
    )
    return session.scalars(query).one_or_none()


def lot_of(session: Session, lot_id: uuid.UUID) -> Lot | None:
    return session.get(Lot, lot_id)


def sources_of_lot(session: Session, lot_id: uuid.UUID) -> frozenset[str]:
    """The source ids under which the lot's own deals and auctions stand in the record."""
    deals = session.scalars(select(Deal.id).where(Deal.lot_id == lot_id))
    auctions = session.scalars(select(Auction.id).where(Auction.lot_id == lot_id))
    return frozenset(str(source) for source in (*deals, *auctions))


def leaf_hashes(session: Session, size: int) -> list[bytes]:
    """The hashes of the first `size` leaves in order."""
    query = (
        select(TransactionRecord.leaf_hash)
        .where(TransactionRecord.leaf_index < size)
        .order_by(TransactionRecord.leaf_index)
    )
    return [bytes.fromhex(text) for text in session.scalars(query)]


def checkpoint_at_least(session: Session, size: int) -> Checkpoint | None:
    """The latest checkpoint if it covers so many leaves."""
    latest = latest_checkpoint(session)
    return latest if latest is not None and latest.tree_size >= size else None


def latest_checkpoint(session: Session) -> Checkpoint | None:
    return session.scalars(select(Checkpoint).order_by(Checkpoint.tree_size.desc()).limit(1)).one_or_none()
