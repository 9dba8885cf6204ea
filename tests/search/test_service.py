"""The index follows the database, and nothing hidden is ever found."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from builders import a_lot, a_right, an_institution
from flask import Flask
from sqlalchemy.orm import Session

from marketplace import clock as system_clock
from marketplace.access import InstitutionKind
from marketplace.clock import LOCAL_ZONE, FixedClock
from marketplace.config import BadConfiguration
from marketplace.db import atomic
from marketplace.errors import Refused
from marketplace.listings.models import Lot
from marketplace.listings.rules import LotStatus
from marketplace.rights.rules import RightType
from search import finding, index, invariants, queries, service
from search.engines import Busy, Unavailable
from search.engines.postgresql import PostgresqlEngine
from search.engines.tantivy import TantivyEngine
from search.engines.whoosh import WhooshEngine
from search.finding import Page
from search.reasons import SearchReason
from search.rules import read


def lots_of(session: Session, *changes: dict[str, Any]) -> list[Lot]:
    with atomic():
        bank = an_institution(session, InstitutionKind.BANK)
        return [a_lot(session, bank, **{"status": LotStatus.PUBLISHED, **change}) for change in changes]


def ask(session: Session, **arguments: str) -> Page:
    question = read({name.rstrip("_"): [value] for name, value in arguments.items()})
    return finding.find(session, question, system_clock.now().astimezone(LOCAL_ZONE))


def titles(page: Page) -> list[str]:
    return [lot.title for lot in page.lots]


def change(lot: Lot, **changes: Any) -> None:
    with atomic():
        for name, value in {"changed_at": system_clock.now(), **changes}.items():
            setattr(lot, name, value)


def test_without_an_index_searching_says_so_and_following_builds_it(app: Flask, session: Session) -> None:
    lots_of(session, {"title": "热水器及其管道冷水回收系统"})
    with pytest.raises(Unavailable):
        ask(session, q="热水器")
    assert service.index_changed() == 1
    assert titles(ask(session, q="热水器")) == ["热水器及其管道冷水回收系统"]
    assert service.index_changed() == 0


def test_following_writes_only_what_changed(app: Flask, session: Session, clock: FixedClock) -> None:
    first, second = lots_of(session, {"title": "glass"}, {"title": "steel"})
    service.index_changed()
    clock.advance(seconds=1)
    change(first, title="copper")
    assert service.index_changed() == 1
    assert titles(ask(session, q="copper")) == ["copper"]
    assert titles(ask(session, q="steel")) == ["steel"]
    assert not ask(session, q="glass").lots
    change(second, status=LotStatus.WITHDRAWN)
    assert service.index_changed() == 1
    assert ask(session).total == 1
    assert service.index_changed() == 0


def test_a_status_changed_in_the_same_instant_is_followed(app: Flask, session: Session) -> None:
    (lot,) = lots_of(session, {"title": "glass"})
    service.index_changed()
    change(lot, status=LotStatus.SOLD)
    assert service.index_changed() == 1
    assert titles(ask(session, status="sold")) == ["glass"]


def test_a_transaction_that_commits_late_is_not_missed(
    app: Flask, session: Session, clock: FixedClock
) -> None:
    early = clock()
    clock.advance(minutes=5)
    lots_of(session, {"title": "glass"})
    service.index_changed()
    lots_of(session, {"title": "steel", "changed_at": early})
    assert service.index_changed() == 1
    assert ask(session).total == 2


def test_more_than_a_batch_is_followed_in_steps(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "BATCH", 2)
    lots_of(session, {"title": "zero"})
    service.index_changed()
    lots_of(session, *({"title": f"glass {number}"} for number in range(5)))
    assert [service.index_changed() for _ in range(4)] == [2, 2, 1, 0]
    assert service.rebuild() == 6


def test_drafts_and_withdrawn_lots_never_enter(app: Flask, session: Session) -> None:
    lots_of(session, *({"title": str(status), "status": status} for status in LotStatus))
    service.index_changed()
    assert set(titles(ask(session))) == {"published", "reserved", "sold", "unsold"}
    assert ask(session, q="drafted").total == 0


def test_a_lot_hidden_since_is_not_shown_though_the_index_holds_it(app: Flask, session: Session) -> None:
    hidden, shown = lots_of(session, {"title": "glass a"}, {"title": "glass b"})
    service.index_changed()
    change(hidden, status=LotStatus.WITHDRAWN)
    page = ask(session, q="glass")
    assert (titles(page), page.total) == (["glass b"], 1)
    change(shown, status=LotStatus.SOLD)
    assert not ask(session, status="published").lots


def test_what_is_private_is_not_searchable(app: Flask, session: Session) -> None:
    lots_of(session, {"title": "glass", "reserve_minor": 987654321})
    service.index_changed()
    assert ask(session, q="987654321").total == 0


def test_rights_are_found_by_number_class_type_field_and_text(app: Flask, session: Session) -> None:
    with atomic():
        bank = an_institution(session, InstitutionKind.BANK, "Harbour Bank")
        right = a_right(
            session,
            bank,
            number="CN201110093145.7",
            publication_number="CN102123456A",
            right_type=RightType.UTILITY_MODEL,
            classes=["F24H 9/00", "E03B1/04"],
            technology_field=27,
            title="热水器",
            abstract="冷水回收",
        )
        lot = a_lot(session, bank, status=LotStatus.PUBLISHED, rights=[right], title="Lot 7")
        lot.start_price_minor = 500_000_00
    service.index_changed()
    for asked in ("ZL 2011 1 0093145.7", "102123456", "f24h9/00", "E03B", "冷水", "harbour", "热水器 Lot"):
        assert titles(ask(session, q=asked)) == ["Lot 7"], asked
    for name, value in {
        "class_": "F24",
        "type": "utility_model",
        "field": "27",
        "price_to": "500000",
    }.items():
        assert titles(ask(session, **{name: value})) == ["Lot 7"], name
    for name, value in {"class_": "G", "type": "design", "field": "1", "price_to": "499999.99"}.items():
        assert not ask(session, **{name: value}).lots, name
    assert ask(session).facets["right_type"] == {"utility_model": 1}
    assert ask(session).facets["technology_field"] == {"27": 1}


def test_orders(app: Flask, session: Session, clock: FixedClock) -> None:
    def lot(title: str, price: int | None, closes: int | None, **more: Any) -> dict[str, Any]:
        clock.advance(minutes=1)
        closing = None if closes is None else clock().replace(microsecond=0, hour=closes)
        return {
            "title": title,
            "start_price_minor": price,
            "closes_at": closing,
            "published_at": clock(),
            **more,
        }

    changes = [lot("a", 300, 9), lot("b", 100, None), lot("c", 200, 8), lot("d", 5, 7, currency="USD")]
    lots_of(session, *changes, lot("e", None, 6, status=LotStatus.SOLD))
    service.index_changed()
    assert titles(ask(session)) == ["e", "d", "c", "b", "a"]
    assert titles(ask(session, sort="price_low")) == ["b", "c", "a", "d", "e"]
    assert titles(ask(session, sort="closing"))[:3] == ["d", "c", "a"]
    assert titles(ask(session, price_from="2")) == ["c", "a"]
    assert titles(ask(session, price_from="0", currency="USD")) == ["d"]


def test_words_that_no_lot_has_all_of_are_asked_loosely(app: Flask, session: Session) -> None:
    lots_of(session, {"title": "glass"}, {"title": "steel"})
    service.index_changed()
    page = ask(session, q="glass copper")
    assert (titles(page), page.loosened) == (["glass"], True)
    assert not ask(session, q="glass").loosened
    nothing = ask(session, q="copper")
    assert (nothing.total, nothing.loosened) == (0, False)


def test_a_prefix_for_too_many_words_is_refused(app: Flask, session: Session) -> None:
    lots_of(session, {"title": "x", "description": " ".join(f"abc{number}" for number in range(101))})
    service.index_changed()
    with pytest.raises(Refused) as refusal:
        ask(session, q="abc*")
    assert refusal.value.reason is SearchReason.TOO_BROAD


def test_where_another_process_writes_nothing_is_done_and_nothing_lost(
    app: Flask, session: Session, clock: FixedClock
) -> None:
    (lot,) = lots_of(session, {"title": "glass"})
    service.index_changed()
    clock.advance(seconds=1)
    change(lot, title="copper")
    engine = index.current()
    assert isinstance(engine, WhooshEngine)
    with engine.folders.locked():
        assert service.index_changed() == 0
        with pytest.raises(Busy):
            service.rebuild()
    assert service.index_changed() == 1
    assert titles(ask(session, q="copper")) == ["copper"]


def test_the_first_build_waits_for_another_process(app: Flask, session: Session) -> None:
    engine = index.current()
    assert isinstance(engine, WhooshEngine)
    with engine.folders.locked():
        assert service.index_changed() == 0


def test_checks_hold_after_following_and_tell_what_is_wrong(
    app: Flask, session: Session, clock: FixedClock
) -> None:
    (in_index, hidden_check) = (check for _, check in invariants.CHECKS)
    assert in_index(session) == hidden_check(session) == []
    first, second = lots_of(session, {"title": "glass"}, {"title": "steel"})
    clock.advance(minutes=5)
    assert in_index(session)[0].endswith("run `flask search rebuild`")
    service.index_changed()
    assert in_index(session) == hidden_check(session) == []
    change(first, title="copper")
    change(second, status=LotStatus.WITHDRAWN)
    assert in_index(session) == hidden_check(session) == []
    clock.advance(minutes=5)
    assert in_index(session) == [f"lot {first.id} is in the index in an older state"]
    assert hidden_check(session) == [f"lot {second.id} is in the index and may not be seen"]
    index.current().delete([str(first.id)])
    index.current().commit()
    assert in_index(session) == [f"lot {first.id} is not in the index"]


def test_the_address_names_the_engine(app: Flask) -> None:
    settings = app.extensions["settings"]
    embedded: dict[str, type[WhooshEngine | TantivyEngine]]
    embedded = {"whoosh": WhooshEngine, "tantivy": TantivyEngine}
    for kind, made in embedded.items():
        for folder in (settings.home / "index", Path("/srv/index")):
            url = f"{kind}:" if folder.is_relative_to(settings.home) else f"{kind}://{folder}"
            engine = index.open_engine(_with_url(settings, url))
            assert isinstance(engine, made)
            assert engine.folders.root == folder
    for url, schema in {
        "postgresql://search@host/index": "luochui_search",
        "postgresql+psycopg:///index?schema=north_market&sslmode=require": "north_market",
    }.items():
        shared = index.open_engine(_with_url(settings, url))
        assert isinstance(shared, PostgresqlEngine)
        assert shared.schema == schema


@pytest.mark.parametrize(
    "url",
    [
        "whoosh://host/index",
        "tantivy://host/index",
        "postgresql://host",
        "postgresql://host/index?schema=a;b",
        "postgresql://host/index?schema=A",
        "mysql://host/index",
        "elsewhere:///x",
        "",
    ],
)
def test_any_other_address_is_bad_configuration(app: Flask, url: str) -> None:
    with pytest.raises(BadConfiguration, match="SEARCH_URL"):
        index.open_engine(_with_url(app.extensions["settings"], url))


def test_the_folder_of_another_engine_counts_as_no_index(app: Flask) -> None:
    settings = app.extensions["settings"]
    for first, second in (("whoosh:", "tantivy:"), ("tantivy:", "whoosh:")):
        index.open_engine(_with_url(settings, first)).rebuild([])
        with pytest.raises(Unavailable):
            index.open_engine(_with_url(settings, second)).versions()


def _with_url(settings: Any, url: str) -> Any:
    return replace(settings, search_url=url)
