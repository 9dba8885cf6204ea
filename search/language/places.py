"""Where in a text something stands, and refusals that say so."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from marketplace.errors import Refused

SHOWN = 40
"""Characters of a piece that a refusal repeats."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the text; two are equal that say the same, wherever they stand.

    Attributes:
        start: place of its first character in the text as typed, from 0.
    """

    text: str
    start: int = field(default=0, compare=False)


def refused(reason: StrEnum, piece: Piece, **details: Any) -> Refused:
    """The refusal of a text for one piece of it; the page shows its place counted from 1, and the piece."""
    return Refused(reason, "q", position=piece.start + 1, piece=piece.text[:SHOWN], **details)
