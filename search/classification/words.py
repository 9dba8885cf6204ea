"""Words looked up in titles: Chinese ones wherever they stand, English ones by their stem."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from search.analysis import FUNCTION_WORDS, chinese_words, overlapping_words, runs, stem
from search.classification import titles
from search.classification.lines import Lines, Rows

TEXT_LIMIT = 200
"""Characters of a text that are looked at."""
WORD_LIMIT = 6
"""Words of a text that are looked up."""

_CHANGING_ENDS = "ie"  # batter|y and batter|ies have the stem "batteri"
_SHORTEST = 3
_LETTERS_AND_DIGITS = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789")


@dataclass(frozen=True, slots=True)
class Word:
    """A word that some titles have.

    Attributes:
        rows: by language, the rows whose title has it.
        weight: the rarer, the greater. size: its length in bytes.
    """

    rows: dict[str, Rows]
    weight: float
    size: int


def look_up(text: str) -> list[Word]:
    """The words of a text; those that no title has and those that say nothing are left out."""
    found = [word for wanted in _wanted(text) if (word := _word(wanted)) is not None]
    return found[:WORD_LIMIT]


def _wanted(text: str) -> list[str]:
    """The words that tell something, each once; Chinese ones as titles have them."""
    parts: list[str] = []
    for run in runs(text[:TEXT_LIMIT]):
        words = chinese_words(run.text) if run.unspaced else [run.text]
        for word in words:
            parts += _known_parts(word) if run.unspaced else [word] * (len(word) > 1)
    return [part for part in dict.fromkeys(parts) if part not in FUNCTION_WORDS][: 2 * WORD_LIMIT]


def _known_parts(word: str) -> list[str]:
    """A Chinese word as it is, or cut from its end into the words and characters that titles have.

    The end of a Chinese word says what the thing is: 锂电池 becomes 电池 and 锂.
    """
    known = [part for part in (word, *overlapping_words(word)) if part.encode() in titles.lines("zh").folded]
    parts: list[str] = []
    while word:
        parts.append(max((part for part in known if word.endswith(part)), key=len, default=word[-1]))
        word = word.removesuffix(parts[-1])
    return parts


@lru_cache(maxsize=100)
def _word(word: str) -> Word | None:
    """The word with the rows that have it; None where no title has it."""
    rows = {language: titles.lines(language).rows_of([]) for language in titles.LANGUAGES}
    for language in titles.LANGUAGES if word.isascii() else ("zh",):
        lines = titles.lines(language)
        rows[language] = lines.rows_of(
            _places_of_stem(lines, word) if word.isascii() else _places(lines, word)
        )
    holders = sum(found.size for found in rows.values())
    weight = math.log(1 + len(titles.lines("zh")) / (1 + holders))
    return Word(rows, weight, len(word.encode())) if holders else None


def _places(lines: Lines, word: str) -> Iterator[int]:
    for match in re.finditer(re.escape(word.encode()), lines.folded):
        yield match.start()


def _places_of_stem(lines: Lines, word: str) -> Iterator[int]:
    """Where a word with the same stem stands, not as a part of a longer one."""
    root = stem(word)
    beginning = root.rstrip(_CHANGING_ENDS) if len(root.rstrip(_CHANGING_ENDS)) >= _SHORTEST else root
    text, alike = lines.folded, dict[bytes, bool]()
    for match in re.finditer(re.escape(beginning.encode()) + rb"[a-z0-9]*", text):
        found = match[0]
        if found not in alike:
            alike[found] = stem(found.decode()) == root
        # Before the first character stands, by its number, the last one: a newline.
        if alike[found] and text[match.start() - 1] not in _LETTERS_AND_DIGITS:
            yield match.start()
