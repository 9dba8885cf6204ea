"""What a word was probably meant to be, among the words that lots have.

English by the fewest letters changed, left out, added or swapped. Chinese is mistyped by its sound: an input
method gives another character that is read alike. A character is changed only where no pair it stands in
occurs anywhere, and only so that every pair it then stands in does.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import pypinyin
from rapidfuzz import process
from rapidfuzz.distance import OSA

from search.analysis import Run, fold_with_places, runs

LEAST_LETTERS = 4
"""Shorter words have too many neighbours to guess among."""

WORDS_LIMIT = 300_000
"""Words of the index that are looked at."""

_LONG_WORD = 6
_NEIGHBOURS = 50
_CHANGES = 3
# What stands after the name of a field in a query.
_FIELD_ENDS = "=:"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words that lots have, each with the number of lots.

    Attributes:
        words: of Latin letters. pairs: two Chinese characters beside each other.
        by_sound: the characters in the pairs by how they are read, without tones.
    """

    words: dict[str, int]
    pairs: dict[str, int]
    by_sound: dict[str, set[str]]


def vocabulary_of(counted: Iterable[tuple[str, int]]) -> Vocabulary:
    """The vocabulary of the field `grams`, at most WORDS_LIMIT words of it."""
    words: dict[str, int] = {}
    pairs: dict[str, int] = {}
    for word, holders in counted:
        if len(words) + len(pairs) >= WORDS_LIMIT:
            break
        if word.isascii():
            words |= {word: holders} if word.isalpha() and len(word) >= LEAST_LETTERS else {}
        elif len(word) == 2:
            pairs[word] = holders
    by_sound: dict[str, set[str]] = defaultdict(set)
    for character in {character for pair in pairs for character in pair}:
        by_sound[_sound(character)].add(character)
    return Vocabulary(words, pairs, dict(by_sound))


@lru_cache(maxsize=20_000)
def _sound(character: str) -> str:
    """How a character is read, without tones and without what half of China does not tell apart."""
    sound = "".join(pypinyin.lazy_pinyin(character))
    for told, heard in (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n")):
        sound = sound.replace(told, heard)
    return sound


def corrected(text: str, vocabulary: Vocabulary) -> str:
    """The text with every word that no lot has put right where that can be guessed, else as it is."""
    folded, places = fold_with_places(text)
    for run in reversed(list(runs(text))):
        meant = _meant(run, folded, vocabulary)
        if meant != run.text:
            start, stop = places[run.start], places[run.start + len(run.text) - 1] + 1
            text = text[:start] + meant + text[stop:]
    return text


def _meant(run: Run, folded: str, vocabulary: Vocabulary) -> str:
    if run.unspaced:
        return _chinese(run.text, vocabulary)
    after = folded[run.start + len(run.text) :].lstrip()[:1]
    if after in _FIELD_ENDS and after:
        return run.text
    return _word(run.text, vocabulary.words)


def _word(word: str, words: dict[str, int]) -> str:
    if word in words or len(word) < LEAST_LETTERS or not (word.isascii() and word.isalpha()):
        return word
    most = 1 if len(word) < _LONG_WORD else 2
    found = process.extract(word, words.keys(), scorer=OSA.distance, score_cutoff=most, limit=_NEIGHBOURS)
    ranked = sorted(found, key=lambda near: (near[1], near[0][0] != word[0], -words[near[0]], near[0]))
    return ranked[0][0] if ranked else word


def _chinese(run: str, vocabulary: Vocabulary) -> str:
    for _ in range(_CHANGES):
        best = max(_changes(run, vocabulary), default=(0, run))
        run = best[1]
    return run


def _changes(run: str, vocabulary: Vocabulary) -> Iterator[tuple[int, str]]:
    """Each run with one character put right, and of its new pairs the rarest one's lots."""
    for at, character in enumerate(run):
        if any(pair in vocabulary.pairs for pair in _touching(run, at)):
            continue
        for other in vocabulary.by_sound.get(_sound(character), ()):
            changed = run[:at] + other + run[at + 1 :]
            holders = min((vocabulary.pairs.get(pair, 0) for pair in _touching(changed, at)), default=0)
            if holders:
                yield holders, changed


def _touching(run: str, at: int) -> list[str]:
    return [run[start : start + 2] for start in (at - 1, at) if start >= 0 and start + 2 <= len(run)]
