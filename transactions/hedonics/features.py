"""The terms of the price model: what a lot's attributes become before they are weighed. Pure.

Three kinds of terms. Measures are logarithms or years; an unknown one stands at the mean of the known ones,
with a term of its own that says so. Marks are 0 or 1. Groups are the classes, of which each level is a group
of its own (section G, class G06, subclass G06F; technology field and sector): a lot in several classes counts
in each by its share. A group that too few lots share is left to the level above it.
"""

import math
import re
from collections.abc import Callable, Mapping

from transactions.comparables.values import sector_of
from transactions.hedonics.attributes import FIRST_ROUND, LotAttributes

CONSTANT = "constant"

_IPC = re.compile(r"([A-H])(\d\d)([A-Z])")


def _log(count: int | None) -> float | None:
    return None if count is None else math.log(max(1, count))


def _log_one_more(count: int | None) -> float | None:
    return None if count is None else math.log1p(max(0, count))


def _years(months: int | None) -> float | None:
    return None if months is None else max(0, months) / 120


def _log_years(months: int | None) -> float | None:
    return None if months is None else math.log1p(max(0, months) / 12)


MEASURES: Mapping[str, Callable[[LotAttributes], float | None]] = {
    "log_rights": lambda lot: _log(lot.number_of_rights),
    "log_claims": lambda lot: _log_one_more(lot.claims),
    "log_citations": lambda lot: _log_one_more(lot.forward_citations),
    "log_family": lambda lot: _log(lot.family_size),
    "life_decades": lambda lot: _years(lot.remaining_life_months),
    "log_life": lambda lot: _log_years(lot.remaining_life_months),
    "evidence_of_use": lambda lot: None if lot.evidence_of_use is None else float(lot.evidence_of_use),
}


def measures(lot: LotAttributes) -> dict[str, float | None]:
    """Each measure, None where it is unknown."""
    return {name: measure(lot) for name, measure in MEASURES.items()}


def marks(lot: LotAttributes) -> frozenset[str]:
    """The marks that are 1 for this lot."""
    found = {f"type:{lot.asset_type}", f"way:{lot.way}", f"seller:{lot.seller_kind}"}
    if lot.round_word != FIRST_ROUND:
        found.add(f"round:{lot.round_word}")
    if lot.forced:
        found.add("forced")
    return frozenset(name for name in found if not name.endswith(":"))


def groups(lot: LotAttributes) -> dict[str, float]:
    """Each group the lot belongs to, with its share in it."""
    found: dict[str, float] = {}
    levels = [_levels(symbol) for symbol in dict.fromkeys(lot.classes)]
    for names in levels:
        for name in names:
            found[name] = found.get(name, 0.0) + 1 / len(levels)
    if lot.technology_field is not None:
        found[f"field:{lot.technology_field}"] = 1.0
        found[f"sector:{sector_of(lot.technology_field)}"] = 1.0
    return found


def _levels(symbol: str) -> tuple[str, ...]:
    match = _IPC.match(symbol)
    if match is None:
        return (f"class:{symbol}",)
    section, number, letter = match.groups()
    return (f"section:{section}", f"class:{section}{number}", f"subclass:{section}{number}{letter}")


def own_group(lot: LotAttributes) -> str:
    """The finest group of the lot's main class; "" without a class."""
    return _levels(lot.classes[0])[-1] if lot.classes else ""


_FINENESS = {"subclass": 0, "field": 1, "class": 2, "sector": 3, "section": 4}


def finest_first(lot: LotAttributes) -> tuple[str, ...]:
    """The groups of the lot, those that fewest lots share first."""
    return tuple(sorted(groups(lot), key=lambda name: (_FINENESS[name.partition(":")[0]], name)))
