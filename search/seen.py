"""The lots a visitor looked at last: their ids in the visitor's own signed cookie, and nowhere else."""

import uuid
from contextlib import suppress

from flask import session

KEPT = 10

_KEY = "seen_lots"


def note(lot_id: uuid.UUID) -> None:
    """Put a lot before the others; the one seen longest ago falls out."""
    before = [seen for seen in ids() if seen != lot_id]
    session[_KEY] = [seen.hex for seen in [lot_id, *before][:KEPT]]


def ids() -> list[uuid.UUID]:
    """The lots seen, the latest first."""
    found = []
    for text in session.get(_KEY, []):
        # A cookie of an older version may hold something else.
        with suppress(ValueError, TypeError):
            found.append(uuid.UUID(text))
    return found[:KEPT]


def forget() -> None:
    """Clear the list."""
    session.pop(_KEY, None)
