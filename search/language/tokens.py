"""A text of the query language cut into tokens that know where they stand.

Full-width punctuation is read as ASCII, character by character, so that no place shifts. Words of which an
index keeps nothing (a dash, a dot) are left out. What follows a field's name is cut as its kind asks: a price
may hold a blank, a number written in groups is one word.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from search import keys
from search.analysis import runs
from search.language import fields
from search.language.fields import MEASURED, Kind
from search.language.places import Piece
from search.prices import CURRENCIES


class Mark(StrEnum):
    """What a token is."""

    BLANK = " "
    OPEN = "("
    CLOSE = ")"
    STRAY_QUOTE = '"'
    MINUS = "-"
    AND = "and"
    OR = "or"
    NOT = "not"
    NEAR = "near"
    FIELD = "field"
    WORD = "word"
    QUOTED = "quoted"
    SPAN = "span"


PLAIN = frozenset({Mark.WORD, Mark.QUOTED, Mark.MINUS, Mark.STRAY_QUOTE})
"""What a text of plain words is made of; anything else makes it a query that is taken exactly."""


@dataclass(frozen=True, slots=True)
class Token(Piece):
    """A token.

    Attributes:
        text: a word without blanks, a phrase without its quotation marks, a field's name, else as typed.
        sign: what stands between a field's name and its value: =, >=, >, <= or <.
        length: how many characters of the text it takes.
    """

    mark: Mark = Mark.WORD
    length: int = 1
    sign: str = ""


_ASCII = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | str.maketrans("　“”„【】−", ' """[]-')
_SIGNS = {"≥": ">=", "≤": "<=", ":": "="}
_OPERATORS = {"AND": Mark.AND, "OR": Mark.OR, "NOT": Mark.NOT, "与": Mark.AND, "或": Mark.OR, "非": Mark.NOT}

_END = r"(?![^\s()\"])"
_CURRENCY = "|".join((*CURRENCIES, "RMB"))
_BEFORE = rf"(?:{_CURRENCY})\s*(?=[0-9<>≥≤])"
_BLANK = re.compile(r"\s+")
_QUOTED = re.compile(r'"([^"]*)"')
_MINUS = re.compile(r"-(?=[^\s-])")
_NEAR = re.compile(rf"(?:NEAR|ADJ|W)/[0-9]+{_END}")
_OPERATOR = re.compile(rf"(?:{'|'.join(_OPERATORS)}){_END}")
_FIELD = re.compile(r"([^\W\d_]+)(?:(:)|\s*(>=|<=|[=<>≥≤]))\s*")
_SPAN = re.compile(r"\[[^\[\]]*\]?")
_MEASURE = re.compile(
    rf"(?:{_BEFORE})?(?:(?:>=|<=|[<>≥≤])\s*)?(?:{_BEFORE})?"
    rf"[^\s()\"]+(?:\s*(?:[万亿]元?|元|{_CURRENCY}){_END})?",
    re.IGNORECASE,
)
_SYMBOL = re.compile(
    r"([A-HY][0-9]{2}[A-Z])\s*([0-9]{1,4}/[0-9]{2,6}(?:/LOW)?)"
    rf"(?:\s?\([0-9]{{4}}\.[0-9]{{2}}\)[A-Z]?)?{_END}",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    rf"([A-Z]{{1,4}}\s?)?[0-9][0-9X.,/-]*(?:\s[0-9X.,/-]+){{0,6}}(?:\s[A-Z][0-9]?)?{_END}", re.IGNORECASE
)
_SIGN_PATTERNS = ((Mark.BLANK, _BLANK), (Mark.MINUS, _MINUS), (Mark.NEAR, _NEAR), (None, _OPERATOR))
# Parentheses inside a word belong to it: 华为(深圳)技术, 电极(2).
_WORD = re.compile(r"[^\s\"()]+(?:\([^\s\"()]*\)[^\s\"()]*)*")

_FIGURES_OF_A_NUMBER = 7


def ascii_marks(text: str) -> str:
    """The text with full-width letters, figures and punctuation as ASCII, of the same length."""
    return text.translate(_ASCII)


