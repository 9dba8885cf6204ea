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
from search.percolation import Batch
from search.rules import Question, read, request_for
from search.watching.rules.keeping import lists

Key = TypeVar("Key")


def question_of(arguments: Mapping[str, Any]) -> Question | None:
    """The question that was saved; None where it can no longer be read, because the language has changed."""
    return _question(json.dumps(lists(arguments), sort_keys=True, ensure_ascii=False))


# Words take longer to analyse than to find, and the same searches come again with every change.
@lru_cache(maxsize=20_000)
def _question(text: str) -> Question | None:
    try:
        return read(json.loads(text))
    except Refused:
        return None


def matches(
    lots: Sequence[Lot], searches: Iterable[tuple[Key, Mapping[str, Any]]], now: datetime
) -> dict[Key, list[str]]:
    """Which of the lots each search finds, their ids as texts; searches that find none are left out.

    Args:
        lots: changed ones, in any status.
        searches: an identity and the saved arguments of each.
        now: from which bands of time are reckoned.
    """
    batch, here = Batch([document(lot) for lot in lots]), now.astimezone(LOCAL_ZONE)
    found = {}
    for key, arguments in searches:
        question = question_of(arguments)
        if question is not None and (ids := batch.find(request_for(question, here))):
            found[key] = ids
    return found
