"""Saved arguments as requests, and which lots they find: between the database and `percolation`."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

from marketplace.clock import LOCAL_ZONE
from marketplace.errors import Refused
from marketplace.listings.models import Lot
from search.documents import document
from search.engines import Request
from search.percolation import Batch
from search.rules import BANDED, Question, read, request_for
from search.watching.rules.keeping import lists

Key = TypeVar("Key")

# Bands whose bounds move with the clock; those of prices stand still.
_OF_TIME = BANDED.keys() - {"price"}
_ANY_TIME = datetime(2000, 1, 1, tzinfo=LOCAL_ZONE)


def question_of(arguments: Mapping[str, Any]) -> Question | None:
    """The question that was saved; None where it can no longer be read, because the language has changed."""
    return _read(_text(arguments))[0]


def found_by(
    batch: Batch, searches: Iterable[tuple[Key, Mapping[str, Any]]], now: datetime
) -> dict[Key, list[str]]:
    """The ids of what each search finds in the batch; searches that find nothing are left out.

    Args:
        batch: what may be found.
        searches: an identity and the saved arguments of each.
        now: from which relative dates and bands of time are reckoned.
    """
    here, found = now.astimezone(LOCAL_ZONE), {}
    for key, arguments in searches:
        question, request = _read(_text(arguments))
        if question is None:
            continue
        if ids := batch.find(request or request_for(question, here)):
            found[key] = ids
    return found


def matches(
    lots: Sequence[Lot], searches: Iterable[tuple[Key, Mapping[str, Any]]], now: datetime
) -> dict[Key, list[str]]:
    """Which of the lots, in any status, each search finds; as `found_by`."""
    return found_by(Batch([document(lot) for lot in lots]), searches, now)


def _text(arguments: Mapping[str, Any]) -> str:
    return json.dumps(lists(arguments), sort_keys=True, ensure_ascii=False)


# Words take longer to understand than to find, and the same searches come again with every change.
@lru_cache(maxsize=20_000)
def _read(text: str) -> tuple[Question | None, Request | None]:
    """The question, and its request where that is the same at all times."""
    try:
        question = read(json.loads(text))
    except Refused:
        return None, None
    moves = question.words.needs_day or question.chosen.keys() & _OF_TIME
    return question, None if moves else request_for(question, _ANY_TIME)
