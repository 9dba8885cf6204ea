"""Frozen values as plain JSON and back, so that what went into a valuation is kept exactly.

A float is written as the shortest decimal text that reads back as the same float: JSON numbers have no one
spelling, and what is hashed needs one.
"""

import types
import uuid
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

Value = TypeVar("Value")


def plain(value: Any, places: int | None = None) -> Any:
    """The value as JSON: dataclasses and mappings as objects, floats, dates and fractions as text.

    With `places` a float is rounded to so many of them: for what is told, and need not be read back.
    """
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name), places) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(part, places) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part, places) for part in value]
    if isinstance(value, set | frozenset):
        return sorted(plain(part, places) for part in value)
    if isinstance(value, float):
        return repr(value) if places is None else f"{value:.{places}f}"
    return _written(value)


def _written(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, uuid.UUID | Fraction) else value


def revive(kind: type[Value], value: Any) -> Value:
    """A frozen dataclass from what `plain` wrote; a field that is not there gets its default.

    Raises:
        TypeError: for a kind of field that is not known here, or a field without value and default.
    """
    declared: Any = kind
    hints: dict[str, Any] = _hints(declared)
    return kind(**{name: _revived(hint, value[name]) for name, hint in hints.items() if name in value})


@cache
def _hints(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind) if field.init}


def _revived(hint: Any, value: Any) -> Any:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in {Union, types.UnionType}:
        rest = [one for one in arguments if one is not type(None)]
        return None if value is None else _revived(rest[0], value)
    if origin is tuple:
        inner = arguments[0] if len(arguments) == 2 and arguments[1] is Ellipsis else None
        pairs = zip(arguments, value, strict=True) if inner is None else ((inner, part) for part in value)
        return tuple(_revived(one, part) for one, part in pairs)
    if origin is frozenset:
        return frozenset(_revived(arguments[0], part) for part in value)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {_revived(arguments[0], key): _revived(arguments[1], part) for key, part in value.items()}
    return _simple(hint, value)


def _simple(hint: Any, value: Any) -> Any:
    kind: Any = hint
    if is_dataclass(hint):
        return revive(kind, value)
    if hint is date:
        return date.fromisoformat(value)
    if hint in {str, int, bool, float, Fraction, uuid.UUID} or issubclass(hint, Enum):
        return hint(value)
    raise TypeError(f"no way to read {hint}")
