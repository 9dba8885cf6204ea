"""How fast money is distributed and booked, beside bare SQL that keeps the same promises by hand."""

import time
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from benchmarks import postings
from marketplace.commission import Bearer, Commission
from payments.waterfall import Claim, Cost, Sale, settle_sale

WATERFALLS = 5_000


def run() -> list[dict[str, Any]]:
    """The figures of payments; ratio is ours divided by the baseline's, of the same run."""
    waterfalls = _per_second(WATERFALLS, lambda index: settle_sale(_sale(index)))
    additions = _per_second(WATERFALLS, _plain_division)
    return [
        _row(
            "payments: waterfalls (3 costs, 3 commissions, 6 claims)",
            waterfalls,
            additions,
            "baseline: the same shares by integer division, which lose the odd fen",
        ),
        *postings.run(),
    ]


def _row(name: str, value: float, baseline: float, note: str) -> dict[str, Any]:
    return {
        "name": name,
        "value": round(value, 1),
        "unit": "1/s",
        "baseline": round(baseline, 1),
        "ratio": round(value / baseline, 3),
        "note": note,
    }


def _per_second(count: int, work: Callable[[int], Any]) -> float:
    started = time.perf_counter()
    for index in range(count):
        work(index)
    return count / (time.perf_counter() - started)


def _sale(index: int) -> Sale:
    return Sale(
        currency="CNY",
        price=90_000_000 + index,
        costs=tuple(Cost(f"cost {n}", "sale", 1_000_000 + n) for n in range(3)),
        commissions=(
            Commission("house", table="court-2020", borne_by=Bearer.BUYER),
            Commission("agency", rate=Fraction(3, 100), borne_by=Bearer.SELLER),
            Commission("partner", rate=Fraction(2, 5), share_of="agency"),
        ),
        claims=tuple(Claim(f"bank {n}", 1 + n // 3, 17_000_000 + n) for n in range(6)),
        surplus_to="pledgor",
    )


def _plain_division(index: int) -> int:
    left = 90_000_000 + index
    paid = [1_000_000, 1_000_001, 1_000_002, left * 3 // 100]
    left -= sum(paid)
    owed = [17_000_000 + n for n in range(3)]
    total = sum(owed)
    return left - sum(min(left, total) * amount // total for amount in owed)
