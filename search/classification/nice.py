"""The classes of goods and services for trademarks (Nice), with the Chinese groups of what is similar."""

import csv
import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import StringIO

from search.analysis import fold
from search.classification.titles import own_language


@dataclass(frozen=True, slots=True)
class NiceClass:
    """One of the 45 classes."""

    number: int
    short_zh: str
    heading_zh: str
    heading_en: str

    def heading(self, language: str) -> str:
        """What belongs to it, in this language."""
        return self.heading_zh if own_language(language) == "zh" else self.heading_en


@dataclass(frozen=True, slots=True)
class Group:
    """Goods or services that count as similar; its name is Chinese."""

    number: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the table; its name is Chinese."""

    number: int
    group: str
    code: str
    name: str


def _rows(name: str) -> Iterator[list[str]]:
    text = gzip.decompress((files(__package__) / "data" / name).read_bytes()).decode()
    rows = csv.reader(StringIO(text))
    next(rows)
    return rows


@cache
def classes() -> dict[int, NiceClass]:
    """The classes by number."""
    return {int(row[0]): NiceClass(int(row[0]), *row[1:]) for row in _rows("nice_classes.csv.gz")}


@cache
def _all_groups() -> tuple[Group, ...]:
    return tuple(Group(int(row[0]), *row[1:]) for row in _rows("nice_groups.csv.gz"))


@cache
def _all_items() -> tuple[Item, ...]:
    return tuple(Item(int(row[0]), *row[1:]) for row in _rows("nice_items.csv.gz"))


def groups(number: int) -> list[Group]:
    """The groups of a class."""
    return [group for group in _all_groups() if group.number == number]


def items(code: str) -> list[Item]:
    """The items of a group."""
    return [item for item in _all_items() if item.group == code]


Named = NiceClass | Group | Item


def search(text: str, limit: int = 20) -> list[Named]:
    """Classes, groups and items whose names have all words of the text, the shortest of each first."""
    words = fold(text).split()
    named: list[tuple[str, Named]] = [
        *((f"{one.short_zh} {one.heading_zh} {one.heading_en}", one) for one in classes().values()),
        *((group.name, group) for group in _all_groups()),
        *((item.name, item) for item in _all_items()),
    ]
    found = [(name, one) for name, one in named if words and all(word in name.lower() for word in words)]
    order = (NiceClass, Group, Item)
    found.sort(key=lambda pair: (order.index(type(pair[1])), len(pair[0])))
    return [one for _, one in found[:limit]]
