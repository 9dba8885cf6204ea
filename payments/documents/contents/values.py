"""Facts as they stand in a document's content: a word for the name, how to show the value, the value."""

from datetime import datetime
from typing import Any

from marketplace.clock import moment_text

Fact = list[Any]


def amount(name: str, minor: int) -> Fact:
    """An amount in minor units of the document's currency."""
    return [name, "amount", minor]


def moment(name: str, at: datetime | None) -> Fact:
    """A point in time; left empty where there is none."""
    return [name, "moment", moment_text(at) if at else ""]


def word(name: str, value: str) -> Fact:
    """A value that has words of its own."""
    return [name, "word", str(value)]


def text(name: str, value: str) -> Fact:
    """A value as somebody wrote it."""
    return [name, "text", value]
