"""The titles of classes in Chinese and English."""

from functools import cache

from search.classification.lines import Lines, read
from search.classification.symbols import class_key
from search.classification.tree import MAIN_GROUP, tree

LANGUAGES = ("zh", "en")
SEPARATOR = " › "


@cache
def lines(language: str) -> Lines:
    """The titles of one language by the rows of the tree, empty where it has none; read once per process."""
    return read(f"titles_{language}.txt.gz")


def own_language(language: str) -> str:
    """Which of the two a reader of this language gets: "zh" for every kind of Chinese, else "en"."""
    return "zh" if language.startswith("zh") else "en"


def both(row: int, language: str) -> tuple[str, str]:
    """The titles in a row in this language and in the other one, empty where there is none."""
    own = own_language(language)
    other = next(name for name in LANGUAGES if name != own)
    return lines(own)[row], lines(other)[row]


def row_title(row: int, language: str) -> str:
    """The title in a row in this language, else in the other one."""
    here, there = both(row, language)
    return here or there


def title(symbol: str, language: str) -> str:
    """The title of a symbol in this language ("zh", "en"), else in the other; empty for an unknown symbol.

    That of a subgroup only makes sense under those above it: see `reading` and `path`.
    """
    row = tree().row(class_key(symbol))
    return "" if row is None else row_title(row, language)


def path(symbol: str, language: str) -> tuple[tuple[str, str], ...]:
    """Symbols with their titles from the section down to the symbol; empty for an unknown one."""
    row = tree().row(class_key(symbol))
    rows = () if row is None else (*tree().above(row), row)
    return tuple((tree().symbol(at), row_title(at, language)) for at in rows)


def reading(symbol: str, language: str) -> str:
    """A title that can be understood alone: that of a subgroup with those above it, from the main group."""
    row = tree().row(class_key(symbol))
    return "" if row is None else row_reading(row, language)


def row_reading(row: int, language: str) -> str:
    """As `reading`, of a row."""
    rows = [*(above for above in tree().above(row) if tree().depths[above] >= MAIN_GROUP), row]
    return SEPARATOR.join(row_title(at, language) for at in rows)
