"""What somebody typed, as a query of our own: no engine's parser ever sees it.

Words are all asked for; `"several words"` as they stand, `-word` not, `word*` as a beginning. A class symbol
or a number means itself. When no document has all the words, the same text can be asked for loosely.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from marketplace.errors import Refused
from search import keys
from search.analysis import (
    FUNCTION_WORDS,
    Run,
    chinese_words,
    fold,
    grams,
    overlapping_words,
    pairs,
    runs,
    stem,
)
from search.engines import All, Either, Everything, Node, Phrase, Prefix, Term, Without

LENGTH_LIMIT = 200
TERM_LIMIT = 10
PREFIX_LETTERS = 3
PREFIX_CHARACTERS = 2

_TERM = re.compile(r'(-?)(?:"([^"]*)"|([^\s"]+))')
_CLASS_WITH_BLANK = re.compile(r"\b([A-Ha-h][0-9]{2}[A-Za-z])\s+([0-9]{1,4}/[0-9]{2,6})(?![^\s])")
_SPACED_NUMBER = re.compile(r"[A-Za-z]{0,4}\s*[0-9][0-9\s.,/-]*[0-9Xx]\s*(?:[A-Za-z][0-9]?)?")
_QUOTES = str.maketrans("“”„＂－＊　", '""""-* ')


class SearchReason(StrEnum):
    TOO_LONG = "too_long"
    TOO_MANY_TERMS = "too_many_terms"
    WILDCARD_PLACE = "wildcard_place"
    SHORT_PREFIX = "short_prefix"
    TOO_BROAD = "too_broad"
    UNKNOWN_CHOICE = "unknown_choice"
    BAD_CLASS = "bad_class"
    BAD_PRICE = "bad_price"
    PRICES_CROSSED = "prices_crossed"
    BAD_PAGE = "bad_page"


@dataclass(frozen=True, slots=True)
class Words:
    """A text understood.

    Attributes:
        strict: every term must match. loose: one is enough.
        marks: folded words to highlight, English ones by their stem.
    """

    strict: Node
    loose: Node
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Term:
    strict: Node
    loose: Node
    marks: tuple[str, ...] = ()
    unwanted: bool = False
    idle: bool = False


def parse(text: str) -> Words:
    """Understand a text.

    Raises:
        Refused: too long, too many terms, or a `*` where none may stand.
    """
    if len(text) > LENGTH_LIMIT:
        raise Refused(SearchReason.TOO_LONG, "q", most=LENGTH_LIMIT)
    terms = _terms(text.translate(_QUOTES).strip())
    wanted = [term for term in terms if not term.unwanted]
    # "the", "的" and the like only count when there is nothing else to look for.
    wanted = [term for term in wanted if not term.idle] or wanted
    unwanted = tuple(term.strict for term in terms if term.unwanted)
    return Words(
        strict=_without(_all([term.strict for term in wanted]), unwanted),
        loose=_without(_either([term.loose for term in wanted]), unwanted),
        marks=tuple(dict.fromkeys(mark for term in wanted for mark in term.marks)),
    )


def _terms(text: str) -> list[_Term]:
    if _SPACED_NUMBER.fullmatch(text) and keys.asked_numbers(text):
        return [_number(text)]
    found = _TERM.findall(_CLASS_WITH_BLANK.sub(r"\1\2", text))
    if len(found) > TERM_LIMIT:
        raise Refused(SearchReason.TOO_MANY_TERMS, "q", most=TERM_LIMIT)
    terms = []
    for minus, quoted, word in found:
        term = _phrase(quoted) if quoted else _word(word)
        if term is not None:
            terms.append(_Term(term.strict, term.loose, term.marks, bool(minus), term.idle))
    return terms


def _word(word: str) -> _Term | None:
    if "*" in word:
        return _prefix(word)
    plain = _plain(word)
    if keys.is_class(word):
        return _or_key([Term("classes", keys.class_key(word), 3.0)], plain)
    if keys.asked_numbers(word):
        return _or_key([Term("numbers", number, 10.0) for number in keys.asked_numbers(word)], plain)
    return plain


def _number(text: str) -> _Term:
    found = _either([Term("numbers", number, 10.0) for number in keys.asked_numbers(text)])
    return _Term(found, _either([Term("grams", run.text) for run in runs(text)]))


