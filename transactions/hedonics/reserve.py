"""The reserve curve: what each start price does to the chance of a sale and to what is recovered. Pure.

The top bid is taken as log-normal around a middle that makes the chance at the usual start price what
`chance.chance_at` says. Its spread is `sigma` where the start price that the seller means to set is known,
for then what the seller knows of the lot is known too, and the whole spread where it is not. A lot that finds
no bid goes into the next round at a lower start price, which costs a round's costs and a part of its value.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist

from marketplace.money import exponent
from transactions.hedonics.attributes import LotAttributes
from transactions.hedonics.chance import chance_at
from transactions.hedonics.model import HedonicModel
from transactions.hedonics.prediction import amount, log_of, log_units, total_spread

_WHOLE = 10_000
_STANDARD = NormalDist()

# The quantiles of the net recovery that a bank is shown.
SHARES = (0.1, 0.5, 0.9)

ROUNDS_LIMIT = 5

# A quantile is exact to the forty-eighth halving of all that may be recovered: below a minor unit.
_HALVINGS = 48
_LEAST_CHANCE = 1e-6


class BadPlan(ValueError):
    """A number of the plan is out of its range; the message names it."""


@dataclass(frozen=True, slots=True)
class SalePlan:
    """How the lot will be offered. Amounts in minor units of the model's currency.

    Attributes:
        floors: the least start price of each round, one a round; 0 where nothing binds it.
        cut_basis_points: how far each later round's start price is to fall below the one before.
        cost_minor: of each round, sold or not. fee_basis_points: of the price.
        holding_loss_basis_points: of what a later round brings, lost by waiting for it.
        usual_start_minor: the start price the seller would set by the usual rule (say 70 % of the
            appraisal): it tells what the seller knows. None where there is none yet.
        sale_off: whether the last round is a sale-off (变卖), which starts where the round before did.
    """

    floors: tuple[int, ...] = (0, 0)
    cut_basis_points: int = 2000
    cost_minor: int = 0
    fee_basis_points: int = 0
    holding_loss_basis_points: int = 500
    usual_start_minor: int | None = None
    sale_off: bool = False


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """One start price of the first round.

    Attributes:
        start_prices: of each round, minor units.
        sale_chance: in the first round. unsold_in: the chance that it is not sold after each round.
        expected_minor: the mean of the net recovery over all rounds, nothing for no sale; it may be below
            nothing where costs are.
        p10_minor, p50_minor, p90_minor: quantiles of the net recovery.
    """

    start_prices: tuple[int, ...]
    sale_chance: float
    unsold_in: tuple[float, ...]
    expected_minor: int
    p10_minor: int
    p50_minor: int
    p90_minor: int


@dataclass(frozen=True, slots=True)
class ReserveCurve:
    """The whole curve, and the start price whose expected net recovery is highest.

    Attributes:
        points: by rising start price. recommended: one of them. floor_binds: whether the floor is what
            keeps the recommended start price from being lower.
        learned: whether the chance of sale was learned from enough lots, or is the normal curve.
    """

    currency: str
    points: tuple[CurvePoint, ...]
    recommended: CurvePoint
    floor_binds: bool
    learned: bool


@dataclass(frozen=True, slots=True)
class _Bids:
    """The log top bid of one round: mean and standard deviation."""

    mean: float
    spread: float

    def chance(self, log_start: float) -> float:
        return _STANDARD.cdf((self.mean - log_start) / self.spread)

    def proceeds(self, log_start: float) -> float:
        """The mean price, nothing for no sale, in whole units: E[top · (top ≥ start)]."""
        reached = _STANDARD.cdf((self.mean - log_start) / self.spread + self.spread)
        return math.exp(self.mean + self.spread**2 / 2) * reached


def reserve_curve(
    model: HedonicModel, lot: LotAttributes, plan: SalePlan, starts: Sequence[int] | None = None
) -> ReserveCurve:
    """The curve over `starts`, by default 25 prices around the expected top bid, none below the floor.

    Raises:
        BadPlan: for no round, more than `ROUNDS_LIMIT`, or a number out of its range.
    """
    check_plan(plan)
    rounds = tuple(
        _bids(model, replace(lot, round=(lot.round or 1) + number), plan)
        for number in range(len(plan.floors))
    )
    chosen = sorted({max(start, plan.floors[0], 1) for start in starts or _grid(rounds[0], model.currency)})
    points = tuple(_point(start, rounds, plan, model.currency) for start in chosen)
    best = max(points, key=lambda point: (point.expected_minor, -point.start_prices[0]))
    return ReserveCurve(
        currency=model.currency,
        points=points,
        recommended=best,
        floor_binds=best is points[0] and plan.floors[0] > 0,
        learned=model.chance.learned,
    )


def check_plan(plan: SalePlan) -> None:
    """Raise BadPlan unless every number is in its range."""
    if not 1 <= len(plan.floors) <= ROUNDS_LIMIT:
        raise BadPlan("floors")
    if any(floor < 0 for floor in plan.floors) or plan.cost_minor < 0:
        raise BadPlan("floors" if plan.cost_minor >= 0 else "cost_minor")
    for name in ("cut_basis_points", "fee_basis_points", "holding_loss_basis_points"):
        if not 0 <= getattr(plan, name) < _WHOLE:
            raise BadPlan(name)
    if plan.usual_start_minor is not None and plan.usual_start_minor <= 0:
        raise BadPlan("usual_start_minor")


def _bids(model: HedonicModel, lot: LotAttributes, plan: SalePlan) -> _Bids:
    known = plan.usual_start_minor
    spread = model.sigma if known and model.start_spread else total_spread(model)
    if known:
        usual = log_units(known, model.currency)
    elif model.start_spread:
        usual = log_of(model.start, model, lot)
    else:
        return _Bids(log_of(model.price, model, lot), spread)
    chance = min(max(chance_at(model, lot, usual), _LEAST_CHANCE), 1 - _LEAST_CHANCE)
    return _Bids(usual + spread * _STANDARD.inv_cdf(chance), spread)


def _grid(bids: _Bids, currency: str) -> list[int]:
    """From an eighth of the middle to three times it, evenly in logarithms."""
    low, high = math.log(1 / 8), math.log(3)
    return [amount(bids.mean + low + (high - low) * step / 24, currency) for step in range(25)]


def _point(start: int, rounds: Sequence[_Bids], plan: SalePlan, currency: str) -> CurvePoint:
    starts = _ladder(start, plan)
    logs = [log_units(price, currency) for price in starts]
    chances = [bids.chance(log) for bids, log in zip(rounds, logs, strict=True)]
    unsold, left = [], 1.0
    for chance in chances:
        left *= 1 - chance
        unsold.append(left)
    low, middle, high = (_quantile(share, rounds, logs, plan, currency) for share in SHARES)
    return CurvePoint(
        start_prices=starts,
        sale_chance=chances[0],
        unsold_in=tuple(unsold),
        expected_minor=_expected(rounds, logs, plan, currency),
        p10_minor=low,
        p50_minor=middle,
        p90_minor=high,
    )


def _ladder(start: int, plan: SalePlan) -> tuple[int, ...]:
    """The start price of each round: the cut, and never below the round's floor."""
    found = [start]
    for number, floor in enumerate(plan.floors[1:], start=2):
        cut = 0 if plan.sale_off and number == len(plan.floors) else plan.cut_basis_points
        found.append(max(-(-found[-1] * (_WHOLE - cut) // _WHOLE), floor, 1))
    return tuple(found)


def _expected(rounds: Sequence[_Bids], logs: Sequence[float], plan: SalePlan, currency: str) -> int:
    """From the last round backwards: what it brings, less its costs, or what comes after it."""
    unit, value = 10.0 ** exponent(currency), 0.0
    kept = 1 - plan.fee_basis_points / _WHOLE
    for number in reversed(range(len(rounds))):
        bids, log = rounds[number], logs[number]
        after = value * (1 - plan.holding_loss_basis_points / _WHOLE) if value > 0 else value
        value = bids.proceeds(log) * unit * kept - plan.cost_minor + (1 - bids.chance(log)) * after
    return math.floor(value + 0.5)


def _quantile(
    share: float, rounds: Sequence[_Bids], logs: Sequence[float], plan: SalePlan, currency: str
) -> int:
    """The net recovery that is not exceeded with this probability, found by halving."""
    worst = -plan.cost_minor * len(rounds)
    low, high = float(worst), math.exp(max(one.mean + 5 * one.spread for one in rounds))
    high = high * 10.0 ** exponent(currency)
    if _below(worst, rounds, logs, plan, currency) >= share:
        return worst
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if _below(middle, rounds, logs, plan, currency) >= share:
            high = middle
        else:
            low = middle
    return math.floor(high + 0.5)


def _below(
    net: float, rounds: Sequence[_Bids], logs: Sequence[float], plan: SalePlan, currency: str
) -> float:
    """The probability that the net recovery is not above `net`."""
    unit, reached, waited, total = 10.0 ** exponent(currency), 1.0, 1.0, 0.0
    kept = 1 - plan.fee_basis_points / _WHOLE
    for number, (bids, log) in enumerate(zip(rounds, logs, strict=True)):
        price = (net + plan.cost_minor * (number + 1)) / (unit * kept * waited)
        over = bids.chance(max(math.log(price), log)) if price > 0 else bids.chance(log)
        total += reached * (bids.chance(log) - over)
        reached *= 1 - bids.chance(log)
        waited *= 1 - plan.holding_loss_basis_points / _WHOLE
    return total + (reached if net >= -plan.cost_minor * len(rounds) else 0.0)
