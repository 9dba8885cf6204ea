"""Tokens to a tree, by recursive descent: one method for each strength of binding, weakest first.

OR binds weakest, then AND (also between neighbours without an operator), then NOT, then NEAR and ADJ; a field
takes the one thing behind it.
"""

import re
from collections.abc import Sequence

from search.language import fields
from search.language.fields import MEASURED, Field
from search.language.places import refused
from search.language.reasons import LanguageReason
from search.language.tokens import Mark, Token
from search.language.tree import And, Close, Compared, In, Leaf, Not, Or, Quoted, Span, Tree, Word
from search.reasons import SearchReason

DEPTH_LIMIT = 10
TERM_LIMIT = 40
DISTANCE_LIMIT = 50

_TERMS = {Mark.WORD, Mark.QUOTED, Mark.SPAN}
_ENDS = {None, Mark.OR, Mark.CLOSE}
_NO_OPERAND = {None, Mark.CLOSE, Mark.AND, Mark.OR, Mark.NEAR}
_DENIALS = {Mark.NOT, Mark.MINUS}

_SPAN = re.compile(r"\[\s*(\S(?:.*?\S)?)\s+(?:TO|至|到)\s+(\S(?:.*?\S)?)\s*\]", re.IGNORECASE)
_COMPARED = re.compile(r"([A-Za-z]*)\s*(>=|<=|[<>≥≤])\s*(.*)")
_OTHER_WILDCARDS = re.compile(r"(?<=\w)[?#]|[?#](?=\w)")
_SIGNS = {"≥": ">=", "≤": "<="}


def tree_of(tokens: Sequence[Token]) -> Tree:
    """The tree of a query of at least one token.

    Raises:
        Refused: where something is missing, unknown, unbalanced, too deep or too much.
    """
    terms = [token for token in tokens if token.mark in _TERMS]
    if len(terms) > TERM_LIMIT:
        raise refused(SearchReason.TOO_MANY_TERMS, terms[TERM_LIMIT], most=TERM_LIMIT)
    if stray := next((token for token in tokens if token.mark is Mark.STRAY_QUOTE), None):
        raise refused(LanguageReason.OPEN_QUOTE, stray)
    reader = _Reader(tokens)
    tree = reader.alternatives()
    if token := reader.token:
        raise refused(LanguageReason.CLOSING_PARENTHESIS, token)
    return tree


class _Reader:
    """Goes through the tokens once."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0
        self._inside_field = False

    @property
    def token(self) -> Token | None:
        """The token it has come to; None at the end."""
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    @property
    def _mark(self) -> Mark | None:
        return self.token.mark if self.token else None

    def _take(self) -> Token:
        self._at += 1
        return self._tokens[self._at - 1]

    def _operator(self) -> Token:
        operator = self._take()
        if self._mark in _NO_OPERAND:
            raise refused(LanguageReason.OPERATOR_ALONE, operator)
        return operator

    def _deeper(self, token: Token, steps: int) -> None:
        self._depth += steps
        if self._depth > DEPTH_LIMIT:
            raise refused(LanguageReason.TOO_DEEP, token, most=DEPTH_LIMIT)

    def alternatives(self) -> Tree:
        """Parts joined by OR."""
        parts = [self._together()]
        while self._mark is Mark.OR:
            self._operator()
            parts.append(self._together())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _together(self) -> Tree:
        parts = [self._denied()]
        while self._mark not in _ENDS:
            if self._mark is Mark.AND:
                self._operator()
            parts.append(self._denied())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _denied(self) -> Tree:
        if self._mark not in _DENIALS:
            return self._close()
        operator = self._operator()
        self._deeper(operator, 1)
        part = self._denied()
        self._deeper(operator, -1)
        return Not(part)

    def _close(self) -> Tree:
        first = self._single()
        if self._mark is not Mark.NEAR:
            return first
        operator = self._operator()
        if self._mark in _DENIALS:
            raise refused(LanguageReason.NEAR_WHAT, operator)
        second = self._single()
        if self.token and self._mark is Mark.NEAR:
            raise refused(LanguageReason.NEAR_WHAT, self.token)
        name, distance = operator.text.split("/")
        if len(distance) > 3 or int(distance) > DISTANCE_LIMIT:
            raise refused(LanguageReason.NEAR_TOO_FAR, operator, most=DISTANCE_LIMIT)
        return Close(first, second, int(distance), name != "NEAR", operator)

    def _single(self) -> Tree:
        token = self._take()
        if token.mark is Mark.OPEN:
            return self._group(token)
        if token.mark is Mark.FIELD:
            return self._field(token)
        if token.mark is Mark.CLOSE:
            raise refused(LanguageReason.CLOSING_PARENTHESIS, token)
        if token.mark not in _TERMS:
            raise refused(LanguageReason.OPERATOR_ALONE, token)
        return _leaf(token)

    def _group(self, opening: Token) -> Tree:
        self._deeper(opening, 1)
        if self._mark is Mark.CLOSE:
            raise refused(LanguageReason.EMPTY_PARENTHESES, opening)
        tree = self.alternatives() if self.token else None
        if tree is None or self.token is None:
            raise refused(LanguageReason.OPEN_PARENTHESIS, opening)
        self._take()
        self._deeper(opening, -1)
        return tree

    def _field(self, name: Token) -> Tree:
        field = fields.find(name.text)
        if field is None:
            raise refused(LanguageReason.UNKNOWN_FIELD, name, nearest=fields.nearest(name.text))
        if self._inside_field:
            raise refused(LanguageReason.FIELD_IN_FIELD, name)
        if self._mark not in {*_TERMS, Mark.OPEN}:
            raise refused(LanguageReason.FIELD_ALONE, name)
        value = self._take()
        _check_value(field, name, value)
        if value.mark is not Mark.OPEN:
            return In(field.code, _value(field, name, value), name)
        self._inside_field = True
        part = self._group(value)
        self._inside_field = False
        return In(field.code, part, name)


def _check_value(field: Field, name: Token, value: Token) -> None:
    compared, spanned = name.sign != "=", value.text.startswith("[")
    if field.kind not in MEASURED and (compared or spanned):
        raise refused(LanguageReason.NOT_MEASURED, value if spanned else name)
    if compared and (spanned or value.mark is Mark.OPEN):
        raise refused(LanguageReason.BAD_SPAN, value)


def _value(field: Field, name: Token, value: Token) -> Leaf:
    """A value behind the name of a field; `pr:USD>=1000` says the same as `pr>=USD1000`."""
    if value.mark is Mark.SPAN:
        match = _SPAN.fullmatch(value.text)
        if match is None:
            raise refused(LanguageReason.BAD_SPAN, value)
        return Span(f"[{match[1]} TO {match[2]}]", value.start, match[1], match[2])
    if field.kind in MEASURED and name.sign != "=":
        return Compared(value.text, value.start, name.sign)
    match = _COMPARED.fullmatch(value.text) if field.kind in MEASURED else None
    if match:
        return Compared(match[1] + match[3], value.start, _SIGNS.get(match[2], match[2]))
    return _leaf(value)


def _leaf(token: Token) -> Leaf:
    """A word or phrase. Other systems cut words with ? or #: to overlook them answers another question."""
    if token.mark is Mark.WORD and _OTHER_WILDCARDS.search(token.text):
        raise refused(LanguageReason.OTHER_WILDCARD, token)
    return (Quoted if token.mark is Mark.QUOTED else Word)(token.text, token.start)
