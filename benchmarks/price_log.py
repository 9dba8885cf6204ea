"""How fast the price log grows, proves and verifies itself with LOG_LEAVES leaves (50,000 unless set).

The log lies in a PostgreSQL database of its own, or in SQLite where there is no server. Its leaves are put
there in bulk; then single sales are appended and proofs read, each beside its baseline in the same run: the
bare hashes, the same row by bare SQL, a path computed anew from all leaves.
"""

import hashlib
import os
import random
import statistics
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import date
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Engine, create_engine, insert, select
from sqlalchemy.orm import Session

from benchmarks.postings import _postgresql, _sqlite, _writing
from marketplace import clock
from marketplace.clock import moment_text
from marketplace.db import engine_options
from transactions import queries
from transactions.log import growing, nodes, tree, verification
from transactions.log.commitments import leaf_data
from transactions.log.models import CheckpointSignature, CheckpointStamp, LogNode, SeenCheckpoint
from transactions.log.places import Tree, perfect_subtrees
from transactions.log.signing import public_key
from transactions.models import Checkpoint, LogHead, TransactionRecord, columns_of
from transactions.rules.facts import SaleFacts
from transactions.rules.words import AssetType, Channel, DatePrecision, ProofGrade, SaleOutcome

LEAVES = int(os.environ.get("LOG_LEAVES", "50000"))
# Writing whole records takes a thousand times as long as their hashes: of the largest logs, only so many are.
WHOLE = min(LEAVES, int(os.environ.get("LOG_WHOLE", "5000")))
APPENDS, PROOFS, IN_BULK = 60, 200, 2000
MODELS = (
    TransactionRecord, LogNode, LogHead, Checkpoint, CheckpointSignature, CheckpointStamp, SeenCheckpoint,
)  # fmt: skip
SETTINGS: Any = SimpleNamespace(marketplace_name="benchmark", receipt_key=bytes(32), time_stamp_roots=None)
SALE = SaleFacts(
    source_marketplace="benchmark",
    source_kind="import",
    source_id="",
    outcome=SaleOutcome.SOLD,
    asset_type=AssetType.INVENTION,
    title="A pump",
    channel=Channel.AUCTION_ENGLISH,
    currency="CNY",
    sold_on=date(2025, 6, 1),
    date_precision=DatePrecision.DAY,
    proof_grade=ProofGrade.B,
    number_of_rights=1,
    price_minor=100_000_00,
)
_BLANK = columns_of(SALE)

Proof = Callable[[int], list[bytes]]


def run() -> list[dict[str, Any]]:
    """The figures; ratio is ours divided by the baseline's."""
    rows = [_growth()]
    with _postgresql() as url:
        if url is not None:
            return rows + _in_database(_prepared_with(url), "PostgreSQL")
    with _sqlite() as url:
        assert url is not None
        return rows + _in_database(_prepared_with(url), "SQLite")


def _prepared_with(url: str) -> Engine:
    engine = create_engine(url, **engine_options(url))
    for model in MODELS:
        model.metadata.create_all(engine, tables=[model.metadata.tables[model.__tablename__]])
    return engine


def _growth() -> dict[str, Any]:
    """The tree alone, with every perfect subtree named, beside as many bare hashes as there must be."""
    leaves = [number.to_bytes(32, "big") for number in range(LEAVES)]
    started, frontier, whole = time.perf_counter(), tree.Frontier(0, ()), 0
    for leaf in leaves:
        frontier, new = frontier.grown(leaf)
        whole += len(new)
    ours, started = time.perf_counter() - started, time.perf_counter()
    for leaf in leaves[:whole]:
        hashlib.sha256(b"\x01" + leaf + leaf).digest()
    bare = time.perf_counter() - started
    note = f"{LEAVES:,} leaves; baseline: the {whole:,} hashes alone"
    return _row("price log: leaves into the tree", LEAVES / ours, "1/s", LEAVES / bare, note)


def _in_database(engine: Engine, name: str) -> list[dict[str, Any]]:
    verified = _verification(engine, name)
    _fill(engine, LEAVES)
    about = f"{LEAVES:,} leaves, {name}"
    rows = [verified, _appends(engine, about), *_proofs(engine, about)]
    engine.dispose()
    return rows


def _record(number: int) -> dict[str, Any]:
    at, salt, identity = clock.now(), uuid.uuid4().hex, uuid.uuid4()
    facts = SaleFacts(**{name: getattr(SALE, name) for name in SALE.__slots__} | {"source_id": str(number)})
    leaf = tree.leaf_hash(leaf_data(identity, moment_text(at), salt, facts))
    made = {"id": identity, "recorded_at": at, "leaf_index": number, "salt": salt, "leaf_hash": leaf.hex()}
    return columns_of(facts) | made


def _verification(engine: Engine, name: str) -> dict[str, Any]:
    """Every leaf, node, proof and checkpoint of a log of whole records."""
    records = [_record(number) for number in range(WHOLE)]
    with _writing(engine) as session:
        head = queries.lock_head(session)
        for start in range(0, WHOLE, IN_BULK):
            session.execute(insert(TransactionRecord), records[start : start + IN_BULK])
        growing.append(session, head, (bytes.fromhex(record["leaf_hash"]) for record in records))
        growing.sign(session, head, SETTINGS)
    started = time.perf_counter()
    with Session(engine) as session:
        verdict = verification.verify(session, "benchmark", public_key(bytes(32)))
    taken = time.perf_counter() - started
    assert (verdict.size, verdict.problems) == (WHOLE, ())
    started = time.perf_counter()
    for record in records[:500]:
        for column in record:
            hashlib.sha256(column.encode()).digest()
            hashlib.sha256(column.encode()).digest()
    bare = (time.perf_counter() - started) / 500
    note = f"{WHOLE:,} records, {name}; baseline: the hashes of their commitments alone"
    return _row("price log: records verified", WHOLE / taken, "1/s", 1 / bare, note)


