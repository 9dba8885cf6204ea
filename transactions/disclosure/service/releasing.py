"""The monthly release: new blocks, new admissions to the pool, and the tables that stand until the next."""

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.db import atomic
from transactions import queries as records
from transactions.disclosure import counting
from transactions.disclosure.models import (
    BlockMember,
    DisclosureBlock,
    PoolAdmission,
    StatisticsCell,
    StatisticsRelease,
)
from transactions.disclosure.queries import latest_release, old_enough_on, released_on
from transactions.disclosure.rules import ADVICE_MONTHS, generalised
from transactions.disclosure.rules.cells import Block, Contribution, blocks, crowds
from transactions.disclosure.rules.keys import LEVELS, Key
from transactions.disclosure.rules.words import Family
from transactions.models import LogHead, TransactionRecord
from transactions.rules.words import ConsentTier, DatePrecision

RULES = "1"

_AT_ONCE = 1000
_STEP = 5


def release_due(session: Session) -> bool:
    """Release the statistics of the month if nobody has yet; False when they stand or there is no sale."""
    latest, on = latest_release(session), _today()
    if latest is not None and latest.through.replace(day=1) >= on.replace(day=1):
        return False
    if session.scalar(select(TransactionRecord.id).limit(1)) is None:
        return False
    release(session)
    return True


def release_monthly() -> int:
    """The worker's errand: `release_due` in a transaction of its own; returns how many were made."""
    with atomic() as session:
        return int(release_due(session))


def release(session: Session) -> StatisticsRelease:
    """Make the next release of everything that may be told of today; earlier ones stay as they are.

    It locks nothing that others wait for: of two at once the number lets one be kept.
    """
    latest, on = latest_release(session), _today()
    number = latest.number + 1 if latest else 1
    found = [(family, *_new_blocks(session, family, on)) for family in (Family.OFFERS, Family.PRICES)]
    left_over = len(found[0][2])
    told = StatisticsRelease(
        number=number,
        released_at=clock.now(),
        through=on,
        tree_size=session.scalar(select(LogHead.size)) or 0,
        withheld_percent=_share(session, left_over, on),
        rules=RULES,
    )
    session.add(told)
    session.flush()
    for family, gathered, _ in found:
        _store_blocks(session, number, family, gathered)
    _admit(session, on)
    _store_cells(session, told)
    return told


def _today() -> date:
    return clock.now().astimezone(clock.LOCAL_ZONE).date()


def _new_blocks(session: Session, family: Family, on: date) -> tuple[list[Block[Key]], list[Contribution]]:
    """Blocks of the sales that are in none yet. Price-only sales stay apart: their prices can be listed."""
    told = _already_told(session, family)
    listed: list[tuple[Contribution, Key]] = []
    hidden: list[tuple[Contribution, Key]] = []
    for row in counting.stream(session, counting.to_be_blocked(family, on)):
        if row.corrects in told or not _may_be_counted(row):
            continue
        value = 0 if family is Family.OFFERS else row.price_minor
        one = Contribution(str(row.id), row.seller_parent, value), counting.key_of(row, family)
        (listed if row.consent_tier is ConsentTier.PRICE_ONLY else hidden).append(one)
    first, rest = blocks(listed, LEVELS)
    second, rest_hidden = blocks(hidden, LEVELS)
    return first + second, rest + rest_hidden


def _may_be_counted(row: Any) -> bool:
    """A sealed sale is counted only where a contract says so; none does yet."""
    return row.consent_tier is not ConsentTier.SEALED


def _already_told(session: Session, family: Family) -> set[uuid.UUID]:
    """Records in a block, and those that correct one: what was told of is not told of again."""
    told = set(session.scalars(select(BlockMember.record_id).where(BlockMember.family == family)))
    query = select(TransactionRecord.id, TransactionRecord.corrects).where(
        TransactionRecord.corrects.is_not(None)
    )
    for identity, corrects in session.execute(query.order_by(TransactionRecord.leaf_index)):
        if corrects in told:
            told.add(identity)
    return told


def _share(session: Session, left_over: int, on: date) -> int:
    """The left over of all that is counted, in whole fives of a hundred: too coarse to count them."""
    offered = session.scalar(select(func.count()).select_from(counting.counted(on).subquery())) or 0
    return round(100 * left_over / offered / _STEP) * _STEP if offered else 0


def _store_blocks(session: Session, number: int, family: Family, found: Iterable[Block[Key]]) -> None:
    named = [(uuid.uuid4(), block) for block in found]
    rows = [
        {
            "id": identity,
            "release_number": number,
            "family": family,
            "level": block.level,
            "key": dict(block.key),
        }
        for identity, block in named
    ]
    _insert(session, DisclosureBlock, rows)
    members = [
        {"family": family, "record_id": uuid.UUID(one.identity), "block_id": identity}
        for identity, block in named
        for one in block.members
    ]
    _insert(session, BlockMember, members)


def _admit(session: Session, on: date) -> None:
    """Admit pooled sales of a year's age that at least five, of five parents, are like."""
    record = TransactionRecord
    query = records.current_records().where(
        record.consent_tier == ConsentTier.POOL,
        record.date_precision.in_([DatePrecision.DAY, DatePrecision.MONTH]),
        released_on(on),
        old_enough_on(on, ADVICE_MONTHS),
    )
    pooled = [
        (str(row.id), row.seller_parent, generalised(row.facts()))
        for row in session.scalars(query.execution_options(yield_per=_AT_ONCE))
    ]
    known = set(session.scalars(select(PoolAdmission.record_id)))
    new = sorted(crowds(pooled) - {str(one) for one in known})
    _insert(
        session,
        PoolAdmission,
        [{"record_id": uuid.UUID(one), "admitted_at": clock.now()} for one in new],
    )


def _store_cells(session: Session, made: StatisticsRelease) -> None:
    rows = [
        {"release_number": made.number, "breakdown": name, "key": dict(key), "figures": figures}
        for name, key, figures in counting.told(counting.tallies(session, made.through, made.tree_size))
    ]
    _insert(session, StatisticsCell, rows)


def _insert(session: Session, model: type[Any], rows: list[dict[str, Any]]) -> None:
    for start in range(0, len(rows), _AT_ONCE):
        session.execute(insert(model), rows[start : start + _AT_ONCE])
