"""Each machine's index follows the database, on every engine, and nothing that happens in between is lost."""

import os
import signal
import threading
from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from shutil import rmtree
from typing import Any

import pytest
from builders import a_lot, an_institution
from databases import SERVER
from flask import Flask
from sqlalchemy.orm import Session

from marketplace import clock as system_clock
from marketplace.access import InstitutionKind
from marketplace.clock import FixedClock
from marketplace.db import atomic, db
from marketplace.listings.models import Lot
from marketplace.listings.rules import LotStatus
from search import finding, index, queries, service
from search.documents import document
from search.engines import Engine, Unavailable
from search.engines.postgresql import PostgresqlEngine
from search.engines.tantivy import TantivyEngine
from search.engines.whoosh import WhooshEngine
from search.rules import read

ENGINES = ["whoosh", "tantivy", pytest.param("postgresql", marks=pytest.mark.postgresql)]


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, app: Flask) -> Engine:
    made: Engine = request.getfixturevalue(f"{request.param}_engine")
    app.extensions["search_engine"] = made
    return made


def lots_of(session: Session, *changes: dict[str, Any]) -> list[Lot]:
    with atomic():
        bank = an_institution(session, InstitutionKind.BANK)
        return [a_lot(session, bank, **{"status": LotStatus.PUBLISHED, **change}) for change in changes]


def change(lot: Lot, **changes: Any) -> None:
    with atomic():
        for name, value in {"changed_at": system_clock.now(), **changes}.items():
            setattr(lot, name, value)


def titles(session: Session, **arguments: str) -> list[str]:
    question = read({name: [value] for name, value in arguments.items()})
    return sorted(lot.title for lot in finding.find(session, question, system_clock.now()).lots)


def test_every_engine_follows_what_is_published_changed_and_withdrawn(
    engine: Engine, session: Session, clock: FixedClock
) -> None:
    first, second = lots_of(session, {"title": "glass"}, {"title": "热水器"})
    assert service.follow() == 2
    assert titles(session, q="热水") == ["热水器"]
    clock.advance(seconds=1)
    change(first, title="copper")
    change(second, status=LotStatus.WITHDRAWN)
    assert service.follow() == 2
    assert (titles(session), titles(session, q="glass"), titles(session, q="copper")) == (
        ["copper"],
        [],
        ["copper"],
    )
    assert service.follow() == service.compare_all() == 0
    assert engine.versions().keys() == {str(first.id)}


