"""Reading files strictly: every fault names the field by its path and the reason."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

from marketplace.money import MalformedAmount, parse_minor

Member = TypeVar("Member", bound=StrEnum)

_MOMENT = re.compile(r"(2[01]\d\d-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(\.\d{1,6})?([Zz]|[+-]\d\d:\d\d)?", re.ASCII)


class Malformed(Exception):
    """A field that cannot be read."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class Fields:
    """A JSON object whose fields are read by name and kind; `path` leads to it from the top of the file."""

    def __init__(self, raw: Any, path: str, known: Iterable[str]) -> None:
        if not isinstance(raw, dict):
            raise Malformed(path or "file", f"must be an object, not {kind(raw)}")
        self.raw: Mapping[str, Any] = raw
        self.path = path
        self.known = frozenset(known)
        for name in raw:
            if name not in self.known:
                raise Malformed(self.at(str(name)[:60]), "is not a known field")

    def at(self, name: str) -> str:
        """The path of a field."""
        return f"{self.path}.{name}" if self.path else name

    def fail(self, name: str, reason: str) -> Malformed:
        """A fault of the named field, to raise."""
        return Malformed(self.at(name), reason)

    def required(self, name: str) -> Any:
        """The field's value; missing and null are faults."""
        value = self.raw.get(name)
        if value is None:
            raise self.fail(name, "is missing")
        return value

    def text(self, name: str, most: int = 200) -> str:
        """A text of one to `most` characters."""
        value = self.required(name)
        if not isinstance(value, str):
            raise self.fail(name, f"must be text, not {kind(value)}")
        if not 0 < len(value) <= most:
            raise self.fail(name, f"must have 1 to {most} characters")
        return value

    def optional_text(self, name: str, most: int = 2000) -> str | None:
        """A text, or None where it is missing or null; an empty text stays empty."""
        value = self.raw.get(name)
        return value if value is None or value == "" else self.text(name, most)

    def flag(self, name: str, *, default: bool) -> bool:
        """True or false."""
        value = self.raw.get(name, default)
        if not isinstance(value, bool):
            raise self.fail(name, f"must be true or false, not {kind(value)}")
        return value

    def whole(self, name: str, default: int | None, least: int, most: int) -> int | None:
        """A whole number from `least` to `most`; a number with a point is a fault."""
        value = self.raw.get(name)
        if value is None:
            return default
        if type(value) is not int:
            raise self.fail(name, f"must be a whole number, not {kind(value)}")
        if not least <= value <= most:
            raise self.fail(name, f"must be from {least} to {most}")
        return value

    def member(self, name: str, members: type[Member], default: Member | None = None) -> Member:
        """One word of an enum."""
        if default is not None and self.raw.get(name) is None:
            return default
        value = self.text(name, 60)
        try:
            return members(value)
        except ValueError:
            raise self.fail(name, f"must be one of {', '.join(members)}, not {value!r}") from None

    def moment(self, name: str) -> datetime:
        """An RFC 3339 moment with a zone, as UTC."""
        return read_moment(self.required(name), self.at(name))

    def optional_moment(self, name: str) -> datetime | None:
        return None if self.raw.get(name) is None else self.moment(name)

    def amount(self, name: str, currency: str) -> int:
        """A decimal string in the currency, as minor units."""
        return read_amount(self.required(name), currency, self.at(name))

    def optional_amount(self, name: str, currency: str) -> int | None:
        return None if self.raw.get(name) is None else self.amount(name, currency)

    def objects(self, name: str, most: int) -> list[Any]:
        """A list of at most `most` entries."""
        value = self.required(name)
        if not isinstance(value, list):
            raise self.fail(name, f"must be a list, not {kind(value)}")
        if len(value) > most:
            raise self.fail(name, f"has {len(value)} entries, at most {most} are read")
        return value


def read_moment(value: Any, path: str) -> datetime:
    """An RFC 3339 moment of the years 2000 to 2199 with a zone, as UTC."""
    if not isinstance(value, str):
        raise Malformed(path, f"must be a moment as text, not {kind(value)}")
    match = _MOMENT.fullmatch(value)
    if match is None:
        raise Malformed(path, "must be an RFC 3339 moment such as 2026-03-02T02:00:00Z")
    if match[4] is None:
        raise Malformed(path, "is a time without a zone; write Z for UTC")
    fraction = (match[3] or "").ljust(7, "0") if match[3] else ""
    try:
        return datetime.fromisoformat(f"{match[1]}T{match[2]}{fraction}{match[4].upper()}").astimezone(UTC)
    except ValueError as error:
        raise Malformed(path, f"is no moment: {error}") from None


def read_amount(value: Any, currency: str, path: str) -> int:
    """A plain decimal string in the currency, as minor units; a JSON number is a fault."""
    if not isinstance(value, str):
        raise Malformed(path, f'must be a decimal string such as "100.00", not {kind(value)}')
    try:
        return parse_minor(value, currency)
    except MalformedAmount:
        raise Malformed(path, f"{value[:40]!r} is not a plain decimal of {currency}") from None


def kind(value: Any) -> str:
    """What a JSON value is, in words."""
    words = {bool: "true or false", int: "a number", float: "a number with a point", str: "text"}
    words |= {list: "a list", dict: "an object", type(None): "null"}
    return words.get(type(value), type(value).__name__)
