"""What an estimate has to beat: a median by class, and the seller's asking price. Pure."""

import math
from collections.abc import Sequence
from statistics import median

from transactions.hedonics import features
from transactions.hedonics.attributes import LotAttributes
from transactions.hedonics.observations import Observation

# Sales of a class before its median is taken; else that of the class above.
LEAST_OF_A_CLASS = 3

# What is asked comes down by 35 % (reference: brokered patents, asking to selling price).
ASKING_FACTOR = 0.65


class ClassMedian:
    """The median price of one right of the class, times the number of rights."""

    def __init__(self, observations: Sequence[Observation]) -> None:
        prices: dict[str, list[float]] = {}
        for one in observations:
            if one.sold and one.log_bid is not None:
                log = one.log_bid - _log_rights(one.lot)
                for name in (*features.groups(one.lot), f"type:{one.lot.asset_type}", ""):
                    prices.setdefault(name, []).append(log)
        self._medians = {
            name: median(logs) for name, logs in prices.items() if len(logs) >= LEAST_OF_A_CLASS or not name
        }

    def log_of(self, lot: LotAttributes) -> float | None:
        """The logarithm of the estimate, from the finest class that has one; None of no sale at all."""
        names = (*features.finest_first(lot), f"type:{lot.asset_type}", "")
        found = next((self._medians[name] for name in names if name in self._medians), None)
        return None if found is None else found + _log_rights(lot)


def _log_rights(lot: LotAttributes) -> float:
    return math.log(max(1, lot.number_of_rights or 1))


def asking(log_reference: float | None) -> float | None:
    """What a seller's price tells of the price paid."""
    return None if log_reference is None else log_reference + math.log(ASKING_FACTOR)