def test_the_old_index_answers_until_the_new_one_is_whole(
    engine: Engine, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    lots_of(session, {"title": "glass"}, {"title": "steel"})
    service.rebuild()
    seen, documents = [], service._all_documents

    def watched(reading: Session) -> Iterable[Any]:
        for each in documents(reading):
            seen.append(titles(session))
            yield each

    monkeypatch.setattr(service, "_all_documents", watched)
    assert service.rebuild() == 2
    assert seen == [["glass", "steel"]] * 2


def test_a_rebuild_that_is_killed_before_it_has_caught_up_loses_nothing(
    engine: Engine, session: Session, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    early, late = lots_of(session, {"title": "glass"}, {"title": "steel"})
    service.rebuild()
    documents = service._all_documents

    def slow(reading: Session) -> Iterable[Any]:
        """Reads, and only then a lot changes, and long after that another."""
        found = list(documents(reading))
        clock.advance(minutes=1)
        change(early, title="copper")
        clock.advance(minutes=60)
        change(late, title="brass")
        return [*(each for each in found if each.id != str(late.id)), *_document_of(late)]

    def killed(**_options: bool) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(service, "_all_documents", slow)
        patch.setattr(service, "_bring_up", killed)
        with pytest.raises(KeyboardInterrupt):
            service.rebuild()
    assert titles(session, q="copper") == []
    assert service.follow() == 0
    assert service.compare_all() == 1
    assert titles(session, q="copper") == ["copper"]


def _document_of(lot: Lot) -> list[Any]:
    return [document(lot)]


def test_where_others_write_for_long_nothing_is_passed_over(
    app: Flask, session: Session, clock: FixedClock
) -> None:
    (lot,) = lots_of(session, {"title": "glass"})
    service.follow()
    engine = index.current()
    assert isinstance(engine, WhooshEngine)
    with engine.folders.locked():
        clock.advance(seconds=1)
        change(lot, title="copper")
        assert service.follow() == 0
        clock.advance(minutes=60)
        lots_of(session, {"title": "draft", "status": LotStatus.DRAFTED})
        assert service.follow() == 0
    assert service.follow() == 1
    assert titles(session) == ["copper"]


class Asked:
    """Passes everything on, and counts of how many documents the versions were asked."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.count = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def versions(self, ids: Iterable[str] | None = None) -> Mapping[str, str]:
        known = self._engine.versions(ids)
        self.count += len(known if ids is None else list(ids))
        return known


def test_where_a_seller_says_to_be_is_followed(session: Session, app: Flask, clock: FixedClock) -> None:
    first, second = lots_of(session, {"title": "glass"}, {"title": "copper", "status": LotStatus.DRAFTED})
    lots_of(session, {"title": "of another bank"})
    service.follow()
    assert titles(session, region="CN-44") == []
    clock.advance(minutes=60)
    with atomic():
        first.institution.region, first.institution.region_stated_at = "CN-44", system_clock.now()
    assert service.follow() == 1
    assert titles(session, region="CN-44") == ["glass"]
    assert service.follow() == service.compare_all() == 0
    clock.advance(minutes=1)
    change(second, status=LotStatus.PUBLISHED)
    assert service.follow() == 1
    assert titles(session, region="CN-44") == ["copper", "glass"]


def test_a_look_reads_only_what_changed_lately(app: Flask, session: Session, clock: FixedClock) -> None:
    lots_of(session, *({"title": f"old {number}"} for number in range(30)))
    service.rebuild()
    clock.advance(minutes=60)
    lots_of(session, {"title": "new"})
    assert service.follow() == 1
    asked = app.extensions["search_engine"] = Asked(index.current())
    assert service.follow() == 0
    assert asked.count == 1


def test_drafts_are_not_compared_for_ever(app: Flask, session: Session, clock: FixedClock) -> None:
    lots_of(session, {"title": "glass"})
    service.follow()
    clock.advance(minutes=1)
    lots_of(session, *({"title": f"{number}", "status": LotStatus.DRAFTED} for number in range(30)))
    service.follow()
    clock.advance(minutes=60)
    lots_of(session, {"title": "one more", "status": LotStatus.DRAFTED})
    service.follow()
    asked = app.extensions["search_engine"] = Asked(index.current())
    assert service.follow() == 0
    assert asked.count == 1


def test_a_large_index_is_not_built_by_who_has_other_things_to_do(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "BATCH", 2)
    lots_of(session, *({"title": f"{number}"} for number in range(3)))
    assert service.follow() == 0
    with pytest.raises(Unavailable):
        titles(session)
    assert service.compare_all() == 3
    assert titles(session) == ["0", "1", "2"]
    assert service.compare_all() == 0
    rmtree(app.extensions["settings"].home / "index")
    assert [service.follow(), service.compare_all()] == [0, 3]
    assert titles(session) == ["0", "1", "2"]


def test_everything_is_compared_at_the_start_and_again_after_an_hour(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    (lot,) = lots_of(session, {"title": "glass"})
    assert [service.compare_all(), service.compare_all()] == [1, 0]
    index.current().delete([str(lot.id)])
    index.current().commit()
    assert service.compare_all() == 0
    monkeypatch.setattr(service, "COMPARED_EVERY", timedelta(seconds=-1))
    app.extensions.pop(service._COMPARE_AGAIN)
    assert [service.compare_all(), service.compare_all()] == [1, 0]


def test_while_one_thread_builds_another_does_not_wait(app: Flask, session: Session) -> None:
    lots_of(session, {"title": "glass"})
    with service._at_work:
        assert service.follow() == 0
    assert service.follow() == 1


def test_each_machine_keeps_an_index_of_its_own(
    app: Flask, session: Session, clock: FixedClock, tmp_path: Path
) -> None:
    machines: list[Engine] = [WhooshEngine(tmp_path / "one"), TantivyEngine(tmp_path / "two")]
    (lot,) = lots_of(session, {"title": "glass"})
    for title in ("glass", "copper"):
        clock.advance(seconds=1)
        change(lot, title=title)
        for machine in machines:
            app.extensions["search_engine"] = machine
            service.follow()
            assert titles(session, q=title) == [title]


def test_the_command_follows_until_it_is_stopped(app: Flask, session: Session) -> None:
    lots_of(session, {"title": "glass"})
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    stop = threading.Timer(1.0, os.kill, (os.getpid(), signal.SIGTERM))
    stop.start()
    try:
        result = app.test_cli_runner().invoke(args=["search", "follow"])
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    assert (result.output, result.exit_code) == ("Following the database.\n", 0)
    # The command gave its session back, as it does after every look.
    assert titles(db.session()) == ["glass"]


@pytest.mark.postgresql
def test_many_machines_share_an_index_in_postgresql(
    app: Flask, session: Session, postgresql_engine: PostgresqlEngine, postgresql_schema: str
) -> None:
    lots_of(session, {"title": "glass"})
    app.extensions["search_engine"] = postgresql_engine
    assert service.follow() == 1
    other = app.extensions["search_engine"] = PostgresqlEngine(SERVER, schema=postgresql_schema)
    assert titles(session) == ["glass"]
    assert service.follow() == 0
    other.close()
