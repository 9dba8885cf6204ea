"""What is told of a cell: how many were offered and how they ended, and the middle of what was paid."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from transactions.rules.words import SaleOutcome

from .cells import LEAST_TRADES
from .coarse import two_figures


@dataclass(slots=True)
class Tally:
    """What a cell adds up to while it is counted.

    Attributes:
        outcomes: how many offers ended how.
        prices: of the sales, in minor units of one currency; those of blocks to two significant figures.
        coarse: whether anything but public sales is in it.
    """

    outcomes: Counter[SaleOutcome] = field(default_factory=Counter)
    prices: list[int] = field(default_factory=list)
    coarse: bool = False


def figures_of(tally: Tally) -> dict[str, Any] | None:
    """What may be told of a cell; None where there are too few offers, no prices where too few were sold.

    Amounts are whole minor units, to two significant figures unless every sale in the cell is public.
    """
    offered, prices = sum(tally.outcomes.values()), sorted(tally.prices)
    told: dict[str, Any] = {}
    if offered >= LEAST_TRADES:
        told = {"offered": offered} | {outcome.value: tally.outcomes[outcome] for outcome in SaleOutcome}
        told["sale_rate"] = round(100 * tally.outcomes[SaleOutcome.SOLD] / offered)
    if len(prices) >= LEAST_TRADES:
        middle = [quantile(prices, quarter) for quarter in (1, 2, 3)]
        low, median, high = [two_figures(one) for one in middle] if tally.coarse else middle
        told |= {"prices": len(prices), "low_minor": low, "median_minor": median, "high_minor": high}
    return told | {"coarse": tally.coarse} if told else None


def quantile(ordered: Sequence[int], quarter: int) -> int:
    """The first, second or third quartile of an ordered list, between two neighbours in whole minor units."""
    place = (len(ordered) - 1) * quarter
    below, rest = divmod(place, 4)
    if rest == 0:
        return ordered[below]
    return ordered[below] + (ordered[below + 1] - ordered[below]) * rest // 4