def _fill(engine: Engine, size: int) -> None:
    """Leaves with hashes of nothing, as fast as the database makes them."""
    if engine.dialect.name == "postgresql":
        _fill_inside(engine, size)
        return
    for start in range(WHOLE, size, IN_BULK):
        with _writing(engine) as session:
            head, end = queries.lock_head(session), min(start + IN_BULK, size)
            leaves = [hashlib.sha256(number.to_bytes(8, "big")).digest() for number in range(start, end)]
            rows = [
                _BLANK | {"id": uuid.uuid4(), "source_id": str(start + place), "recorded_at": clock.now(),
                          "leaf_index": start + place, "salt": "", "leaf_hash": leaf.hex()}
                for place, leaf in enumerate(leaves)
            ]  # fmt: skip
            session.execute(insert(TransactionRecord), rows)
            growing.append(session, head, leaves)
            if end == size:
                growing.sign(session, head, SETTINGS)


def _fill_inside(engine: Engine, size: int) -> None:
    """The same by PostgreSQL itself: a million rows in a minute."""
    made = {
        "id": "gen_random_uuid()", "source_id": "g::text", "leaf_index": "g",
        "leaf_hash": "encode(sha256(int8send(g)), 'hex')",
    }  # fmt: skip
    names = [column.name for column in TransactionRecord.__table__.columns]
    values = ", ".join(made.get(name, f"t.{name}") for name in names)
    leaves = (
        f"INSERT INTO transaction_records ({', '.join(names)}) SELECT {values} "  # noqa: S608
        f"FROM transaction_records t, generate_series({WHOLE}::bigint, {size - 1}) g WHERE t.leaf_index = 0"
    )
    below = "SELECT leaf_index AS position, leaf_hash AS hash FROM transaction_records"
    with engine.begin() as connection:
        connection.exec_driver_sql(leaves)
        for level in range(1, size.bit_length()):
            connection.exec_driver_sql(
                f"INSERT INTO log_nodes SELECT {level}, l.position / 2, "  # noqa: S608
                "encode(sha256(decode('01' || l.hash || r.hash, 'hex')), 'hex') "
                f"FROM ({below}) l JOIN ({below}) r ON r.position = l.position + 1 "
                "WHERE mod(l.position, 2) = 0 ON CONFLICT DO NOTHING"
            )
            below = f"SELECT position, hash FROM log_nodes WHERE level = {level}"  # noqa: S608
        connection.exec_driver_sql("ANALYZE")
    with _writing(engine) as session:
        head, places = queries.lock_head(session), perfect_subtrees((0, size))
        hashes = nodes.hashes_at(session, places)
        head.size, head.frontier = size, [hashes[place].hex() for place in places]
        growing.sign(session, head, SETTINGS)


def _appends(engine: Engine, about: str) -> dict[str, Any]:
    """One sale and its checkpoint in one commit, beside the record's row alone in one commit."""
    ours, bare = [], []
    for number in range(APPENDS):
        record = _record(LEAVES + number)
        started = time.perf_counter()
        with _writing(engine) as session:
            head = queries.lock_head(session)
            session.execute(insert(TransactionRecord), [record])
            growing.append(session, head, [bytes.fromhex(record["leaf_hash"])])
            growing.sign(session, head, SETTINGS)
        ours.append(time.perf_counter() - started)
        other = _record(-1) | {"leaf_index": 10**9 + number, "source_id": f"bare {number}"}
        started = time.perf_counter()
        with _writing(engine) as session:
            session.execute(insert(TransactionRecord), [other])
        bare.append(time.perf_counter() - started)
    note = f"{about}, median; baseline: the row of the record alone, committed"
    return _row("price log: append one sale", _milliseconds(ours), "ms", _milliseconds(bare), note)


def _proofs(engine: Engine, about: str) -> Iterator[dict[str, Any]]:
    dice = random.Random(7)
    with Session(engine) as session:
        started = time.perf_counter()
        leaves = queries.leaf_hashes(session, LEAVES)
        session.rollback()  # the database does not wait for a transaction that is idle for so long
        held = Tree(leaves)
        assert held.root() == nodes.root_at(session, LEAVES)
        anew = time.perf_counter() - started
        places = [dice.randrange(LEAVES) for _ in range(PROOFS)]
        kinds: tuple[tuple[str, Proof, Proof], ...] = (
            ("inclusion", lambda place: nodes.inclusion_proof(session, place, LEAVES), held.inclusion_proof),
            (
                "consistency",
                lambda place: nodes.consistency_proof(session, place + 1, LEAVES),
                lambda place: held.consistency_proof(place + 1),
            ),
        )
        for name, ours, expected in kinds:
            assert ours(places[0]) == expected(places[0])
            taken = [_timed(ours, place) for place in places]
            note = f"{about}, median of {PROOFS}; baseline: the tree anew from all leaves"
            yield _row(f"price log: {name} proof", _milliseconds(taken), "ms", anew * 1000, note)
        assert session.scalars(select(LogNode.level).limit(1)).one()


def _timed(work: Callable[[int], object], place: int) -> float:
    started = time.perf_counter()
    work(place)
    return time.perf_counter() - started


def _milliseconds(seconds: list[float]) -> float:
    return statistics.median(seconds) * 1000


def _row(name: str, value: float, unit: str, baseline: float, note: str) -> dict[str, Any]:
    return {
        "name": name,
        "value": round(value, 3),
        "unit": unit,
        "baseline": round(baseline, 3),
        "ratio": round(value / baseline, 4),
        "note": note,
    }
