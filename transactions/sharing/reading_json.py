"""JSON as it is signed: one spelling for each value, so nothing that could be read in two ways."""

import json
from typing import Any

from marketplace.errors import Refused
from transactions.sharing.rules.reasons import Reason


class _Ambiguous(ValueError):
    """A fraction, an exponent, a name that stands twice, or text that is no text."""


def strict_json(body: bytes) -> Any:
    """Read JSON whose numbers are whole, whose names stand once and whose texts can be kept.

    Raises:
        Refused: it is no JSON, or has no one canonical spelling.
    """
    try:
        document = json.loads(
            body.decode("utf-8"),
            parse_float=_refuse,
            parse_constant=_refuse,
            object_pairs_hook=_object,
        )
        _check_texts(document)
    except _Ambiguous as ambiguous:
        raise Refused(Reason.NOT_PLAIN, what=str(ambiguous)[:80]) from None
    except (ValueError, RecursionError):
        raise Refused(Reason.NOT_JSON) from None
    return document


def _refuse(text: str) -> Any:
    raise _Ambiguous(text)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Ambiguous(next(name for name, _ in pairs if [one for one, _ in pairs].count(name) > 1))
    return found


def _check_texts(document: Any) -> None:
    """Raise for half of a surrogate pair and for NUL, which no database keeps."""
    waiting = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str) and ("\x00" in value or any("\ud800" <= one <= "\udfff" for one in value)):
            raise _Ambiguous("\\u0000 or half a character")
        if isinstance(value, dict):
            waiting += [*value, *value.values()]
        elif isinstance(value, list):
            waiting += value