def tokens(text: str) -> list[Token]:
    """The tokens of a text in order, without what says nothing."""
    found = list(_meaningful(_all_tokens(ascii_marks(text))))
    if all(token.mark in PLAIN for token in found):
        return found
    return [_as_operator(token) for token in found]


def _as_operator(token: Token) -> Token:
    """In a query taken exactly `and`, `or`, `not` are operators in any case; else they are words."""
    mark = _OPERATORS.get(token.text.upper()) if token.mark is Mark.WORD else None
    return Token(token.text, token.start, mark, token.length) if mark else token


def _meaningful(found: Iterator[Token]) -> Iterator[Token]:
    minus: Token | None = None
    for token in found:
        silent = token.mark in {Mark.WORD, Mark.QUOTED} and "*" not in token.text and not _says_a_word(token)
        if minus and not silent:
            yield minus
        minus = token if token.mark is Mark.MINUS else None
        if not (silent or minus or token.mark is Mark.BLANK):
            yield token


def _says_a_word(token: Token) -> bool:
    return next(runs(token.text), None) is not None


def _all_tokens(text: str) -> Iterator[Token]:
    at, before = 0, Token("", mark=Mark.BLANK)
    while at < len(text):
        before = _token(text, at, before)
        at += before.length
        yield before


def _token(text: str, at: int, before: Token) -> Token:
    if text[at] in "()":
        return Token(text[at], at, Mark(text[at]))
    field = fields.find(before.text) if before.mark is Mark.FIELD else None
    kind = field.kind if field else None
    found = _measure(text, at, kind) or _sign(text, at) or _field(text, at)
    return found or _closed_up(text, at, kind) or _word(text, at)


def _measure(text: str, at: int, kind: Kind | None) -> Token | None:
    """What stands behind the name of a field that knows greater and less."""
    if kind not in MEASURED or text[at] == '"':
        return None
    span = _SPAN.match(text, at)
    found = span or _MEASURE.match(text, at)
    return found and Token(found[0], at, Mark.SPAN if span else Mark.WORD, len(found[0]))


def _sign(text: str, at: int) -> Token | None:
    if match := _QUOTED.match(text, at):
        return Token(match[1], at, Mark.QUOTED, len(match[0]))
    if text[at] == '"':
        return Token('"', at, Mark.STRAY_QUOTE)
    for mark, pattern in _SIGN_PATTERNS:
        if match := pattern.match(text, at):
            return Token(match[0], at, mark or _OPERATORS[match[0]], len(match[0]))
    return None


def _field(text: str, at: int) -> Token | None:
    """The name of a field with its sign, also of one that there is not if it was surely meant as one."""
    match = _FIELD.match(text, at)
    if match is None or (match[2] and not _meant(match[1], text[match.end(2) : match.end(2) + 1])):
        return None
    sign = match[2] or match[3]
    return Token(match[1], at, Mark.FIELD, len(match[0]), _SIGNS.get(sign, sign))


def _meant(name: str, behind: str) -> bool:
    """Whether a colon ends the name of a field: `title: …`, `xy:a`; not `http://…` and not 一种电池：方法."""
    if fields.find(name):
        return True
    if behind in {"", "/", "\\"} or behind.isspace():
        return False
    return name.isascii() or fields.is_nearly(name)


def _closed_up(text: str, at: int, kind: Kind | None) -> Token | None:
    """A class symbol or a number that is written with blanks, as one word."""
    if match := _SYMBOL.match(text, at):
        return Token(match[1] + match[2], at, length=len(match[0]))
    match = _NUMBER.match(text, at)
    if match is None or not (match[1] or kind is Kind.NUMBER):
        return None
    stops = [blank.start() for blank in _BLANK.finditer(match[0])] + [len(match[0])]
    for stop in reversed(stops[1:]):
        written = "".join(match[0][:stop].split())
        if sum(map(str.isdigit, written)) >= _FIGURES_OF_A_NUMBER and keys.is_number(written):
            return Token(written, at, length=stop)
    return None


def _word(text: str, at: int) -> Token:
    match = _WORD.match(text, at)
    written = match[0] if match else text[at]
    return Token(written, at, length=len(written))
