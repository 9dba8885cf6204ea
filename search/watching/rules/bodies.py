"""What a program says of a saved search, from JSON; what is malformed is refused by its name."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from marketplace.errors import Refused
from search.watching.rules.words import NAME_LIMIT, Channel, Frequency, WatchReason

Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Said:
    """What was said; None where nothing was.

    Attributes:
        search: the arguments of the search, as in an address.
    """

    name: str | None = None
    frequency: Frequency | None = None
    channels: frozenset[Channel] | None = None
    search: dict[str, list[str]] | None = None
    paused: bool | None = None


def read_said(body: Any, *, required: tuple[str, ...] = ()) -> Said:
    """Read what a program sent about a saved search.

    Args:
        body: the JSON as read; None where it could not be.
        required: the names of what must be said.

    Raises:
        Refused: naming the field that is missing, unknown or malformed.
    """
    if not isinstance(body, dict):
        raise Refused(WatchReason.NOT_AN_OBJECT)
    for name in required:
        if name not in body:
            raise Refused(WatchReason.FIELD_MISSING, name)
    for name in body:
        if name not in _FIELDS:
            raise Refused(WatchReason.FIELD_UNKNOWN, name[:40], known=", ".join(_FIELDS))
    return Said(**{name: _FIELDS[name](value) for name, value in body.items()})


def _name(value: Any) -> str:
    name = value.strip() if isinstance(value, str) else ""
    if not (0 < len(name) <= NAME_LIMIT and name.isprintable()):
        raise Refused(WatchReason.BAD_NAME, "name", most=NAME_LIMIT)
    return name


def _frequency(value: Any) -> Frequency:
    return _word(Frequency, "frequency", value)


def _channels(value: Any) -> frozenset[Channel]:
    if not isinstance(value, list):
        raise Refused(WatchReason.NOT_A_LIST, "channels")
    return frozenset(_word(Channel, "channels", name) for name in value)


def _word(kind: type[Word], field: str, value: Any) -> Word:
    if not isinstance(value, str) or value not in set(kind):
        raise Refused(WatchReason.UNKNOWN_WORD, field, known=", ".join(kind))
    return kind(value)


def _search(value: Any) -> dict[str, list[str]]:
    if not isinstance(value, dict):
        raise Refused(WatchReason.BAD_ARGUMENTS, "search")
    for name, texts in value.items():
        if not (
            isinstance(texts, list)
            and all(isinstance(text, str) and _storable(text) for text in (name, *texts))
        ):
            raise Refused(WatchReason.BAD_ARGUMENTS, name[:40])
    return value


def _storable(text: str) -> bool:
    """Whether a database can keep the text: JSON can write halves of characters, and the character 0."""
    return "\x00" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def _paused(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Refused(WatchReason.NEITHER_TRUE_NOR_FALSE, "paused")
    return value


_FIELDS: dict[str, Callable[[Any], Any]] = {
    "name": _name,
    "frequency": _frequency,
    "channels": _channels,
    "search": _search,
    "paused": _paused,
}
