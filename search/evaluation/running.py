"""An engine filled with the documents of a folder and asked its queries, each timed by itself."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from search import analysis
from search.engines import Document, Engine, Request
from search.evaluation import measures
from search.evaluation.reading import Folder, Paper
from search.meaning import loosely, plain

RANKED = 10
RECALLED = 100
SECONDS = 60.0
"""For one query; that a page gives up sooner must not count as a bad ranking."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What came out: means over the queries, documents indexed per second, milliseconds of one query."""

    documents: int
    queries: int
    ndcg_at_10: float
    recall_at_100: float
    mrr_at_10: float
    documents_per_second: float
    p50_ms: float
    p95_ms: float


def evaluate(engine: Engine, folder: Folder, clock: Callable[[], float] = time.perf_counter) -> Figures:
    """Fill the engine, whatever was in it, and ask it every query that has a relevant document."""
    begun = clock()
    engine.rebuild(map(document, folder.papers))
    filled = clock() - begun
    gains, recalls, ranks, times = [], [], [], []
    for query, text in folder.queries.items():
        begun = clock()
        ranked = ask(engine, text)
        times.append((clock() - begun) * 1000)
        grades = folder.judgements[query]
        gains.append(measures.gain(ranked, grades, RANKED))
        recalls.append(measures.recall(ranked, grades, RECALLED))
        ranks.append(measures.reciprocal_rank(ranked, grades, RANKED))
    return Figures(
        documents=len(folder.papers),
        queries=len(folder.queries),
        ndcg_at_10=measures.mean(gains),
        recall_at_100=measures.mean(recalls),
        mrr_at_10=measures.mean(ranks),
        documents_per_second=len(folder.papers) / max(filled, 1e-9),
        p50_ms=measures.percentile(times, 0.5),
        p95_ms=measures.percentile(times, 0.95),
    )


def ask(engine: Engine, text: str) -> list[str]:
    """Documents with any word of a text, best first: what the search does where no lot has all the words.

    The text is words only; what would be an operator in a query is not one here.
    """
    return [
        hit.id
        for hit in engine.search(
            Request(loosely([plain(text, widely=True)]), limit=RECALLED, seconds=SECONDS)
        ).hits
    ]


def document(paper: Paper) -> Document:
    """A document of the folder with the same fields as a lot's title and abstract."""
    whole = f"{paper.title}\n{paper.text}"
    title = analysis.grams(paper.title)
    return Document(
        id=paper.id,
        version="",
        texts={
            "grams": (*title, *analysis.grams(paper.text, title[-1][1] + 2 if title else 0)),
            "words": analysis.words(whole),
            "characters": analysis.characters(whole),
            "title": analysis.words(paper.title),
            "title_grams": analysis.part_grams(paper.title),
            "abstract_grams": analysis.part_grams(paper.text),
        },
    )
