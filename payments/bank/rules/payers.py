"""Is the payer the bidder? Money must come in the bidder's own verified name."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from payments.bank.rules.words import Doubt


class Payer(StrEnum):
    SAME = "same"
    OTHER = "other"
    NOT_NAMED = "not_named"


def compare(named_key: str, verified_key: str) -> Payer:
    """Compare what the bank says with the verified name, both as `parties.names.name_key` writes them."""
    if not named_key:
        return Payer.NOT_NAMED
    return Payer.SAME if named_key == verified_key else Payer.OTHER


DOUBTS = {Payer.OTHER: Doubt.THIRD_PARTY, Payer.NOT_NAMED: Doubt.PAYER_UNKNOWN, Payer.SAME: Doubt.NONE}


@dataclass(frozen=True, slots=True)
class Awaited:
    """A deposit or balance that waits for money.

    Attributes:
        minor: what is still missing, in minor units.
        payer_key: key of the payer's verified name.
        row: what it is, for the caller.
    """

    minor: int
    payer_key: str
    row: Any


def suggestions(minor: int, named_key: str, awaited: Sequence[Awaited], most: int = 5) -> list[Awaited]:
    """What a line could be for, the likeliest first: name and amount, the name, the amount alone."""
    ranked = []
    for position, one in enumerate(awaited):
        name, amount = bool(named_key) and one.payer_key == named_key, one.minor == minor
        if name or amount:
            ranked.append((-2 * name - amount, position))
    return [awaited[position] for _, position in sorted(ranked)[:most]]
