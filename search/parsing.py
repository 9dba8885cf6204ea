"""What somebody typed, as a query of our own: no engine's parser ever sees it.

Words are all asked for; `"several words"` as they stand, `-word` not, `word*` as a beginning. A class symbol
or a number means itself. When no document has all the words, the same text can be asked for loosely.
"""

import re
from dataclasses import dataclass

from marketplace.errors import Refused
from search import keys
from search.analysis import (
    fold,
    grams,
    pairs,
    runs,
    stem,
)
from search.engines import Node, Phrase, Prefix, Term
from search.meaning import Meaning, all_of, any_of, plain, without
from search.reasons import SearchReason

LENGTH_LIMIT = 200
TERM_LIMIT = 10
PREFIX_LETTERS = 3
PREFIX_CHARACTERS = 2

_TERM = re.compile(r'(-?)(?:"([^"]*)"|([^\s"]+))')
_CLASS_WITH_BLANK = re.compile(r"\b([A-Ha-h][0-9]{2}[A-Za-z])\s+([0-9]{1,4}/[0-9]{2,6})(?![^\s])")
_SPACED_NUMBER = re.compile(r"[A-Za-z]{0,4}\s*[0-9][0-9\s.,/-]*[0-9Xx]\s*(?:[A-Za-z][0-9]?)?")
_QUOTES = str.maketrans("“”„＂－＊　", '""""-* ')


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
        strict=without(all_of([term.strict for term in wanted]), unwanted),
        loose=without(any_of([term.loose for term in wanted]), unwanted),
        marks=tuple(dict.fromkeys(mark for term in wanted for mark in term.marks)),
    )


def _terms(text: str) -> list[Meaning]:
    if _SPACED_NUMBER.fullmatch(text) and keys.asked_numbers(text):
        return [_number(text)]
    found = _TERM.findall(_CLASS_WITH_BLANK.sub(r"\1\2", text))
    if len(found) > TERM_LIMIT:
        raise Refused(SearchReason.TOO_MANY_TERMS, "q", most=TERM_LIMIT)
    terms = []
    for minus, quoted, word in found:
        term = _phrase(quoted) if quoted else _word(word)
        if term is not None:
            terms.append(Meaning(term.strict, term.loose, term.marks, bool(minus), term.idle))
    return terms


def _word(word: str) -> Meaning | None:
    if "*" in word:
        return _prefix(word)
    plain = _plain(word)
    if keys.is_class(word):
        return _or_key([Term("classes", keys.class_key(word), 3.0)], plain)
    if keys.asked_numbers(word):
        return _or_key([Term("numbers", number, 10.0) for number in keys.asked_numbers(word)], plain)
    return plain


def _number(text: str) -> Meaning:
    found = any_of([Term("numbers", number, 10.0) for number in keys.asked_numbers(text)])
    return Meaning(found, found)


def _or_key(found: list[Node], plain: Meaning | None) -> Meaning:
    parts = found if plain is None else [*found, plain.strict]
    return Meaning(any_of(parts), any_of(parts), () if plain is None else plain.marks)


def _prefix(word: str) -> Meaning:
    start = [run.text for run in runs(word)]
    if not word.endswith("*") or "*" in word[:-1] or len(start) != 1 or fold(word[:-1]) != start[0]:
        raise Refused(SearchReason.WILDCARD_PLACE, "q", word=word)
    unspaced, found = next(runs(word)).unspaced, Prefix(start[0])
    if len(start[0]) < (PREFIX_CHARACTERS if unspaced else PREFIX_LETTERS):
        raise Refused(SearchReason.SHORT_PREFIX, "q", letters=PREFIX_LETTERS, characters=PREFIX_CHARACTERS)
    # Every text that goes on after a Chinese beginning holds that beginning whole.
    if unspaced:
        whole = Phrase(tuple(pairs(start[0])))
        return Meaning(whole, whole, (start[0],))
    return Meaning(found, found, (f"{start[0]}*",))


def _phrase(text: str) -> Meaning | None:
    found = _phrase_of(text)
    if found is None:
        return None
    marks = tuple(run.text if run.unspaced else stem(run.text) for run in runs(text))
    return Meaning(found, found, marks)


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
    return all_of([Phrase(tuple(stretch)) for stretch in stretches]) if stretches else None


def _plain(word: str) -> Meaning | None:
    return plain(word) if any(runs(word)) else None
