"""The technology field of a patent, by WIPO's IPC-technology concordance (Schmoch 2008, as updated).

35 fields in five sectors. A symbol belongs to the field with the longest prefix that fits it. The table is in
`technology_fields.csv`; its Chinese names are those in use in Chinese patent statistics. Class H10, into
which later editions of the IPC move the contents of H01L, is counted where H01L is.
"""

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).with_name("technology_fields.csv")

# Section, class and subclass; a main group, zero-padded in some files; what follows the stroke; the edition.
_SYMBOL = re.compile(
    r"([A-H][0-9]{2}[A-Z])(?:0*([1-9][0-9]{0,3})(?:/([0-9]{1,6}))?)?(?:[(（][0-9.]+[)）].{0,2})?"
)


@dataclass(frozen=True, slots=True)
class TechnologyField:
    """One of the 35 fields, with its names in English and Chinese."""

    number: int
    sector: str
    sector_zh: str
    name: str
    name_zh: str


@cache
def _load() -> tuple[dict[int, TechnologyField], dict[str, int]]:
    fields: dict[int, TechnologyField] = {}
    prefixes: dict[str, int] = {}
    with _TABLE.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            number = int(row["number"])
            fields[number] = TechnologyField(
                number, row["sector_en"], row["sector_zh"], row["name_en"], row["name_zh"]
            )
            prefixes.update(dict.fromkeys(row["ipc_prefixes"].split(), number))
    return fields, prefixes


def all_fields() -> tuple[TechnologyField, ...]:
    """The 35 fields in the order of their numbers."""
    return tuple(_load()[0].values())


def field_of(symbol: str) -> int | None:
    """The number (1-35) of the field that an IPC or CPC symbol belongs to; None where the table has none.

    The symbol may be a subclass, a main group or a subgroup, with blanks, zero padding or the edition behind
    it: "H02K", "h02k 17/02", "H02K0017/02" and "H02K17/02 (2006.01) I" are read alike.
    """
    match = _SYMBOL.fullmatch("".join(symbol.split()).upper())
    if match is None:
        return None
    subclass, group, subgroup = match[1], match[2], match[3] or ""
    text = subclass if group is None else f"{subclass}{group}/{subgroup}"
    prefixes = _load()[1]
    for length in range(len(text), 2, -1):
        number = prefixes.get(text[:length])
        if number is not None:
            return number
    return None


def field_name(number: int, language: str = "en") -> str:
    """A field's name in English, or in Chinese where the language begins with zh; KeyError outside 1-35."""
    field = _load()[0][number]
    return field.name_zh if language.startswith("zh") else field.name


def sector_name(number: int, language: str = "en") -> str:
    """The name of the sector a field belongs to; KeyError outside 1-35."""
    field = _load()[0][number]
    return field.sector_zh if language.startswith("zh") else field.sector
