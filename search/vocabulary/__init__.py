"""Words of the field as data: technical terms that the dictionary of Chinese lacks, and synonyms.

`technical.txt` has one term a line: what recurs in the Chinese titles of the International Patent
Classification (2026.01) as a unit, and terms of everyday patents and deals. `synonyms.csv` has one group a
line: words that a searcher means the same by. All are written as they are compared: folded.
"""

import csv
from functools import cache
from importlib.resources import files


@cache
def technical_terms() -> frozenset[str]:
    """The technical terms."""
    return frozenset(_text("technical.txt").split())


@cache
def groups() -> tuple[tuple[str, ...], ...]:
    """The groups of synonyms."""
    return tuple(tuple(row) for row in csv.reader(_text("synonyms.csv").splitlines()))


def _text(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
