"""Lots sold together or apart: a whole against the sum of its parts, and the better total wins.

A patent family or a cluster of trademarks may be worth more in one hand, or more in several. Both are offered
at once, as a lot of the whole and lots of the parts, each with an auction of its own; bidding in one stays
open as long as it does in any. Rights that may only move together are one lot from the start (拍卖、变卖规定
art. 15; Trademark Law Implementing Regulations art. 31): this is for those where the market may decide.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Way(StrEnum):
    """How the rights of a combination were sold."""

    TOGETHER = "together"
    APART = "apart"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Totals:
    """What each way would bring, in minor units; None where nothing would be sold that way.

    Attributes:
        parts: the sum over the parts that would be sold; those that would not count nothing.
    """

    whole: int | None
    parts: int | None

    @property
    def better(self) -> Way:
        """The way with the better total.

        Of equal totals the whole wins: it is sold to one buyer and leaves no part behind.
        """
        if self.whole is None:
            return Way.NEITHER if self.parts is None else Way.APART
        return Way.APART if self.parts is not None and self.parts > self.whole else Way.TOGETHER


def totals(whole: int | None, parts: Sequence[int | None]) -> Totals:
    """Add up what the whole and the parts would be sold for, each None where it would not be sold."""
    sold = [price for price in parts if price is not None]
    return Totals(whole, sum(sold) if sold else None)
