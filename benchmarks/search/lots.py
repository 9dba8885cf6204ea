"""Lots as the index holds them, made here, one at a time: a hundred thousand would not fit in memory at once.

Words are those of the titles of patent classes, every fifth one made of Latin letters; their frequencies fall
as in real text (Zipf). A title has eight, an abstract nine sentences of eight. The same number is always the
same lot.
"""

import random
from collections import Counter
from functools import cache

import rjieba

from search import analysis, keys
from search.classification.lines import read
from search.engines import Document
from search.prices import price_key

VOCABULARY = 20_000
SENTENCE = 8
SENTENCES = 9

_CONSONANTS, _VOWELS = "bcdfghklmnprstvz", "aeiou"


def sentences(number: int) -> list[list[str]]:
    """The words of a lot: its title, then its abstract sentence by sentence."""
    words, frequencies = _vocabulary()
    chance = random.Random(number)
    return [chance.choices(words, cum_weights=frequencies, k=SENTENCE) for _ in range(SENTENCES + 1)]


def commonness(word: str) -> float:
    """The share of lots that have the word, 0 to 1, as its frequency says."""
    words, sums = _vocabulary()
    rank = _ranks()[word]
    share = (sums[rank] - (sums[rank - 1] if rank else 0)) / sums[len(words) - 1]
    return 1 - (1 - share) ** (SENTENCE * (SENTENCES + 1))


def written(words: list[str]) -> str:
    """A sentence: Chinese words without blanks, Latin ones with."""
    return "".join(word if _is_chinese(word) else f" {word} " for word in words).strip()


def document(number: int, version: str = "1") -> Document:
    """A lot with the fields of a real one; Latin words are not inflected, so each is its own stem or not."""
    title, *rest = (written(sentence) for sentence in sentences(number))
    abstract = "，".join(rest)
    whole, heading = f"{title}\n{abstract}", analysis.grams(title)
    symbol = f"{'ABCDEFGH'[number % 8]}{number % 60 + 10}B{number % 90 + 1}/02"
    return Document(
        id=f"{number:06}",
        version=version,
        texts={
            "grams": (*heading, *analysis.grams(abstract, heading[-1][1] + 2)),
            "title_grams": analysis.part_grams(title),
            "abstract_grams": analysis.part_grams(abstract),
            "words": analysis.words(whole),
            "characters": analysis.characters(whole),
            "title": analysis.words(title),
        },
        keys={
            "classes": keys.class_keys(symbol),
            "symbols": frozenset({keys.class_key(symbol)}),
            "numbers": keys.number_keys(f"CN2019{number:08}"),
        },
        facets={
            "status": frozenset({("published", "reserved", "sold", "unsold")[number % 4]}),
            "right_type": frozenset({("invention", "utility_model")[number % 2]}),
            "technology_field": frozenset({str(number % 35 + 1)}),
            "subclass": frozenset({symbol[:4]}),
            "seller": frozenset({f"seller{number % 50}"}),
            "region": frozenset({f"CN-{number % 31 + 11}"}),
            "channel": frozenset({("english", "sealed", "dutch")[number % 3]}),
        },
        numbers={"price": price_of(number), "published": number, "closes": number * 31 % 10**6},
    )


def price_of(number: int) -> int:
    """The key of its start price, 1,000 to 10 million yuan."""
    return price_key(100_000 + number * 7919 % 10**9, "CNY")


def _is_chinese(word: str) -> bool:
    return "\u4e00" <= word[0] <= "\u9fff"


@cache
def _vocabulary() -> tuple[list[str], list[float]]:
    """The words, the most frequent first, with the sums of their frequencies."""
    chance, chinese = random.Random(20261122), iter(_words_of_classes())
    words, sums, total = [], [], 0.0
    for rank in range(VOCABULARY):
        words.append(_latin(chance) if rank % 5 == 4 else next(chinese))
        total += 1 / (rank + 3)
        sums.append(total)
    return words, sums


def _words_of_classes() -> list[str]:
    """Chinese words of two characters or more, the most frequent first."""
    cut = rjieba.cut(read("titles_zh.txt.gz").data.decode())
    counts = Counter(word for word in cut if len(word) > 1 and _is_chinese(word))
    return [word for word, _ in counts.most_common() if word not in analysis.FUNCTION_WORDS]


def _latin(chance: random.Random) -> str:
    syllables = range(chance.choice([3, 4]))
    return "".join(chance.choice(_CONSONANTS) + chance.choice(_VOWELS) for _ in syllables)


@cache
def _ranks() -> dict[str, int]:
    words, _ = _vocabulary()
    return {word: rank for rank, word in reversed(list(enumerate(words)))}
