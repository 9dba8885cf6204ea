"""JSON as records are written: UTF-8, whole numbers, no name twice, not nested deep."""

import json
from typing import Any, NoReturn

from auctions.written.reading import Malformed

MOST_DEPTH = 12


def strict_json(content: bytes) -> Any:
    """The value in `content`; raises Malformed."""
    try:
        raw = json.loads(
            content.decode("utf-8"),
            object_pairs_hook=_unique,
            parse_constant=_no_number,
            parse_float=_no_number,
        )
    except (ValueError, RecursionError) as error:
        raise Malformed("file", f"is not JSON in UTF-8: {str(error)[:200]}") from None
    layer, depth = [raw], 0
    while layer:
        depth += 1
        if depth > MOST_DEPTH:
            raise Malformed("file", f"is nested deeper than {MOST_DEPTH}")
        layer = [part for value in layer for part in _parts(value)]
    return raw


def _parts(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise Malformed(next(name for name in names if names.count(name) > 1)[:60], "stands twice")
    return found


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text[:40]} is no whole number")
