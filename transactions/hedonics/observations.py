"""What a fit is made from: offered lots with the best bid, or the start price nobody bid. Pure."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from transactions.hedonics.attributes import LotAttributes
from transactions.hedonics.method import LEAST_PRICED
from transactions.hedonics.model import PLACES, digest


class TooFew(Exception):
    """There are fewer priced lots than a model needs.

    Attributes:
        priced: how many there are; `least` how many are needed.
    """

    def __init__(self, priced: int, least: int = LEAST_PRICED) -> None:
        super().__init__(f"{priced} priced lots, at least {least} are needed")
        self.priced, self.least = priced, least


@dataclass(frozen=True, slots=True)
class Observation:
    """One offered lot. Logarithms are of whole units of the model's currency.

    Attributes:
        log_bid: of the best bid, which is the price where the lot was sold; None where nobody bid.
        log_start: of the start price; None where there was none. An observation has one of the two.
        sold: whether it was sold.
        seller, family: tokens of who sold it and of what the lot belongs to, "" where unknown: lots that
            share one are never estimated from each other in a backtest.
    """

    identity: str
    lot: LotAttributes
    log_bid: float | None
    log_start: float | None
    sold: bool
    seller: str = ""
    family: str = ""

    @property
    def on(self) -> date:
        """The day it was offered; undated ones come first."""
        return self.lot.on or date.min


def fold_of(observation: Observation, folds: int) -> int:
    """In which fold it is left out: lots of one seller always in the same."""
    key = observation.seller or observation.family or observation.identity
    return int(hashlib.sha256(key.encode()).hexdigest()[:8], 16) % folds


def digest_of(observations: Sequence[Observation]) -> str:
    """SHA-256 over the observations, whatever their order."""
    rows = [
        [
            one.identity,
            one.lot.on.isoformat() if one.lot.on else "",
            *(None if log is None else round(log, PLACES) for log in (one.log_bid, one.log_start)),
            one.sold,
        ]
        for one in sorted(observations, key=lambda one: one.identity)
    ]
    return digest(rows)
