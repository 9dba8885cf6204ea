"""How long the price model takes to fit and to answer, beside a library that does less.

The baseline of a fit is scikit-learn's `RidgeCV` on the same terms of the sold lots: no unsold lots, no bound
on a record's pull, no ranges, no chance of sale. That of a prediction is the library's answer for one lot.
"""

import math
import random
import time
from datetime import date, timedelta
from typing import Any

import numpy as np
from sklearn.linear_model import RidgeCV

from transactions.hedonics.attributes import LotAttributes
from transactions.hedonics.design import design_of, table_of
from transactions.hedonics.fitting import fit
from transactions.hedonics.method import DEFAULT_METHOD
from transactions.hedonics.observations import Observation
from transactions.hedonics.prediction import predict
from transactions.hedonics.reserve import SalePlan, reserve_curve

LOTS = 3_000
ANSWERS = 500


def run() -> list[dict[str, Any]]:
    """The figures."""
    lots = [_lot(number, random.Random(number)) for number in range(LOTS)]
    fitted, model = _timed(lambda: fit(lots, "CNY"))
    library, baseline = _timed(lambda: _library(lots))
    answering, _ = _timed(lambda: [predict(model, one.lot) for one in lots[:ANSWERS]])
    row = np.ones((1, baseline.coef_.size))
    bare, _ = _timed(lambda: [baseline.predict(row) for _ in range(ANSWERS)])
    plan = SalePlan(floors=(0, 0, 0), cost_minor=100_000, fee_basis_points=300)
    curves, _ = _timed(lambda: [reserve_curve(model, one.lot, plan) for one in lots[:20]])
    return [
        _figure(
            f"price model: fit to {LOTS} lots", fitted, "s", round(fitted / library, 1), "RidgeCV on the sold"
        ),
        _figure(
            "price model: predictions", ANSWERS / answering, "/s", round(bare / answering, 2), "Ridge.predict"
        ),
        _figure(
            "price model: curve of start prices", curves / 20 * 1000, "ms", "", "25 prices, three rounds"
        ),
    ]


def _figure(name: str, value: float, unit: str, ratio: float | str, note: str) -> dict[str, Any]:
    return {"name": name, "value": round(value, 2), "unit": unit, "ratio": ratio, "note": note}


def _timed(task: Any) -> tuple[float, Any]:
    began = time.perf_counter()
    result = task()
    return time.perf_counter() - began, result


def _library(lots: list[Observation]) -> Any:
    sold = [one for one in lots if one.sold]
    table, rows = table_of(sold), np.arange(len(sold))
    matrix = design_of(table, rows, DEFAULT_METHOD).matrix(table, rows)
    return RidgeCV(alphas=(1.0, 5.0, 20.0), cv=3).fit(matrix, table.bids)


def _lot(number: int, chance: random.Random) -> Observation:
    lot = LotAttributes(
        asset_type=chance.choice(["invention", "utility_model"]),
        number_of_rights=chance.randint(1, 12),
        classes=(f"{chance.choice('ABCFGH')}{chance.randint(1, 9):02}{chance.choice('BDGK')}",),
        claims=chance.randint(1, 20),
        remaining_life_months=chance.randint(6, 220),
        way=chance.choice(["court", "auction"]),
        on=date(2018, 1, 1) + timedelta(days=number),
    )
    middle = 10 + 0.7 * math.log(lot.number_of_rights or 1)
    start, bid = middle + chance.gauss(0.1, 0.5), middle + chance.gauss(0, 0.6)
    sold = bid >= start
    return Observation(str(number), lot, bid if sold else None, start, sold, f"seller {number % 150}")
