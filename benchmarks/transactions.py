"""How fast a lot is compared with ten thousand sales, and how fast the log grows and proves itself.

The baseline of the comparison is the shortest answer one could give: the median price per right of the sales
in the same technology field, times the number of rights. The baseline of an append is the root anew.
"""

import random
import statistics
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from transactions.comparables.estimate import compare
from transactions.comparables.values import Candidate, Subject
from transactions.log import tree as log
from transactions.log.places import Tree
from transactions.rules.words import AssetType, Channel, ProofGrade, SaleOutcome

SALES = 10_000
LEAVES = 20_000
ON = date(2026, 1, 1)


def run() -> list[dict[str, Any]]:
    """The figures, each beside its baseline."""
    return [*_comparison(), *_appends(), *_proofs()]


def _seconds(work: Callable[[], object], times: int = 5) -> float:
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return min(taken)


def _comparison() -> list[dict[str, Any]]:
    subject = Subject(
        AssetType.INVENTION, 13, 3, 120, Channel.AUCTION_ENGLISH, forced=True, on=ON, currency="CNY"
    )
    sales = _sales(random.Random(7))
    assert compare(subject, sales).figure
    ours = _seconds(lambda: compare(subject, sales))
    plain = _seconds(lambda: _plain_median(subject, sales))
    return [
        _figure(
            "comparables_of_one_lot_among_10000",
            ours * 1000,
            "ms",
            plain * 1000,
            "baseline: median price per right of the same field, no adjustment, no range",
        )
    ]


def _plain_median(subject: Subject, sales: list[Candidate]) -> float:
    return subject.number_of_rights * statistics.median(
        sale.price_minor / sale.number_of_rights
        for sale in sales
        if sale.technology_field == subject.technology_field and sale.price_minor and sale.number_of_rights
    )


def _sales(dice: random.Random) -> list[Candidate]:
    kinds = (AssetType.INVENTION, AssetType.UTILITY_MODEL, AssetType.DESIGN)
    return [
        Candidate(
            identity=f"{number:06d}",
            outcome=SaleOutcome.SOLD if dice.random() < 0.5 else SaleOutcome.UNSOLD,
            asset_type=dice.choice(kinds),
            technology_field=dice.randint(1, 35),
            number_of_rights=dice.choice((1, 1, 1, 2, 5, 20)),
            remaining_life_months=dice.randint(0, 240),
            channel=dice.choice((Channel.AUCTION_ENGLISH, Channel.BROKERED_OFFER)),
            forced=dice.random() < 0.5,
            sold_on=ON - timedelta(days=dice.randint(0, 3650)),
            price_minor=int(dice.lognormvariate(16, 1)),
            grade=dice.choice(list(ProofGrade)),
        )
        for number in range(SALES)
    ]


def _leaves(count: int) -> list[bytes]:
    return [log.leaf_hash(number.to_bytes(8, "big")) for number in range(count)]


def _appends() -> list[dict[str, Any]]:
    leaves = _leaves(LEAVES)
    grow = LEAVES / _seconds(lambda: log.Frontier.of(leaves), times=3)
    anew = 1 / _seconds(lambda: Tree(leaves).root(), times=3)
    return [
        _figure(
            "log_appends", grow, "1/s", anew, f"baseline: the root anew from {LEAVES} leaves at each append"
        )
    ]


def _proofs() -> list[dict[str, Any]]:
    leaves = _leaves(LEAVES)

    def all_proofs() -> bool:
        tree = Tree(leaves)
        root = tree.root()
        return all(
            log.verify_inclusion(leaf, index, LEAVES, tree.inclusion_proof(index), root)
            for index, leaf in enumerate(leaves)
        )

    assert all_proofs()
    ours = LEAVES / _seconds(all_proofs, times=1)
    alone = 1 / _seconds(lambda: Tree(leaves).inclusion_proof(LEAVES // 3), times=3)
    return [
        _figure(
            "log_proofs_made_and_checked",
            ours,
            "1/s",
            alone,
            "baseline: a new tree for each proof, not checked",
        )
    ]


def _figure(name: str, value: float, unit: str, baseline: float, note: str) -> dict[str, Any]:
    return {
        "name": name,
        "value": round(value, 3),
        "unit": unit,
        "baseline": round(baseline, 3),
        "ratio": round(value / baseline, 3),
        "note": note,
    }
