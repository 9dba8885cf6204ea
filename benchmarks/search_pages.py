"""How fast a page of results is made, with all its facets, counts and rows, beside the engine alone.

The database holds as many lots as the index, PAGE_LOTS of them (100,000): every hit is read from it again
before it is shown. Questions are those of `benchmarks.search`, half of them with filters chosen.
"""

import os
import random
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode

from flask import Flask
from sqlalchemy import insert

from benchmarks.bidding import stage
from benchmarks.search.lots import document, sentences, written
from benchmarks.search.questions import some_words
from marketplace.access import InstitutionKind
from marketplace.db import atomic, db
from marketplace.listings.models import Lot, lot_rights
from marketplace.listings.rules import LotStatus
from marketplace.rights.models import Right
from marketplace.rights.rules import RightType
from marketplace.web import limiter
from search import index, rules
from search.engines import Document
from search.evaluation.measures import percentile

LOTS = int(os.environ.get("PAGE_LOTS", "100000"))
ASKED, WARMING = 120, 10
AT_ONCE = 5_000
SELLERS = 50
STATUSES = (LotStatus.PUBLISHED, LotStatus.SOLD)
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)

Row = dict[str, Any]


def run() -> list[Row]:
    """Milliseconds of a page, and of the engine's part of it."""
    with tempfile.TemporaryDirectory() as folder:
        variables = stage.environment(Path(folder), "") | {"SEARCH_URL": "tantivy:"}
        with stage.application(variables) as app:
            limiter.enabled = False
            _fill()
            addresses = _addresses()
            pages = _times(lambda question: _ask(app, question), addresses)
            engine = _times(_ask_engine, addresses)
    late, half = percentile(pages, 0.95), statistics.median(pages)
    return [
        {
            "name": f"search: a page at {LOTS:,} lots",
            "value": round(late, 1),
            "unit": "ms p95",
            "baseline": round(percentile(engine, 0.95), 1),
            "ratio": round(percentile(engine, 0.95) / late, 2),
            "note": f"p50 {half:.1f}; baseline the engine's part, p50 {statistics.median(engine):.1f}",
        }
    ]


def _fill() -> None:
    with atomic() as session:
        sellers = [stage.institution(session, InstitutionKind.BANK).id for _ in range(SELLERS)]
        for first in range(0, LOTS, AT_ONCE):
            numbers = range(first, min(first + AT_ONCE, LOTS))
            lots = [_lot(number, sellers[number % SELLERS]) for number in numbers]
            rights = [_right(number, sellers[number % SELLERS]) for number in numbers]
            links = [{"lot_id": _id(number), "right_id": _id(number)} for number in numbers]
            for table, rows in ((Lot, lots), (Right, rights), (lot_rights, links)):
                session.execute(insert(table), rows)
    index.current().rebuild(_documents(sellers))


def _documents(sellers: list[uuid.UUID]) -> Iterator[Document]:
    for number in range(LOTS):
        made = document(number)
        facets = {**made.facets, "seller": frozenset({str(sellers[number % SELLERS])})}
        yield replace(made, id=str(_id(number)), facets=facets)


def _lot(number: int, seller: uuid.UUID) -> Row:
    return {
        "id": _id(number),
        "institution_id": seller,
        "reference": f"lot {number}",
        "title": written(sentences(number)[0]),
        "status": STATUSES[number // 2 % 2],
        "currency": "CNY",
        "start_price_minor": 100_000 + number * 7919 % 10**9,
        "rule_pack": "open",
        "rule_pack_version": "1",
        "drafted_at": NOW,
        "changed_at": NOW,
    }


def _right(number: int, owner: uuid.UUID) -> Row:
    title, *abstract = (written(sentence) for sentence in sentences(number))
    return {
        "id": _id(number),
        "institution_id": owner,
        "right_type": RightType.INVENTION,
        "number": f"CN2019{number:08}",
        "title": title,
        "abstract": "，".join(abstract),
        "classes": [f"{'ABCDEFGH'[number % 8]}{number % 60 + 10}B{number % 90 + 1}/02"],
        "technology_field": number % 35 + 1,
        "expires_on": date(2035, 1, 1),
        "imported_at": NOW,
    }


def _id(number: int) -> uuid.UUID:
    return uuid.UUID(int=number + 1)


def _addresses() -> list[str]:
    chance = random.Random("pages")
    found = []
    for number in range(ASKED + WARMING):
        joined = (" ", " OR ")[number // 2 % 2]
        asked = {"q": joined.join(some_words(chance, LOTS, 1 + number % 3))}
        if number % 2:
            asked |= {"technology_field": str(chance.randrange(1, 36)), "price_to": "5000000"}
        found.append(urlencode(asked))
    return found


def _ask(app: Flask, question: str) -> None:
    answer = app.test_client().get(f"/search?{question}")
    assert answer.status_code == 200, answer.text


def _ask_engine(question: str) -> None:
    index.current().search(rules.request_for(rules.read(parse_qs(question)), NOW))


def _times(ask: Callable[[str], None], questions: Iterable[str]) -> list[float]:
    times = []
    for question in questions:
        db.session.remove()
        start = time.perf_counter()
        ask(question)
        times.append((time.perf_counter() - start) * 1000)
    return times[WARMING:]
