"""The weights and lines that a fitted price model teaches (`hedonics`).

A line of the grid is the difference of what the model's terms for it add to the log price of either lot, so
the grid and the regression agree by construction. The weight of a feature in the distance is how far its
terms spread log prices by one standard deviation; a feature of which the model says nothing keeps its default
share, and none has less than a tenth of it: two lots do not pass for alike because a small sample showed no
effect.
"""

import math
import statistics
from collections.abc import Iterable, Mapping

from transactions.comparables.factors import Line, headline
from transactions.comparables.learning import Learned
from transactions.comparables.similarity import WEIGHTS
from transactions.comparables.values import Candidate, Subject
from transactions.hedonics.attributes import LotAttributes, of_lot, of_subject
from transactions.hedonics.model import HedonicModel
from transactions.hedonics.prediction import contributions

_LEAST_SHARE = 0.1

_OF_MEASURES = {
    "log_rights": Line.SIZE,
    "log_claims": Line.CLAIMS,
    "log_citations": Line.CITATIONS,
    "log_family": Line.FAMILY_SIZE,
    "life_decades": Line.LIFE,
    "log_life": Line.LIFE,
    "evidence_of_use": Line.EVIDENCE,
}
_OF_MARKS = {
    "type": Line.KIND,
    "forced": Line.FORCED,
    "round": Line.ROUND,
    "way": Line.CHANNEL,
    "seller": Line.CHANNEL,
}


def of_model(model: HedonicModel) -> Learned:
    """What the model teaches."""

    def lines(subject: Subject, candidate: Candidate, trend: float) -> Mapping[Line, float]:
        del trend  # the model has its own index
        return _differences(model, subject, candidate)

    return Learned(weights=weights_of(model), lines=lines, version=model.version)


def _differences(model: HedonicModel, subject: Subject, candidate: Candidate) -> dict[Line, float]:
    mine = contributions(model.price, model, of_subject(subject))
    theirs = contributions(model.price, model, _of_candidate(candidate))
    found = dict.fromkeys(Line, 0.0)
    for name in sorted(mine.keys() | theirs.keys()):
        found[_line_of(name)] += mine.get(name, 0.0) - theirs.get(name, 0.0)
    # The price was scaled by the number of rights before: the line tells what the elasticity leaves of that.
    found[Line.SIZE] -= math.log(subject.number_of_rights / (candidate.number_of_rights or 1))
    found[Line.PROOF] = headline(candidate)
    return found


def _of_candidate(candidate: Candidate) -> LotAttributes:
    return of_lot(candidate, on=candidate.sold_on, attempt=candidate.attempt)


def _line_of(name: str) -> Line:
    """The line of a term, by `kind:name` as `contributions` calls it."""
    kind, _, rest = name.partition(":")
    if kind in {"measure", "unknown"}:
        return _OF_MEASURES[rest]
    if kind == "mark":
        return _OF_MARKS[rest.partition(":")[0]]
    # A constant is the same on both sides and falls out of every line.
    return Line.TECHNOLOGY if kind == "group" else Line.TIME


def weights_of(model: HedonicModel) -> dict[str, float]:
    """The weights of the distance, which together weigh as much as the defaults."""
    spreads = _spreads(model)
    taught = sum(spreads.values())
    if not taught:
        return dict(WEIGHTS)
    share = sum(WEIGHTS[name] for name in spreads) / taught
    return {
        name: max(_LEAST_SHARE * weight, spreads[name] * share) if name in spreads else weight
        for name, weight in WEIGHTS.items()
    }


def _spreads(model: HedonicModel) -> dict[str, float]:
    """By how much each feature spreads log prices, of those that the model has terms for."""
    price = model.price
    found = {
        "size": _of_measures(price.measures, "log_rights"),
        "claims": _of_measures(price.measures, "log_claims"),
        "citations": _of_measures(price.measures, "log_citations"),
        "family_size": _of_measures(price.measures, "log_family"),
        "life": _of_measures(price.measures, "life_decades", "log_life"),
        "evidence": _of_measures(price.measures, "evidence_of_use"),
        "type": _of_levels(price.marks, "type:"),
        "context": _of_levels(price.marks, "forced", "round:"),
        "channel": _of_levels(price.marks, "way:"),
        "technology": _of_groups(price.groups),
        "age": _spread(price.levels.values()),
    }
    return {name: spread for name, spread in found.items() if spread is not None}


def _of_measures(coefficients: Mapping[str, float], *names: str) -> float | None:
    known = [coefficients[name] for name in names if name in coefficients]
    return abs(math.fsum(known)) if known else None


def _of_levels(marks: Mapping[str, float], *prefixes: str) -> float | None:
    """The spread of the levels, with the level that has no mark of its own."""
    found = [value for name, value in sorted(marks.items()) if name.startswith(prefixes)]
    return _spread([0.0, *found]) if found else None


def _of_groups(groups: Mapping[str, float]) -> float | None:
    """The levels of the classification add up, so their variances do."""
    by_level: dict[str, list[float]] = {}
    for name, value in sorted(groups.items()):
        prefix, _, code = name.partition(":")
        by_level.setdefault(f"{prefix}{len(code) if prefix == 'class' else ''}", []).append(value)
    spreads = [_spread(values) or 0.0 for values in by_level.values()]
    return math.hypot(*spreads) if spreads else None


def _spread(values: Iterable[float]) -> float | None:
    found = list(values)
    return statistics.pstdev(found) if found else None
