"""How fast each engine is filled and asked, beside bare SQLite FTS5 over the same lots.

`make bench` takes LOTS lots, or as many as SEARCH_LOTS says, and the engines that SEARCH_ENGINES names: of
interest are a hundred thousand with `tantivy,postgresql`; whoosh takes long to fill there. Questions go
through parser and request of a real page, with all counts that a page shows; FTS5 counts only where a
question filters. Every question is another one; a few of each kind are asked before, to read files.
PostgreSQL is the database SEARCH_BENCH_DATABASE, `postgres` by default, in a schema dropped at the end.
"""

import os
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.search.bare import Bare
from benchmarks.search.lots import document
from benchmarks.search.questions import KINDS, SECONDS, Question, questions
from search.engines import Engine, Request, Sort
from search.evaluation.measures import percentile
from search.evaluation.scratch import KINDS as ENGINES
from search.evaluation.scratch import scratch

LOTS = int(os.environ.get("SEARCH_LOTS", "10000"))
ASKED = 60
WARMING = 3
COMMITS = 20

Row = dict[str, Any]
Times = dict[str, list[float]]
"""By kind of question the milliseconds of each; `fill` has the one time of filling."""


def run() -> list[Row]:
    """The figures of every engine, each beside those of bare FTS5."""
    asked = {kind: questions(kind, LOTS, ASKED + WARMING) for kind in KINDS}
    chosen = os.environ.get("SEARCH_ENGINES", ",".join(ENGINES)).split(",")
    bare = _bare(asked)
    return [row for kind in chosen for row in _rows(kind, _engine(kind, asked), bare)]


def _bare(asked: dict[str, list[Question]]) -> Times:
    with tempfile.TemporaryDirectory() as folder:
        database = Bare(Path(folder))
        times = {"fill": [_milliseconds(lambda: database.fill(LOTS))]}
        for kind, some in asked.items():
            times[kind] = _each(some, database.ask)
        times["visible"] = _each(range(COMMITS + WARMING), database.change)
        database.close()
    return times


def _engine(kind: str, asked: dict[str, list[Question]]) -> Times:
    database = os.environ.get("SEARCH_BENCH_DATABASE", "postgres")
    with scratch(kind, {"DATABASE_URL": f"postgresql:///{database}"}) as engine:
        times = {"fill": [_milliseconds(lambda: engine.rebuild(map(document, range(LOTS))))]}
        for name, some in asked.items():
            times[name] = _each(some, lambda question: engine.search(question.request(engine)))
        times["visible"] = _each(range(COMMITS + WARMING), lambda number: _change(engine, number))
    return times


def _change(engine: Engine, number: int) -> None:
    """Write one lot again and ask until the answer knows it."""
    version = f"{time.time_ns()}"
    engine.upsert([document(number, version)])
    engine.commit()
    engine.search(Request(sort=Sort("published"), seconds=SECONDS))
    if engine.versions([f"{number:06}"]) != {f"{number:06}": version}:
        raise RuntimeError("the change is not visible")


def _each(some: Sequence[Any], ask: Callable[[Any], object]) -> list[float]:
    return [_milliseconds(lambda one=one: ask(one)) for one in some][WARMING:]  # type: ignore[misc]


def _milliseconds(ask: Callable[[], object]) -> float:
    start = time.perf_counter()
    ask()
    return (time.perf_counter() - start) * 1000


def _rows(engine: str, times: Times, bare: Times) -> list[Row]:
    filled, baseline = (LOTS * 1000 / taken["fill"][0] for taken in (times, bare))
    rows = [
        {
            "name": f"search: {engine}, fill",
            "value": round(filled),
            "unit": "lots/s",
            "baseline": round(baseline),
            "ratio": round(filled / baseline, 2),
            "note": f"{LOTS:,} lots, their words cut first; baseline bare FTS5",
        }
    ]
    for kind in (*KINDS, "visible"):
        late, slow = (percentile(taken[kind], 0.95) for taken in (times, bare))
        rows.append(
            {
                "name": f"search: {engine}, {'a change is visible' if kind == 'visible' else kind}",
                "value": round(late, 1),
                "unit": "ms p95",
                "baseline": round(slow, 1),
                "ratio": round(slow / late, 2),
                "note": f"p50 {percentile(times[kind], 0.5):.1f}, FTS5 {percentile(bare[kind], 0.5):.1f}",
            }
        )
    return rows
