"""How fast the embedded index is built and asked at 5,000 lots, beside looking at every lot one by one.

The texts are made here: words of two and three characters whose frequencies fall as in real text (Zipf), a
title of eight, an abstract of ninety words. The baseline is the brute-force engine of the tests, which gives
the same answers; it is asked fewer questions because it is slow.
"""

import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from search import analysis
from search.engines import Document, Engine
from search.engines.oracle import OracleEngine
from search.engines.whoosh import WhooshEngine
from search.keys import class_keys, number_keys
from search.rules import Arguments, Question, read, request_for

LOTS = 5_000
VOCABULARY = 20_000
ASKED = 60
ASKED_OF_BASELINE = 3
COMMITS = 10
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)

Row = dict[str, Any]
Maker = Callable[[random.Random], Arguments]


def run() -> list[Row]:
    """The figures, each beside its baseline."""
    chance = random.Random(20261122)
    texts = list(_texts(chance))
    oracle = OracleEngine()
    with tempfile.TemporaryDirectory() as folder:
        whoosh = WhooshEngine(Path(folder))
        rows = [_building(texts, whoosh, oracle)]
        rows += [_asking(name, make, whoosh, oracle) for name, make in _classes(texts).items()]
        return [*rows, _committing(texts, whoosh, oracle)]


def _texts(chance: random.Random) -> Iterator[tuple[str, str]]:
    letters = [chr(code) for code in range(0x4E00, 0x4E00 + 3000)]
    weights = [1 / (rank + 10) for rank in range(len(letters))]
    words = ["".join(chance.choices(letters, weights, k=chance.choice([2, 2, 3]))) for _ in range(VOCABULARY)]
    frequency = [1 / (rank + 3) for rank in range(VOCABULARY)]
    for _ in range(LOTS):
        title = chance.choices(words, frequency, k=8)
        yield "".join(title), "，".join(["".join(title[:4]), *chance.choices(words, frequency, k=86)])


def _document(number: int, title: str, abstract: str, version: str = "1") -> Document:
    whole = f"{title}\n{abstract}"
    return Document(
        id=f"{number:06}",
        version=version,
        texts={
            "grams": analysis.grams(whole),
            "words": analysis.words(whole),
            "characters": analysis.characters(whole),
            "title": analysis.words(title),
        },
        keys={
            "classes": class_keys(f"{'ABCDEFGH'[number % 8]}{number % 60 + 10}B{number % 90 + 1}/02"),
            "numbers": number_keys(f"CN2019{number:08}"),
        },
        facets={
            "status": frozenset({("published", "reserved", "sold")[number % 3]}),
            "right_type": frozenset({("invention", "utility_model")[number % 2]}),
            "technology_field": frozenset({str(number % 35 + 1)}),
        },
        numbers={"price": number * 7919 % 10**8, "published": number},
    )


def _classes(texts: list[tuple[str, str]]) -> dict[str, Maker]:
    def cut(chance: random.Random) -> str:
        abstract = chance.choice(texts)[1].split("，")
        return chance.choice(abstract)[:2]

    return {
        "one word": lambda chance: {"q": [cut(chance)]},
        "two words": lambda chance: {"q": [f"{cut(chance)} {cut(chance)}"]},
        "a title": lambda chance: {"q": [chance.choice(texts)[0]]},
        "any of five words": lambda chance: {"q": [" ".join(cut(chance) for _ in range(5))]},
        "a number": lambda chance: {"q": [f"ZL2019{chance.randrange(LOTS):08}"]},
        "word, class, state and price": lambda chance: {
            "q": [cut(chance)],
            "class": [chance.choice("ABCDEFGH")],
            "status": ["published", "sold"],
            "price_from": ["1000"],
            "price_to": ["700000"],
        },
        "everything by price": lambda chance: {
            "sort": ["price_low"],
            "page": [str(chance.randrange(1, 100))],
        },
    }


def _building(texts: list[tuple[str, str]], whoosh: Engine, oracle: Engine) -> Row:
    start = time.perf_counter()
    documents = [_document(number, *text) for number, text in enumerate(texts)]
    analysed = time.perf_counter() - start
    taken = {}
    for engine in (whoosh, oracle):
        start = time.perf_counter()
        engine.rebuild(documents)
        taken[engine] = time.perf_counter() - start
    rate, baseline = (LOTS / (analysed + taken[engine]) for engine in (whoosh, oracle))
    note = f"tokens alone {LOTS / analysed:,.0f} lots/s; baseline keeps them in memory"
    return _row(
        "search: build an index", (round(rate, 1), round(baseline, 1), rate / baseline), "lots/s", note
    )


def _asking(name: str, make: Maker, whoosh: Engine, oracle: Engine) -> Row:
    chance = random.Random(name)
    questions = [read(make(chance)) for _ in range(ASKED)]
    times = sorted(_ask(whoosh, question) for question in questions)
    slow = statistics.median(_ask(oracle, question) for question in questions[:ASKED_OF_BASELINE])
    middle, late = statistics.median(times), times[int(ASKED * 0.95)]
    note = f"p95 {late:.1f} ms; median beside brute force over {LOTS:,} lots"
    return _row(f"search: {name}", (round(middle, 2), round(slow, 1), slow / middle), "ms", note)


def _ask(engine: Engine, question: Question) -> float:
    """Milliseconds, with the second, loose question where the first finds nothing."""
    start = time.perf_counter()
    if not engine.search(request_for(question, NOW)).total:
        engine.search(request_for(question, NOW, loose=True))
    return (time.perf_counter() - start) * 1000


def _committing(texts: list[tuple[str, str]], whoosh: Engine, oracle: Engine) -> Row:
    """From a change of ten lots to the first answer that knows it."""
    taken: dict[Engine, list[float]] = {whoosh: [], oracle: []}
    for engine, times in taken.items():
        for commit in range(COMMITS):
            changed = [_document(at, *texts[at], f"{commit + 2}") for at in range(commit, LOTS, LOTS // 10)]
            start = time.perf_counter()
            engine.upsert(changed)
            engine.commit()
            engine.search(request_for(Question(), NOW))
            times.append((time.perf_counter() - start) * 1000)
    middle, baseline = (statistics.median(times) for times in taken.values())
    note = f"slowest {max(taken[whoosh]):.0f} ms; ten lots changed, committed and found"
    figures = (round(middle, 1), round(baseline, 1), baseline / middle)
    return _row("search: a change becomes visible", figures, "ms", note)


def _row(name: str, figures: tuple[float, float, float], unit: str, note: str) -> Row:
    """The value, its baseline and the ratio: above 1 is better than the baseline, whatever is better."""
    value, baseline, ratio = figures
    return {
        "name": name,
        "value": value,
        "unit": unit,
        "baseline": baseline,
        "ratio": round(ratio, 2),
        "note": note,
    }
