"""Keys that match or do not: class symbols with all that stands above them, numbers in any spelling."""

import re
import unicodedata

# A section with what may follow: class, subclass, main group, subgroup.
_SYMBOL = re.compile(r"([A-H])(?:([0-9]{2})(?:([A-Z])(?:0*([1-9][0-9]{0,3})(?:/([0-9]{2,6}))?)?)?)?")
_PADDED = re.compile(r"([A-H][0-9]{2}[A-Z])([0-9]{4})([0-9]{6})")
_EDITION = re.compile(r"[(（].*")

_OFFICE = re.compile(r"(?:CN|ZL)+(?=[0-9])")
_KIND = re.compile(r"([A-Z]{0,4}[0-9]{6,})[A-Z][0-9]?")
_NUMBER = re.compile(r"(?=(?:[^0-9]*[0-9]){6})[A-Z0-9]{6,24}")

# Since October 2003: four digits of the year, one of the type, seven in sequence, a check digit.
_APPLICATION = re.compile(r"((?:19|20)[0-9]{10})[0-9X]")


def class_key(text: str) -> str:
    """One spelling for a symbol: "h01m 10/0525" and "H01M0010052500" become "H01M10/0525".

    A main group is written without "/00", because it stands for everything under it. Symbols of other
    schemes (Locarno, Nice) are only upper-cased and closed up.
    """
    symbol = _EDITION.sub("", "".join(text.upper().split()))
    padded = _PADDED.fullmatch(symbol)
    if padded:
        symbol = f"{padded[1]}{int(padded[2])}/{padded[3].rstrip('0').ljust(2, '0')}"
    match = _SYMBOL.fullmatch(symbol)
    if match is None:
        return symbol
    above, group, subgroup = "".join(part or "" for part in match.groups()[:3]), match[4] or "", match[5]
    return f"{above}{group}" if subgroup in {None, "00"} else f"{above}{group}/{subgroup}"


def is_class(text: str) -> bool:
    """Whether the text is an IPC or CPC symbol of at least a class ("H01"), so that a query may mean it."""
    symbol = "".join(text.upper().split())
    return len(symbol) > 2 and bool(_SYMBOL.fullmatch(symbol) or _PADDED.fullmatch(symbol))


def class_keys(text: str) -> frozenset[str]:
    """A symbol and all that stand above it: section, class, subclass, main group.

    Subgroups stand under each other by dots that the symbol does not show; those levels are not posted.
    """
    key = class_key(text)
    match = _SYMBOL.fullmatch(key)
    if match is None:
        return frozenset({key, key.split("-")[0]} - {""})
    levels = (key[:1], key[:3], key[:4], key.split("/")[0], key)
    return frozenset(level for level in levels if _SYMBOL.fullmatch(level))


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


def asked_numbers(text: str) -> tuple[str, ...]:
    """The keys to look for when somebody types a number; empty when the text is none.

    A Chinese application number is also looked for without its check digit, which is easily mistyped.
    """
    number = _OFFICE.sub("", _compact(text))
    if is_class(text) or not _NUMBER.fullmatch(number):
        return ()
    application = _APPLICATION.fullmatch(number)
    return (number, application[1]) if application else (number,)
