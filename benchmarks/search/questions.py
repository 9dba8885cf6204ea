"""What is asked: each kind through the parser and the request of a real page, and in bare SQL of FTS5.

Words are chosen by how many lots have them: rare, usual and frequent ones, as many of each. Questions for
the commonest words of all, which half of the lots have, are a kind of their own: they mean next to nothing.
"""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from benchmarks.search.lots import commonness, sentences, written
from search import analysis
from search.engines import Engine, Request
from search.rules import read, request_for
from search.rules.likeness import WORDS, like_request, telling_words

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
SECONDS = 60.0
"""A page gives up sooner; here the whole time is of interest."""
SIMILAR = 20
STATUSES = ("published", "sold")

Band = tuple[float, float]
"""The least and the greatest share of lots that have a word."""

BANDS: tuple[Band, ...] = ((0.0002, 0.002), (0.005, 0.02), (0.05, 0.2))
COMMONEST: Band = (0.2, 1.0)

Asking = Callable[[Engine], Request]


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    Attributes:
        request: made for an engine when it is asked, since it may ask the engine for frequencies.
        match: the same for FTS5. where, order: what else the SQL says.
    """

    request: Asking
    match: str
    where: str = ""
    order: str = "rank"


def questions(kind: str, lots: int, count: int) -> list[Question]:
    """So many questions of a kind, about what stands in some of the lots."""
    chance = random.Random(kind)
    return [KINDS[kind](chance, lots) for _ in range(count)]


def some_words(
    chance: random.Random,
    lots: int,
    count: int,
    *,
    band: Band | None = None,
    near: bool = False,
    latin: bool = False,
) -> list[str]:
    """Chinese or `latin` words of one band that one lot has together; `near` ones in one sentence."""
    least, most = band or chance.choice(BANDS)
    while True:
        parts = sentences(chance.randrange(lots))
        every = chance.choice(parts) if near else [word for part in parts for word in part]
        words = [word for word in dict.fromkeys(every) if word.isascii() == latin]
        fitting = [word for word in words if least <= commonness(word) <= most]
        if len(fitting) >= count:
            return chance.sample(fitting, count)


def _page(**arguments: str | list[str]) -> Asking:
    lists = {name: [value] if isinstance(value, str) else value for name, value in arguments.items()}
    request = replace(request_for(read(lists), NOW), seconds=SECONDS)
    return lambda _: request


def _term(chance: random.Random, lots: int) -> Question:
    (word,) = some_words(chance, lots, 1)
    return Question(_page(q=word), _phrase(word))


def _commonest(chance: random.Random, lots: int) -> Question:
    words = some_words(chance, lots, 3, band=COMMONEST)
    return Question(_page(q=" OR ".join(words)), " OR ".join(map(_phrase, words)))


def _and(chance: random.Random, lots: int) -> Question:
    words = some_words(chance, lots, 2)
    return Question(_page(q=" ".join(words)), " AND ".join(map(_phrase, words)))


def _or(chance: random.Random, lots: int) -> Question:
    words = some_words(chance, lots, 3)
    return Question(_page(q=" OR ".join(words)), " OR ".join(map(_phrase, words)))


def _as_written(chance: random.Random, lots: int) -> Question:
    while True:
        start = chance.choice(sentences(chance.randrange(lots)))[:2]
        if not any(word.isascii() for word in start):
            text = written(start)
            return Question(_page(q=f'"{text}"'), _phrase(text))


def _prefix(chance: random.Random, lots: int) -> Question:
    (word,) = some_words(chance, lots, 1, latin=True)
    return Question(_page(q=f"{word[:4]}*"), f"{word[:4]}*")


def _near(chance: random.Random, lots: int) -> Question:
    first, second = some_words(chance, lots, 2, near=True)
    return Question(_page(q=f"{first} NEAR/5 {second}"), f"NEAR({_phrase(first)} {_phrase(second)}, 5)")


def _filtered(chance: random.Random, lots: int) -> Question:
    (word,) = some_words(chance, lots, 1)
    request = _page(q=word, status=list(STATUSES), price_from="1000", price_to="5000000")
    return Question(request, _phrase(word), f"status IN {STATUSES} AND price <= {500_000_000}")


def _sorted(chance: random.Random, lots: int) -> Question:
    (word,) = some_words(chance, lots, 1)
    return Question(_page(q=word, sort="price_low"), _phrase(word), order="price")


def _alike(chance: random.Random, lots: int) -> Question:
    """More like this lot, as its page asks."""
    whole = sentences(chance.randrange(lots))
    parts = [written(sentence) for sentence in whole]
    counts = Counter(word for word, _ in analysis.words("\n".join(parts)))
    titled = {word for word, _ in analysis.words(parts[0])}

    def ask(engine: Engine) -> Request:
        telling = telling_words(counts, titled, engine.frequencies("words", list(counts)), lots)
        request = like_request(telling, [], SIMILAR)
        return replace(request or Request(), seconds=SECONDS)

    words = [word for sentence in whole[:4] for word in sentence][:WORDS]
    return Question(ask, " OR ".join(map(_phrase, dict.fromkeys(words))))


def _phrase(text: str) -> str:
    """Words and Chinese pairs as they stand, in the language of FTS5."""
    return '"' + " ".join(word for word, _ in analysis.grams(text)) + '"'


KINDS: dict[str, Callable[[random.Random, int], Question]] = {
    "term": _term,
    "two words": _and,
    "any of three": _or,
    "phrase": _as_written,
    "prefix": _prefix,
    "near": _near,
    "filters and facets": _filtered,
    "sorted by price": _sorted,
    "more like this": _alike,
    "any of three of the commonest": _commonest,
}
