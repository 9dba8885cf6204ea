"""How fast 10,000 saved searches meet 100 new lots, beside asking an engine each of them.

The texts are made here: English words whose frequencies fall as in real text (Zipf), a title of eight, an
abstract of ninety words. The searches are of the kinds that people keep: one word, several, a phrase, a
beginning, a class, filters and prices. The baseline is the brute-force engine of the tests over the same 100
lots; it finds the same, but is slow, so it is asked a sample and reckoned up.
"""

import random
import statistics
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from marketplace.clock import LOCAL_ZONE
from search import analysis
from search.engines import Document, Request
from search.engines.oracle import OracleEngine
from search.keys import class_keys
from search.percolation import Batch
from search.rules import Arguments, read, request_for
from search.watching.matching import found_by

SEARCHES = 10_000
LOTS = 100
VOCABULARY = 5_000
ASKED_OF_BASELINE = 200
ROUNDS = 3
# Bands of time are reckoned from a moment, any will do.
NOW = datetime(2026, 11, 22, 12, tzinfo=LOCAL_ZONE)

Row = dict[str, Any]


def run() -> list[Row]:
    """The figures, each beside its baseline."""
    chance = random.Random(20261122)
    words = [
        "".join(chance.choices("abdegiklmnoprstu", k=chance.randrange(4, 10))) for _ in range(VOCABULARY)
    ]
    weights = [1 / (rank + 3) for rank in range(VOCABULARY)]
    texts = [" ".join(chance.choices(words, weights, k=98)) for _ in range(LOTS)]
    documents = [_document(number, text) for number, text in enumerate(texts)]
    searches = [_arguments(chance, words, weights) for _ in range(SEARCHES)]
    # The first time a worker meets the searches it has to understand them; afterwards it remembers them.
    first, _ = _percolate(documents, searches)
    times = [_percolate(documents, searches) for _ in range(ROUNDS)]
    baseline = _one_by_one(documents, searches[:: SEARCHES // ASKED_OF_BASELINE])
    taken, found = statistics.median(seconds for seconds, _ in times), times[0][1]
    sample = f"baseline brute force, reckoned from {ASKED_OF_BASELINE} of them"
    return [
        _row("again", taken, baseline, f"{found:,} matches, indexing included; {sample}"),
        _row("for the first time", first, baseline, f"with understanding each search; {sample}"),
    ]


def _document(number: int, text: str) -> Document:
    title, whole = " ".join(text.split()[:8]), text
    return Document(
        id=f"{number:06}",
        version="1",
        texts={
            "grams": analysis.grams(whole),
            "words": analysis.words(whole),
            "characters": analysis.characters(whole),
            "title": analysis.words(title),
            "title_grams": analysis.grams(title),
        },
        keys={"classes": class_keys(f"{'ABCDEFGH'[number % 8]}{number % 60 + 10}B{number % 90 + 1}/02")},
        facets={
            "status": frozenset({("published", "reserved", "sold")[number % 3]}),
            "right_type": frozenset({("invention", "utility_model")[number % 2]}),
            "technology_field": frozenset({str(number % 35 + 1)}),
        },
        numbers={"price": number * 7919 % 10**8, "published": number, "expires": 740_000 + 50 * number},
    )


def _arguments(chance: random.Random, words: Sequence[str], weights: Sequence[float]) -> Arguments:
    some = chance.choices(words, weights, k=3)
    kinds: list[Arguments] = [
        {"q": [some[0]]},
        {"q": [" ".join(some[:2])], "status": ["published"]},
        {"q": [f'"{some[0]} {some[1]}"']},
        {"q": [f"{some[0][:4]}*"], "type": ["invention"]},
        {"q": [some[0]], "class": [chance.choice("ABCDEFGH")], "price_to": ["700000"]},
        {"field": [str(chance.randrange(1, 36))], "life": ["5-10", "10-15"]},
    ]
    return chance.choice(kinds)


def _percolate(documents: Sequence[Document], searches: Sequence[Arguments]) -> tuple[float, int]:
    """Seconds, and how many lots were found in all."""
    start = time.perf_counter()
    found = found_by(Batch(documents), enumerate(searches), NOW)
    return time.perf_counter() - start, sum(map(len, found.values()))


def _one_by_one(documents: Sequence[Document], sample: Sequence[Arguments]) -> float:
    """Seconds that brute force would take for all searches."""
    oracle = OracleEngine()
    oracle.rebuild(documents)
    start = time.perf_counter()
    for arguments in sample:
        asked = request_for(read(arguments), NOW)
        oracle.search(Request(asked.node, asked.filters, asked.ranges, limit=LOTS, seconds=60))
    return (time.perf_counter() - start) / len(sample) * SEARCHES


def _row(name: str, value: float, baseline: float, note: str) -> Row:
    """Seconds, those of the baseline, and how many times faster it is."""
    return {
        "name": f"alerts: {SEARCHES:,} searches, {LOTS} new lots, {name}",
        "value": round(value, 3),
        "unit": "s",
        "baseline": round(baseline, 1),
        "ratio": round(baseline / value, 1),
        "note": note,
    }
