"""Money goes back to where it came from: how a return is divided over the accounts that paid."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """What one account paid, in minor units."""

    number: str
    minor: int


def back_to(sources: Sequence[Source], minor: int) -> list[tuple[str, int]]:
    """How much of `minor` goes to each account: to the first named what it paid, then to the next.

    Together never more than `minor`, to no account more than it paid; an account stands once.
    """
    shares: dict[str, int] = {}
    for source in sources:
        part = min(source.minor, minor - sum(shares.values()))
        if part > 0:
            shares[source.number] = shares.get(source.number, 0) + part
    return list(shares.items())
