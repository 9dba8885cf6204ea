"""Keys that match or do not: class symbols with all that stands above them, numbers in any spelling."""

import re
import unicodedata

from marketplace.errors import Refused
from marketplace.rights import numbers
from marketplace.rights.numbers import NumberReason
from search.classification import symbols, tree

class_key = symbols.class_key
is_class = symbols.is_class

_OFFICE = re.compile(r"(?:CN|ZL)+(?=[0-9])")
_KIND = re.compile(r"([A-Z]{0,4}[0-9]{6,})[A-Z][0-9]?")
_NUMBER = re.compile(r"(?=(?:[^0-9]*[0-9]){6})[A-Z0-9]{6,24}")

# Since October 2003: four digits of the year, one of the type, seven in sequence, a check digit.
_APPLICATION = re.compile(r"((?:19|20)[0-9]{10})[0-9X]")


def class_keys(text: str) -> frozenset[str]:
    """A symbol and all that stand above it: section, class, subclass, main group, each level of dots.

    A symbol that the scheme does not have gets what its spelling shows; a CPC symbol that stands elsewhere
    than it is spelled (A01C2001/048 under A01C1/04) gets both.
    """
    key = class_key(text)
    return frozenset({key, *tree.ancestors(key), *symbols.levels(key)} - {""})


def nice_key(number: str) -> str:
    """The key of a class of goods and services: `nice_key("09") == "nice:9"`."""
    return f"nice:{number.strip().lstrip('0')}"


def _compact(text: str) -> str:
    written = unicodedata.normalize("NFKC", text).upper()
    return "".join(letter for letter in written if letter.isascii() and letter.isalnum())


def number_keys(text: str) -> frozenset[str]:
    """Everything under which a number may be asked for: with and without office, kind and check digit."""
    whole = _compact(text)
    spellings = {whole, _OFFICE.sub("", whole)}
    for spelling in tuple(spellings):
        kind, application = _KIND.fullmatch(spelling), _APPLICATION.fullmatch(spelling)
        spellings |= {kind[1]} if kind and not application else set()
        spellings |= {application[1]} if application else set()
    return frozenset(spellings - {""})


def is_number(text: str) -> bool:
    """Whether the text is the number of a right, be its check digit right or wrong."""
    try:
        numbers.parse(text)
    except Refused as refused:
        return refused.reason is NumberReason.CHECK_DIGIT_WRONG
    return True


def asked_numbers(text: str) -> tuple[str, ...]:
    """The keys to look for when somebody types a number among words; empty when the text is none."""
    number = _OFFICE.sub("", _compact(text))
    return () if is_class(text) or not _NUMBER.fullmatch(number) else spellings_of(text)


def spellings_of(text: str) -> tuple[str, ...]:
    """The keys to look for when a number is asked for and nothing else; empty when it has no figure.

    A Chinese application number is also looked for without its check digit, which is easily mistyped, a
    publication without its kind, and every number that can be read in the spelling in which it is kept.
    """
    number = _OFFICE.sub("", _compact(text))
    if not any(letter.isdigit() for letter in number):
        return ()
    shorter = _APPLICATION.fullmatch(number) or _KIND.fullmatch(number)
    return tuple(dict.fromkeys((number, *((shorter[1],) if shorter else ()), *_kept(text))))


def _kept(text: str) -> tuple[str, ...]:
    """The number as it is kept, compact; nothing for what cannot be read."""
    try:
        return (_OFFICE.sub("", _compact(numbers.parse(text).text)),)
    except Refused:
        return ()
