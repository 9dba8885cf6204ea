"""Several marketplaces, each with its own database, write into one record at the same time."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from threading import Barrier, BrokenBarrierError, Thread

import pytest
from conftest import settings_for
from databases import Databases, SqliteDatabases
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace.clock import FixedClock
from marketplace.db import atomic, db
from transactions import queries, service
from transactions.log import signing, verification
from transactions.models import CarriedSale, LogHead, TransactionRecord
from wsgi import create_app

from .sale_builders import a_completed_deal, a_sale_of

DEALS = 6
APPENDS = 5


@pytest.fixture
def neighbour(
    databases: Databases, clock: FixedClock, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Flask]:
    """Another marketplace with the same record of sales."""
    home = tmp_path / "neighbour"
    home.mkdir()
    own: Databases
    if isinstance(databases, SqliteDatabases):
        own = request.getfixturevalue("sqlite_template").copy_to(home)
    else:
        own = request.getfixturevalue("make_postgresql")()
    settings = settings_for(home, own)
    application = create_app(
        replace(
            settings,
            marketplace_name="neighbour",
            receipt_key=bytes(32),
            transactions_url=databases.transactions_url,
        )
    )
    yield application
    with _inside(application):
        for engine in db.engines.values():
            engine.dispose()


@contextmanager
def _inside(app: Flask) -> Iterator[None]:
    with app.app_context():
        try:
            yield
        finally:
            db.session.remove()


def _append(app: Flask, start: Barrier, name: str, failures: list[BaseException]) -> None:
    start.wait()
    for number in range(APPENDS):
        try:
            with _inside(app), atomic() as session:
                service.append(session, [a_sale_of(f"{name} {number}")])
        except BaseException as failure:  # noqa: BLE001 - the test reports whatever a thread died of
            failures.append(failure)
            return


def _race(app: Flask, neighbour: Flask) -> list[BaseException]:
    start, failures = Barrier(4), list[BaseException]()
    threads = [
        Thread(target=_append, args=(marketplace, start, f"{place}", failures))
        for place, marketplace in enumerate((app, neighbour) * 2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


def test_four_append_at_once_and_the_log_verifies(app: Flask, neighbour: Flask, session: Session) -> None:
    assert _race(app, neighbour) == []
    session.rollback()
    verdict = verification.verify(session, "luochui-test", signing.public_key(bytes(range(32))))
    assert (verdict.size, verdict.checkpoints, verdict.problems) == (4 * APPENDS, 4 * APPENDS, ())


@pytest.mark.postgresql
@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
def test_without_the_lock_on_the_head_the_race_is_lost(
    app: Flask, neighbour: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted fault that shows the test above can fail: two appends read the same head."""
    with atomic() as writing:
        service.append(writing, [a_sale_of("first")])
    read = select(LogHead).execution_options(populate_existing=True)
    met = Barrier(4)

    def unlocked(session: Session) -> LogHead:
        head = session.scalars(read).one()
        with suppress(BrokenBarrierError):
            met.wait(timeout=5)
        return head

    monkeypatch.setattr(queries, "lock_head", unlocked)
    assert any(isinstance(failure, IntegrityError) for failure in _race(app, neighbour))


def _work(app: Flask, start: Barrier, failures: list[BaseException]) -> None:
    start.wait()
    idle = 0
    while idle < 3:
        try:
            with _inside(app), atomic() as session:
                idle = 0 if service.record_due(session) else idle + 1
        except BaseException as failure:  # noqa: BLE001 - the test reports whatever a thread died of
            failures.append(failure)
            return


def test_two_marketplaces_with_two_workers_each(app: Flask, neighbour: Flask, session: Session) -> None:
    for marketplace in (app, neighbour):
        with _inside(marketplace), atomic() as writing:
            for _ in range(DEALS):
                a_completed_deal(writing)
    start, failures = Barrier(4), list[BaseException]()
    workers = [
        Thread(target=_work, args=(marketplace, start, failures)) for marketplace in (app, neighbour) * 2
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert failures == []
    session.rollback()
    indexes = list(session.scalars(select(TransactionRecord.leaf_index)))
    assert sorted(indexes) == list(range(2 * DEALS))
    names = session.scalars(select(TransactionRecord.source_marketplace)).all()
    assert (names.count("luochui-test"), names.count("neighbour")) == (DEALS, DEALS)
    key = signing.public_key(bytes(range(32)))
    assert verification.verify(session, "luochui-test", key).problems == ()
    for marketplace in (app, neighbour):
        with _inside(marketplace):
            assert db.session().scalar(select(func.count()).select_from(CarriedSale)) == DEALS
