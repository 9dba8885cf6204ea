"""The tokens of a text, the same for documents, queries and highlighting, on every engine.

Letters are folded (NFKC, case, traditional to simplified Chinese) one by one, so that every token can be
found again in the text as written. Chinese has no spaces: it is indexed as overlapping pairs of characters,
which miss nothing, as dictionary words, which rank better, and as single characters. English is indexed as
written and by its stem.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

import opencc
import rjieba
import snowballstemmer

from search import vocabulary
from search.engines import Tokens

TEXT_LIMIT = 40_000
"""Characters of one text that are indexed; what lies behind is not found."""

# Scripts written without spaces: Han with its extensions, kana, hangul.
_UNSPACED = (
    "\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U000323af"
)
_RUN = re.compile(f"(?P<unspaced>[{_UNSPACED}]+)|(?P<word>[^\\W_{_UNSPACED}]+)")
_HAN_BLOCKS = (range(0x3400, 0x4DC0), range(0x4E00, 0xA000))

# Words that say nothing about a right; a query does not insist on them and the word field leaves them out.
_FUNCTION_WORDS = (
    "a an and are as at be been but by could did do does for from had has have how if in into is it its "
    "may might must of on or should such than that the their them then there these they this those to was "
    "were what when where whether which while who whose why will with without would "
    "的 了 和 与 及 及其 或 在 是 对 为 其 之 等 以 于 并 而 由 从 一 种 一种 用于 基于 关于"
)
FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split())


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text: one spaced word, or Chinese between two other things.

    Attributes:
        text: folded.
        joined: nothing but blanks stands between it and the run before.
        start: its place in the folded text.
    """

    text: str
    unspaced: bool
    joined: bool
    start: int = 0


@cache
def _simplified() -> dict[str, str]:
    """Traditional characters to simplified, one by one, as OpenCC has them."""
    characters = [chr(code) for block in _HAN_BLOCKS for code in block]
    simple = opencc.OpenCC("t2s").convert("\n".join(characters)).split("\n")
    return {old: new for old, new in zip(characters, simple, strict=True) if old != new}


@lru_cache(maxsize=20_000)
def _fold(character: str) -> str:
    folded = unicodedata.normalize("NFKC", character).casefold()
    return "".join(_simplified().get(part, part) for part in folded)


def fold(text: str) -> str:
    """The text as it is compared: `fold("ＧＮ熱水器") == "gn热水器"`."""
    return "".join(map(_fold, text))


def fold_with_places(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters the place in `text` that it came from."""
    parts = [_fold(character) for character in text]
    return "".join(parts), [place for place, part in enumerate(parts) for _ in part]


def runs(text: str) -> Iterator[Run]:
    """The runs of a text in order; punctuation only separates."""
    folded, end = fold(text[:TEXT_LIMIT]), 0
    for match in _RUN.finditer(folded):
        joined = not folded[end : match.start()].strip()
        yield Run(match[0], match["unspaced"] is not None, joined, match.start())
        end = match.end()


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The English stem of a folded word; words of other languages and numbers stay as they are."""
    return str(_stemmer().stemWord(word)) if word.isascii() and word.isalpha() else word


@cache
def _stemmer() -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer("english")


def pairs(run: str) -> list[str]:
    """Overlapping pairs of a run of Chinese; a single character stands for itself."""
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run]


def chinese_words(run: str) -> list[str]:
    """Dictionary words of a run of Chinese for a query: no overlaps, function words only alone."""
    found = list(rjieba.cut(run))
    return _content(found) or found


def overlapping_words(run: str) -> list[str]:
    """Dictionary words of a run of Chinese, the shorter ones inside longer ones too, and technical terms."""
    found = _content(rjieba.cut_for_search(run))
    return [*found, *(term for term in technical_terms(run) if term not in found)]


def technical_terms(run: str) -> list[str]:
    """The terms of `vocabulary/technical.txt` in a run of Chinese, without overlaps."""
    segmenter, terms = _technical()
    return [word for word in segmenter.cut(run) if word in terms]


@cache
def _technical() -> tuple[rjieba.Jieba, frozenset[str]]:
    segmenter, terms = rjieba.Jieba(), vocabulary.technical_terms()
    for term in terms:
        segmenter.add_word(fold(term), None, None)
    return segmenter, terms


def _content(found: list[str]) -> list[str]:
    return [word for word in found if word not in FUNCTION_WORDS]


def synonyms(text: str) -> tuple[str, ...]:
    """What means the same to a searcher as a whole word or phrase: 电池 to "batteries"."""
    return _synonyms().get(_spelling(text), ())


@cache
def _synonyms() -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for group in vocabulary.groups():
        for word in group:
            found.setdefault(_spelling(word), {}).update(dict.fromkeys(one for one in group if one != word))
    return {spelling: tuple(others) for spelling, others in found.items()}


def _spelling(text: str) -> str:
    """Under which a word or phrase is looked up: its runs, English words by their stems."""
    return " ".join(stem(run.text) for run in runs(text))


def grams(text: str, start: int = 0) -> Tokens:
    """Words as written and Chinese pairs, with positions; Chinese punctuation ends a phrase."""
    tokens: list[tuple[str, int]] = []
    place, before = start, False
    for run in runs(text):
        place += 0 if run.joined or not (run.unspaced or before) else 1
        parts = pairs(run.text) if run.unspaced else [run.text]
        tokens.extend((part, place + step) for step, part in enumerate(parts))
        place, before = place + len(parts), run.unspaced
    return tuple(tokens)


def part_grams(text: str, start: int = 0) -> Tokens:
    """As `grams`, and beside an English word its stem at the same place, for the parts of a lot."""
    tokens: list[tuple[str, int]] = []
    for word, place in grams(text, start):
        tokens.append((word, place))
        if word.isascii() and (root := stem(word)) != word:
            tokens.append((root, place))
    return tuple(tokens)


def words(text: str) -> Tokens:
    """English stems and Chinese dictionary words, without function words."""
    found: list[str] = []
    for run in runs(text):
        found.extend(overlapping_words(run.text) if run.unspaced else _content([stem(run.text)]))
    return tuple((word, place) for place, word in enumerate(found))


def characters(text: str) -> Tokens:
    """The Chinese characters of a text one by one."""
    found = "".join(run.text for run in runs(text) if run.unspaced)
    return tuple((character, place) for place, character in enumerate(found))
