"""Offered lots from a process that is known: what a fit finds can be held against what was put in."""

import math
import random
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from transactions.hedonics.attributes import LotAttributes
from transactions.hedonics.method import Method, Penalties
from transactions.hedonics.model import HedonicModel
from transactions.hedonics.observations import Observation
from transactions.hedonics.prediction import log_of

# One set of penalties: nothing is chosen where a test is not about choosing.
QUICK = Method(candidates=(Penalties(),))

CLASSES = ("A61B", "B65G", "G06F", "H01M")


@dataclass(frozen=True, slots=True)
class Market:
    """How the lots come about. Logarithms.

    Attributes:
        sigma: noise of the top bid. start: how far start prices lie above the middle of the top bids.
        start_noise: of the start prices. known: how much of the noise of the top bid the setter knows.
        rights, invention: what these add to the top bid.
    """

    sigma: float = 0.6
    start: float = 0.1
    start_noise: float = 0.5
    known: float = 0.0
    rights: float = 0.7
    invention: float = 0.5


def truth(market: Market, lot: LotAttributes) -> float:
    """The middle of the log top bid."""
    rights = market.rights * math.log(lot.number_of_rights or 1)
    return 10.0 + rights + market.invention * (lot.asset_type == "invention")


def lots(count: int, market: Market | None = None, *, seed: int = 1) -> list[Observation]:
    """So many lots over four years; those whose top bid stays below the start price have no bid."""
    market, chance = market or Market(), random.Random(seed)
    return [_lot(number, market, chance) for number in range(count)]


def _lot(number: int, market: Market, chance: random.Random) -> Observation:
    lot = LotAttributes(
        asset_type=chance.choice(["invention", "utility_model"]),
        number_of_rights=chance.choice([1, 1, 2, 3, 5, 8, 13]),
        classes=(chance.choice(CLASSES),),
        claims=chance.choice([None, 5, 10, 20]),
        remaining_life_months=chance.randrange(12, 200),
        way=chance.choice(["court", "auction"]),
        round=chance.choice([1, 1, 2]),
        on=date(2022, 1, 1) + timedelta(days=chance.randrange(1400)),
    )
    middle, noise = truth(market, lot), chance.gauss(0, market.sigma)
    start = middle + market.start + market.known * noise + chance.gauss(0, market.start_noise)
    sold = middle + noise >= start
    return Observation(
        identity=f"lot-{number:05}",
        lot=lot,
        log_bid=middle + noise if sold else None,
        log_start=start,
        sold=sold,
        seller=f"seller-{number % 40}",
    )


def bias(model: HedonicModel, market: Market, offered: Iterable[Observation]) -> float:
    """The mean of expected less true log top bid over all that was offered."""
    off = [log_of(model.price, model, one.lot) - truth(market, one.lot) for one in offered]
    return math.fsum(off) / len(off)


def repriced(observation: Observation, factor: float) -> Observation:
    """The same sale at so many times its price."""
    assert observation.log_bid is not None
    return replace(observation, log_bid=observation.log_bid + math.log(factor))
