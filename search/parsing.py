"""What somebody typed, as a query of our own: no engine's parser ever sees it.

Plain words are all asked for; `"several words"` as they stand, `-word` not, `word*` as a beginning. A class
symbol or a number means itself. When no document has all the words, the same text can be asked for loosely.
A text with a field, an operator or parentheses is a query of `search.language` and taken exactly.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from marketplace.errors import Refused
from marketplace.rights import numbers
from search import keys
from search.analysis import synonyms
from search.engines import Node
from search.language import terms
from search.language.compiling import meaning_of
from search.language.grammar import tree_of
from search.language.places import refused
from search.language.tokens import PLAIN, Mark, Token, ascii_marks, tokens
from search.language.tree import Tree, codes
from search.meaning import Meaning, all_of, loosely, plain, without
from search.reasons import SearchReason

LENGTH_LIMIT = 500
TERM_LIMIT = 10
"""Of plain words; a query with operators may have `grammar.TERM_LIMIT` terms."""

_SPACED_NUMBER = re.compile(r"[A-Za-z]{0,4}\s*[0-9][0-9\s.,/-]*[0-9Xx]\s*(?:[A-Za-z][0-9]?)?")


@dataclass(frozen=True, slots=True)
class Words:
    """A text understood.

    Attributes:
        strict: every term must match. loose: one is enough; the same for a query that is taken exactly.
        marks: folded words to highlight, English ones by their stem.
        needs_day: the text asks for remaining life and no day was given: it finds nothing until it is parsed
            again with one.
    """

    strict: Node
    loose: Node
    marks: tuple[str, ...]
    needs_day: bool = False


def parse(text: str, today: date | None = None) -> Words:
    """Understand a text.

    Args:
        text: as typed.
        today: the day from which remaining life is reckoned, see `Words.needs_day`.

    Raises:
        Refused: it is too long, or something in it is wrong; the details say where (`position`, from 1) and
            repeat the piece.
    """
    _check_length(text)
    found, whole = tokens(text), ascii_marks(text).strip()
    if _is_plain(found):
        is_number = _SPACED_NUMBER.fullmatch(whole) and keys.asked_numbers(whole)
        return _as_words(terms.number(whole)) if is_number else _plain(found)
    asked = tree_of(found)
    return _as_words(meaning_of(asked, today), needs_day=today is None and "rl" in codes(asked))


def tree(text: str) -> Tree | None:
    """The tree of a query that is taken exactly; None for plain words. Raises Refused like `parse`."""
    _check_length(text)
    found = tokens(text)
    return None if _is_plain(found) else tree_of(found)


def number_suggestion(text: str) -> str | None:
    """The whole text with each number put right whose check digit is wrong; None where none is."""
    if len(text) > LENGTH_LIMIT:
        return None
    whole = ascii_marks(text).strip()
    if right := _right_digit(whole):
        return right
    written, changed = ascii_marks(text), False
    for token in reversed(tokens(text)):
        right = _right_digit(token.text) if token.mark in {Mark.WORD, Mark.QUOTED} else None
        if right:
            last = written.rindex(token.text[-1], token.start, token.start + token.length)
            written = f"{written[:last]}{right[-1]}{written[last + 1 :]}"
            changed = True
    return written if changed else None


def _right_digit(number: str) -> str | None:
    """The number as written but with the check digit it must have; None where no check digit is wrong."""
    try:
        numbers.parse(number)
    except Refused as wrong:
        suggestion = str(wrong.details.get("suggestion", ""))
        return f"{number[:-1]}{suggestion[-1]}" if suggestion else None
    return None


def _check_length(text: str) -> None:
    if len(text) > LENGTH_LIMIT:
        raise Refused(SearchReason.TOO_LONG, "q", most=LENGTH_LIMIT)


def _is_plain(found: Sequence[Token]) -> bool:
    return all(token.mark in PLAIN for token in found)


def _as_words(meaning: Meaning, *, needs_day: bool = False) -> Words:
    return Words(meaning.strict, meaning.strict, meaning.marks, needs_day)


def _plain(found: Sequence[Token]) -> Words:
    words = [token for token in found if token.mark in {Mark.WORD, Mark.QUOTED}]
    if len(words) > TERM_LIMIT:
        raise refused(SearchReason.TOO_MANY_TERMS, words[TERM_LIMIT], most=TERM_LIMIT)
    denied = {id(token) for minus, token in pairwise(found) if minus.mark is Mark.MINUS}
    meant = list(_meanings([token for token in words if id(token) not in denied]))
    unwanted = tuple(_meaning(token, widely=False).strict for token in words if id(token) in denied)
    # "the", "的" and the like only count when there is nothing else to look for.
    wanted = [one for one in meant if not one.idle] or meant
    return Words(
        strict=without(all_of([one.strict for one in wanted]), unwanted),
        loose=without(loosely(wanted), unwanted),
        marks=tuple(dict.fromkeys(mark for one in wanted for mark in one.marks)),
    )


def _meanings(words: Sequence[Token]) -> Iterator[Meaning]:
    """What is meant word by word, and by several words at once where these have synonyms."""
    at = 0
    while at < len(words):
        size = next(size for size in (3, 2, 1) if size == 1 or _has_synonyms(words[at : at + size], size))
        joined = " ".join(token.text for token in words[at : at + size])
        yield plain(joined, widely=True) if size > 1 else _meaning(words[at], widely=True)
        at += size


def _has_synonyms(words: Sequence[Token], size: int) -> bool:
    together = len(words) == size and all(token.mark is Mark.WORD for token in words)
    return together and bool(synonyms(" ".join(token.text for token in words)))


def _meaning(token: Token, *, widely: bool) -> Meaning:
    return terms.phrase(token) if token.mark is Mark.QUOTED else terms.word(token, widely=widely)
