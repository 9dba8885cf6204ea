"""A record of as many sales as one likes, written by COPY: what a national database may hold in some years.

The figures are drawn, the same for the same seed. Shares of types, fields, offices, outcomes and tiers are
chosen so that dense and thin markets both occur.
"""

import json
import os
import random
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.schema import CreateIndex

from marketplace.db import TRANSACTIONS_BIND, db
from transactions.disclosure import models as _disclosure  # noqa: F401 -- its tables are asked too
from transactions.models import TransactionRecord

SERVER = os.environ.get("TEST_POSTGRESQL_URL", "postgresql+psycopg:///postgres")
LATEST = date(2026, 6, 30)
_DAYS = 3650
_RECORDED = datetime(2026, 7, 1, tzinfo=UTC)

_TYPES = ("invention",) * 12 + ("utility_model",) * 4 + ("design",) * 2 + ("trademark",) * 2
_COUNTRIES = ("CN",) * 17 + ("US", "DE", "")
_OUTCOMES = ("sold",) * 9 + ("unsold",) * 10 + ("withdrawn",)
_TIERS = ("price_only",) * 16 + ("public",) * 2 + ("pool", "sealed")
_CHANNELS = ("auction_english",) * 6 + ("judicial_online_auction",) * 3 + ("brokered_offer",)
_COLUMNS = (
    "id", "source_marketplace", "source_kind", "source_id", "outcome", "asset_type", "right_sold", "title",
    "number_of_rights", "technology_field", "technology_fields", "classes", "country",
    "remaining_life_months", "channel", "rule_pack", "rule_pack_version", "attempt", "forced", "seller_kind",
    "reference_price_basis", "start_price_minor", "bids", "top_bid_minor", "price_minor", "currency",
    "price_basis", "sold_on", "date_precision", "proof_grade", "arms_length", "usable", "exclusion_reason",
    "evidence", "evidence_url", "corrects", "correction_reason", "consent_tier", "seller_parent",
    "family_size", "claims", "forward_citations", "evidence_of_use", "age_months", "recorded_at",
    "leaf_index", "salt", "leaf_hash",
)  # fmt: skip


def fields_of(dice: random.Random) -> int:
    """A technology field: a third of the sales are in three of them, the thinnest has one in a hundred."""
    return dice.choice((4, 6, 13)) if dice.random() < 1 / 3 else dice.randint(1, 35)


@contextmanager
def postgresql() -> Iterator[str]:
    """The address of a new database, dropped at the end."""
    name = f"luochui_bench_{uuid.uuid4().hex[:12]}"
    server = create_engine(SERVER, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    try:
        yield SERVER.rsplit("/", 1)[0] + f"/{name}"
    finally:
        with server.connect() as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        server.dispose()


def prepared(url: str, count: int, seed: int = 5) -> Engine:
    """The tables of the shared record with `count` sales, indexed and analysed."""
    engine = create_engine(url)
    metadata = db.metadatas[TRANSACTIONS_BIND]
    table = metadata.tables[TransactionRecord.__tablename__]
    indexes = list(table.indexes)
    table.indexes.clear()
    metadata.create_all(engine)
    table.indexes.update(indexes)
    load(url, count, seed)
    with engine.begin() as connection:
        for index in indexes:
            connection.execute(CreateIndex(index))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE transaction_records"))
    return engine


def load(url: str, count: int, seed: int) -> None:
    """Write the sales by COPY."""
    plain = url.replace("postgresql+psycopg", "postgresql")
    statement = f"COPY transaction_records ({', '.join(_COLUMNS)}) FROM STDIN"
    with psycopg.connect(plain) as connection, connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in _rows(random.Random(seed), count):
            copy.write_row(row)


def _rows(dice: random.Random, count: int) -> Iterator[tuple[Any, ...]]:
    earlier: uuid.UUID | None = None
    for place in range(count):
        row = _row(dice, place, None)
        if earlier is not None and place % 200 == 0:
            row = _row(dice, place, earlier)
        yield tuple(row[name] for name in _COLUMNS)
        if place % 200 == 100:
            earlier = row["id"]


def _row(dice: random.Random, place: int, corrects: uuid.UUID | None) -> dict[str, Any]:
    kind, outcome = dice.choice(_TYPES), dice.choice(_OUTCOMES)
    value = dice.lognormvariate(15, 1.2)
    start = int(value * dice.lognormvariate(0.2, 0.5))
    number = fields_of(dice) if kind != "trademark" else None
    attempt = dice.choice((1, 1, 1, 2, 3))
    return _DULL | {
        "id": uuid.UUID(int=dice.getrandbits(128), version=4),
        "source_id": str(place),
        "outcome": outcome,
        "asset_type": kind,
        "number_of_rights": dice.choice((1, 1, 1, 2, 3, 5, 12, 40)),
        "technology_field": number,
        "technology_fields": json.dumps([] if number is None else [number]),
        "classes": json.dumps([_class(dice, number)]),
        "country": dice.choice(_COUNTRIES),
        "remaining_life_months": dice.randint(6, 236),
        "channel": dice.choice(_CHANNELS),
        "attempt": attempt,
        "forced": dice.random() < 0.6,
        "start_price_minor": start,
        "bids": 0 if outcome == "unsold" else dice.randint(1, 30),
        "top_bid_minor": None if outcome == "unsold" else int(value),
        "price_minor": int(value) if outcome == "sold" else None,
        "sold_on": LATEST - timedelta(days=dice.randint(0, _DAYS)),
        "proof_grade": dice.choice("ABBBBC"),
        "arms_length": dice.random() < 0.97,
        "corrects": corrects,
        "consent_tier": dice.choice(_TIERS),
        "seller_parent": f"{dice.randint(0, 4000):032x}",
        "family_size": dice.randint(1, 9),
        "claims": dice.randint(3, 25),
        "forward_citations": int(dice.expovariate(0.2)),
        "evidence_of_use": dice.choice((None, True, False)),
        "age_months": dice.randint(6, 200),
        "leaf_index": place,
    }


def _class(dice: random.Random, number: int | None) -> str:
    if number is None:
        return str(dice.randint(1, 45))
    return f"{'ABCDEFGH'[number % 8]}{number:02d}{dice.choice('BCDFHKLN')}{dice.randint(1, 40)}/00"


_DULL: dict[str, Any] = {
    "source_marketplace": "bench",
    "source_kind": "deal",
    "right_sold": "ownership",
    "title": "A lot",
    "rule_pack": "cn-bank",
    "rule_pack_version": "1",
    "seller_kind": "bank",
    "reference_price_basis": "appraisal",
    "currency": "CNY",
    "price_basis": "hammer price",
    "date_precision": "day",
    "usable": True,
    "exclusion_reason": "",
    "evidence": "Paid in full through this marketplace; title transfer recorded.",
    "evidence_url": "",
    "correction_reason": "",
    "recorded_at": _RECORDED,
    "salt": "0" * 32,
    "leaf_hash": "0" * 64,
}