def _or_key(found: list[Node], plain: _Term | None) -> _Term:
    parts = found if plain is None else [*found, plain.strict]
    return _Term(_either(parts), _either(parts), () if plain is None else plain.marks)


def _prefix(word: str) -> _Term:
    start = [run.text for run in runs(word)]
    if not word.endswith("*") or "*" in word[:-1] or len(start) != 1 or fold(word[:-1]) != start[0]:
        raise Refused(SearchReason.WILDCARD_PLACE, "q", word=word)
    unspaced, found = next(runs(word)).unspaced, Prefix(start[0])
    if len(start[0]) < (PREFIX_CHARACTERS if unspaced else PREFIX_LETTERS):
        raise Refused(SearchReason.SHORT_PREFIX, "q", letters=PREFIX_LETTERS, characters=PREFIX_CHARACTERS)
    # Every text that goes on after a Chinese beginning holds that beginning whole.
    if unspaced:
        whole = Phrase(tuple(pairs(start[0])))
        return _Term(whole, whole, (start[0],))
    return _Term(found, found, (f"{start[0]}*",))


def _phrase(text: str) -> _Term | None:
    found = _phrase_of(text)
    if found is None:
        return None
    marks = tuple(run.text if run.unspaced else stem(run.text) for run in runs(text))
    return _Term(found, found, marks)


def _phrase_of(text: str) -> Node | None:
    """The words as they stand; where punctuation parts Chinese, each stretch is a phrase."""
    stretches: list[list[str]] = []
    last = -2
    for word, place in grams(text):
        if place != last + 1:
            stretches.append([])
        stretches[-1].append(word)
        last = place
    lone = len(stretches) == 1 and len(stretches[0]) == 1
    if lone and next(runs(text)).unspaced and len(stretches[0][0]) == 1:
        return Term("characters", stretches[0][0])
    return _all([Phrase(tuple(stretch)) for stretch in stretches]) if stretches else None


def _plain(word: str) -> _Term | None:
    parts = [_chinese(run.text) if run.unspaced else _spaced(run) for run in runs(word)]
    if not parts:
        return None
    return _Term(
        _all([part.strict for part in parts]),
        _either([part.loose for part in parts]),
        tuple(mark for part in parts for mark in part.marks),
        idle=all(part.idle for part in parts),
    )


def _spaced(run: Run) -> _Term:
    root, written = stem(run.text), Term("grams", run.text, 0.5)
    idle = run.text in FUNCTION_WORDS
    by_stem: list[Node] = [] if idle else [Term("words", root), Term("title", root, 2.0)]
    found = _either([written, *by_stem])
    return _Term(found, found, () if idle else (root,), idle=idle)


def _chinese(run: str) -> _Term:
    if len(run) == 1:
        lone = Term("characters", run)
        return _Term(lone, lone, (run,), idle=run in FUNCTION_WORDS)
    found = chinese_words(run)
    return _Term(
        _either([Phrase(tuple(pairs(run))), _all([_chinese_word(word) for word in found])]),
        _either(_traces(run)),
        (run, *(word for word in found if len(word) > 1)),
        idle=run in FUNCTION_WORDS,
    )


def _traces(run: str) -> list[Node]:
    """Anything of a run: tried on 2,000 titles against their abstracts, the three rank best together."""
    return [
        *(Term("grams", pair) for pair in dict.fromkeys(pairs(run))),
        *(Term("words", word) for word in dict.fromkeys(overlapping_words(run))),
        *(Term("characters", character, 0.5) for character in dict.fromkeys(run)),
    ]


def _chinese_word(word: str) -> Node:
    """A dictionary word; one of a single character wherever the character stands, cut or not."""
    parts: list[Node] = [Term("words", word), Term("title", word, 2.0)]
    return _either([*parts, Term("characters", word, 0.2)] if len(word) == 1 else parts)


def _all(parts: list[Node]) -> Node:
    if not parts:
        return Everything()
    return parts[0] if len(parts) == 1 else All(tuple(parts))


def _either(parts: list[Node]) -> Node:
    if not parts:
        return Everything()
    return parts[0] if len(parts) == 1 else Either(tuple(parts))


def _without(wanted: Node, unwanted: tuple[Node, ...]) -> Node:
    return Without(wanted, _either(list(unwanted))) if unwanted else wanted
