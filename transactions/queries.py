"""Named selects over the shared record, and the locks under which it grows."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice

from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session, aliased

from auctions.models import Auction
from marketplace.deals.models import Deal
from marketplace.deals.windows.models import OffersWindow
from marketplace.listings.models import Lot
from transactions.models import Checkpoint, ExchangeRate, LogHead, TransactionRecord
from transactions.rates import Rate

PAGE_SIZE = 50

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


CHAIN_LIMIT = 1_000


def newest_of(session: Session, record: TransactionRecord) -> TransactionRecord:
    """The record that stands at the end of a chain of corrections; the record itself where none begins."""
    for _ in range(CHAIN_LIMIT):
        newer = correction_of(session, record.id)
        if newer is None:
            return record
        record = newer
    raise LookupError(f"corrections of {record.id} have no end")


def oldest_of(session: Session, record: TransactionRecord) -> TransactionRecord:
    """The record at the beginning of a chain of corrections; the record itself where it corrects none."""
    for _ in range(CHAIN_LIMIT):
        older = session.get(TransactionRecord, record.corrects) if record.corrects else None
        if older is None:
            return record
        record = older
    raise LookupError(f"corrections before {record.id} have no end")


def current_records() -> Select[TransactionRecord]:
    """Records that no later one corrects: what statistics and lists use."""
    newer = aliased(TransactionRecord)
    replaced = select(newer.id).where(newer.corrects == TransactionRecord.id).exists()
    return select(TransactionRecord).where(~replaced)


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
    attempts = (Deal, Auction, OffersWindow)
    return frozenset(
        str(source)
        for table in attempts
        for source in session.scalars(select(table.id).where(table.lot_id == lot_id))
    )


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
