"""How many bids a second: by the rules alone, and through the stored auction, each beside a bare baseline.

The baseline of the rules is the shortest loop that compares an amount with the price. The baseline of a
stored bid is bare SQL on the same database in the same run: lock the price, read it, insert a row, update,
commit. It has no rules, hash chain, signature or receipt, so the ratio is what those and the mapping cost.
"""

import base64
import os
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from auctions import service
from auctions.models import Registration
from auctions.rules import Action, Bidder, Event, Options, Terms
from auctions.scenario import decide_all
from auctions.service.scheduling import add_auction
from marketplace import clock, rule_packs
from marketplace.access import Actor, InstitutionKind, Role
from marketplace.config import Config
from marketplace.db import atomic, db
from marketplace.listings.models import Lot
from marketplace.listings.rules import LotStatus
from marketplace.money import decimal_text
from marketplace.parties.models import Institution
from marketplace.parties.rules import InstitutionStatus
from wsgi import create_app

DECISIONS = 20_000
STORED = 300
SERVER = os.environ.get("TEST_POSTGRESQL_URL", "postgresql+psycopg:///postgres")

START, STEP = 10_000_000, 100_000


def run() -> list[dict[str, Any]]:
    """The figures, each beside its baseline; PostgreSQL only where one answers."""
    rows = [_rules()]
    with tempfile.TemporaryDirectory() as folder:
        rows.append(_stored("sqlite", f"sqlite:///{Path(folder) / 'marketplace.sqlite'}", Path(folder)))
        with _postgresql() as url:
            if url is not None:
                rows.append(_stored("postgresql", url, Path(folder)))
    return rows


def _terms(opens_at: datetime) -> Terms:
    return Terms(
        auction_format="english",
        pack=rule_packs.load("open"),
        currency="CNY",
        start_price=START,
        increment=STEP,
        reserve_price=None,
        reference_price=None,
        deposit=None,
        opens_at=opens_at,
        closes_at=opens_at + timedelta(days=7),
        options=Options(),
    )


def _amount(number: int) -> str:
    return decimal_text(START + number * STEP, "CNY")


def _rules() -> dict[str, Any]:
    opens_at = datetime(2026, 3, 2, tzinfo=UTC)
    bidders = {name: Bidder(name) for name in "AB"}
    events = [
        Event(opens_at + timedelta(seconds=number), Action.BID, "AB"[number % 2], _amount(number))
        for number in range(DECISIONS)
    ]
    start = time.perf_counter()
    decisions, state = decide_all(_terms(opens_at), bidders, events)
    taken = time.perf_counter() - start
    assert state.bids == len(decisions) == DECISIONS
    price, start = START - STEP, time.perf_counter()
    for number in range(DECISIONS):
        if START + number * STEP >= price + STEP:
            price = START + number * STEP
    bare = time.perf_counter() - start
    return _row("english_decisions_pure", taken, bare, DECISIONS, "baseline: a loop comparing two integers")


def _row(name: str, taken: float, bare: float, count: int, note: str) -> dict[str, Any]:
    return {
        "name": name,
        "value": round(count / taken),
        "unit": "1/s",
        "baseline": round(count / bare),
        "ratio": round(bare / taken, 4),
        "note": note,
    }


def _stored(name: str, url: str, home: Path) -> dict[str, Any]:
    app = create_app(_settings(url, home / name))
    with app.app_context():
        db.create_all()
        auction_id, actors = _stage()
        start = time.perf_counter()
        for number in range(STORED):
            with atomic() as session:
                actor = actors[number % 2]
                entry = service.place(
                    session, actor, auction_id, Action.BID, _amount(number), f"bid-number-{number}"
                )
                assert entry.decision == "accepted"
        taken = time.perf_counter() - start
        bare = _bare_sql()
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()
    note = "one bidder after another; baseline: bare SQL, same database, no rules, chain or receipt"
    return _row(f"stored_bids_{name}", taken, bare, STORED, note)


def _settings(url: str, home: Path) -> Config:
    key = bytes(range(32))
    home.mkdir()
    return Config(
        home=home,
        secret_key="only-for-benchmarks-" * 2,
        receipt_key=key,
        field_key=base64.urlsafe_b64encode(key).decode(),
        database_url=url,
        transactions_url=f"sqlite:///{home / 'transactions.sqlite'}",
        search_url=f"whoosh://{home / 'index'}",
        redis_url="",
        marketplace_name="benchmark",
        stripe_api_key="",
        stripe_api_base="",
        stripe_webhook_secret="",
        secure_cookies=False,
        trusted_proxies=0,
    )


def _stage() -> tuple[uuid.UUID, list[Actor]]:
    now = clock.now()
    with atomic() as session:
        bank = _institution(session, InstitutionKind.BANK)
        lot = Lot(
            institution_id=bank.id,
            reference="benchmark",
            title="benchmark",
            status=LotStatus.PUBLISHED,
            currency="CNY",
            rule_pack="open",
            rule_pack_version="1",
            drafted_at=now,
            changed_at=now,
        )
        session.add(lot)
        session.flush()
        auction = add_auction(session, lot, _terms(now - timedelta(seconds=1)), 1)
        actors = []
        for alias in "AB":
            buyer = _institution(session, InstitutionKind.BUYER)
            actors.append(Actor(uuid.uuid4(), buyer.id, buyer.kind, frozenset(Role), verified=True))
            registration = Registration(auction_id=auction.id, institution_id=buyer.id, alias=alias)
            registration.registered_at, registration.admitted, registration.deposit_held = now, True, True
            session.add(registration)
        service.open_due(session)
    return auction.id, actors


def _institution(session: Session, kind: InstitutionKind) -> Institution:
    name = uuid.uuid4().hex
    institution = Institution(
        kind=kind,
        status=InstitutionStatus.VERIFIED,
        name=name,
        registration_number=name,
        registered_at=clock.now(),
    )
    session.add(institution)
    session.flush()
    return institution


def _bare_sql() -> float:
    """The same number of bids by hand-written SQL on the app's own engine and settings; seconds."""
    engine = db.engine
    with atomic() as session:
        session.execute(text("CREATE TABLE bare_price (id INTEGER PRIMARY KEY, price BIGINT)"))
        session.execute(text("CREATE TABLE bare_bids (number INTEGER PRIMARY KEY, price BIGINT)"))
        session.execute(text("INSERT INTO bare_price VALUES (1, 0)"))
    lock = "" if engine.dialect.name == "sqlite" else " FOR UPDATE"
    start = time.perf_counter()
    for number in range(STORED):
        with engine.begin() as connection:
            _bare_bid(connection, number, lock)
    return time.perf_counter() - start


def _bare_bid(connection: Connection, number: int, lock: str) -> None:
    price = connection.execute(text(f"SELECT price FROM bare_price WHERE id = 1{lock}")).scalar_one()  # noqa: S608
    assert START + number * STEP > price
    values = {"number": number, "price": START + number * STEP}
    connection.execute(text("INSERT INTO bare_bids VALUES (:number, :price)"), values)
    connection.execute(text("UPDATE bare_price SET price = :price WHERE id = 1"), {"price": values["price"]})


@contextmanager
def _postgresql() -> Iterator[str | None]:
    """A database of its own on the server, or None where there is no server."""
    engine: Engine = create_engine(SERVER, isolation_level="AUTOCOMMIT")
    name = f"auctions_benchmark_{uuid.uuid4().hex[:8]}"
    try:
        with engine.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
    except OperationalError:
        yield None
        return
    try:
        yield SERVER.rsplit("/", 1)[0] + f"/{name}"
    finally:
        with engine.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
        engine.dispose()
