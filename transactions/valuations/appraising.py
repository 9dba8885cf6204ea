"""From what is asked and the materials to the whole result, as JSON without floats. Pure.

The result is what is stored, shown and printed: pages and papers add words to it and nothing else.
"""

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

from transactions.comparables.adjustment import Adjusted, Observed
from transactions.comparables.estimate import Comparison, Figure, compare, figure_of
from transactions.comparables.values import Settings
from transactions.hedonics.prediction import Prediction
from transactions.valuations import modelling
from transactions.valuations.materials import Materials, Sale
from transactions.valuations.rules import income, leaves, notes, opinion, scorecard
from transactions.valuations.rules.asking import Asked
from transactions.valuations.rules.opinion import Evidence, Opinion
from transactions.valuations.rules.plain import plain

METHOD = "valuation-1"
# The first of the rejected are named; of all of them the leaf and the reason are kept.
REJECTED_NAMED = 30
_PLACES = 6


@dataclass(frozen=True, slots=True)
class Appraisal:
    """The result with what the columns of a valuation take from it."""

    opinion: Opinion
    result: dict[str, Any]


def appraise(asked: Asked, materials: Materials, settings: Settings) -> Appraisal:
    """Put the approaches together; the same input gives the same result, to the byte."""
    learned = modelling.learned(materials.model)
    comparison = compare(asked.subject, materials.candidates, settings, learned)
    figure = _figure(comparison, settings)
    grid = _grid_evidence(comparison, figure)
    told = modelling.estimate(materials.model, asked.subject) if materials.model else None
    model = _model_evidence(told[1]) if told else None
    found = opinion.reconcile(grid, model)
    earned = income.income_value(asked.income, asked.subject.remaining_life_months) if asked.income else None
    scored = scorecard.score(scorecard.check_scores(dict(asked.scores)))
    result: dict[str, Any] = {
        "value": plain(found),
        "offered": _offered(figure, told[1] if told else None, found),
        "grid": _grid(comparison, materials, figure, grid),
        "model": _model(materials, told) if told and materials.model else None,
        "income": plain(earned),
        "score": plain(scored),
        "bids": plain(asked.bids),
        "sale": modelling.sale(materials.model, asked) if materials.model else None,
        "notes": [
            note.value
            for note in notes.notes_of(
                asked,
                found,
                comparables=len(comparison.comparables),
                offered=comparison.offered,
                sold=comparison.sold,
                income_minor=earned.value_minor if earned else None,
                curve=told is not None,
            )
        ],
    }
    return Appraisal(found, result)


def _figure(comparison: Comparison, settings: Settings) -> Figure | None:
    """The figure of the comparables; from three on, where the comparison itself claims none."""
    if comparison.figure is not None or len(comparison.comparables) < opinion.LEAST_FOR_VALUE:
        return comparison.figure
    return figure_of(comparison.comparables, comparison.attempts, settings)


def _grid_evidence(comparison: Comparison, figure: Figure | None) -> Evidence | None:
    """Of the lots that were sold: what a lot fetches if it is sold, as the model's ranges are."""
    if figure is None:
        return None
    used = comparison.comparables
    return opinion.grid_evidence(
        [one.adjusted_minor for one in used], [one.weight for one in used], figure.median_minor
    )


def _model_evidence(told: Prediction) -> Evidence | None:
    middle = opinion.Range(told.range_50.low_minor, told.range_50.high_minor)
    wide = opinion.Range(told.range_80.low_minor, told.range_80.high_minor)
    return opinion.model_evidence(told.median_minor, middle, wide)


def _offered(grid: Figure | None, told: Prediction | None, found: Opinion) -> dict[str, Any] | None:
    """What bidding would reach, sold or not: the unsold lots are in it; by the same weights as the value."""
    amounts = [
        (grid.offered_minor if grid else 0, found.grid_weight),
        (told.top_bid_minor if told else 0, found.model_weight),
    ]
    minor = opinion.weighted(amounts)
    return None if minor is None else {"minor": minor, "at_most": bool(grid and grid.offered_at_most)}


def _grid(
    comparison: Comparison, materials: Materials, figure: Figure | None, evidence: Evidence | None
) -> dict[str, Any]:
    used = comparison.comparables
    reasons = Counter(one.reason.value for one in comparison.rejected)
    reasons.update({reason.value: count for reason, count in materials.search.left_out.items()})
    return {
        "verdict": comparison.verdict.value,
        "count": len(used),
        "figure": _exact(figure),
        "spread": None if evidence is None else _decimal(evidence.spread),
        "offered": comparison.offered,
        "sold": comparison.sold,
        "comparables": [_line(one, materials.sales[one.candidate.identity]) for one in used],
        "attempts": [_line(one, materials.sales[one.candidate.identity]) for one in comparison.attempts],
        "rejected": [
            {"reason": one.reason.value, **_sale(materials.sales[one.candidate.identity])}
            for one in comparison.rejected[:REJECTED_NAMED]
        ],
        "rejected_leaves": _rejected_leaves(comparison, materials),
        "reasons": dict(sorted(reasons.items())),
        "factors_of": comparison.learned.version,
        "weights": {name: _decimal(weight) for name, weight in sorted(comparison.learned.weights.items())},
        "search": plain(materials.search),
    }


def _rejected_leaves(comparison: Comparison, materials: Materials) -> dict[str, str]:
    """Every candidate that is not used, by its leaf, under its reason."""
    found: dict[str, list[int]] = {}
    for one in comparison.rejected:
        found.setdefault(one.reason.value, []).append(materials.sales[one.candidate.identity].leaf)
    return {reason: leaves.written(of_it) for reason, of_it in sorted(found.items())}


def _line(one: Adjusted, sale: Sale) -> dict[str, Any]:
    return _sale(sale) | {
        "observed": one.observed.value,
        "distance": _decimal(one.distance),
        "scaled_minor": one.scaled_minor,
        "lines": [
            {"line": line.line.value, "basis_points": line.basis_points, "minor": line.minor, "cut": line.cut}
            for line in one.lines
            if line.basis_points
        ],
        "adjusted_minor": one.adjusted_minor,
        "gross": one.gross_basis_points,
        "weight": one.weight,
        "bound": one.observed is Observed.BELOW_START,
    }


def _sale(sale: Sale) -> dict[str, Any]:
    """What the reader may see of it."""
    facts = sale.shown.facts
    return {
        "record": str(sale.record_id),
        "leaf": sale.leaf,
        "title": facts.title,
        "asset_type": facts.asset_type.value,
        "technology_field": facts.technology_field,
        "country": facts.country,
        "rights": facts.number_of_rights,
        "outcome": facts.outcome.value,
        "sold_on": plain(facts.sold_on),
        "precision": facts.date_precision.value,
        "quarter": sale.shown.quarter,
        "channel": facts.channel.value,
        "forced": facts.forced,
        "proof": facts.proof_grade.value,
        "price_minor": facts.price_minor,
        "top_bid_minor": facts.top_bid_minor,
        "start_price_minor": facts.start_price_minor,
        "currency": facts.currency,
        "rate": plain(sale.rate),
        "coarse": not sale.shown.exact_price,
        "own": sale.shown.own,
    }


def _model(materials: Materials, told: tuple[Any, Prediction]) -> dict[str, Any] | None:
    model, (lot, prediction) = materials.model, told
    if model is None:
        return None
    return {
        "version": model.version,
        "method": model.method,
        "cut_off": model.cut_off.isoformat(),
        "priced": model.priced,
        "unsold": model.unsold,
        "median_minor": prediction.median_minor,
        "mean_minor": prediction.mean_minor,
        "top_bid_minor": prediction.top_bid_minor,
        "range_50": plain(prediction.range_50),
        "range_80": plain(prediction.range_80),
        "spread": _decimal(prediction.log_spread),
        "difficulty": _decimal(prediction.difficulty),
        "bin": prediction.bin,
        "terms": [
            {"name": name, "value": _decimal(value), "error": None if error is None else _decimal(error)}
            for name, value, error in modelling.lines(model, lot)
        ],
        "index": {name: _decimal(level) for name, level in sorted(model.price.levels.items())[-24:]},
    }


def _decimal(value: float) -> str:
    return f"{value:.{_PLACES}f}"


def _exact(value: Any) -> Any:
    """A frozen value as JSON whose floats are rounded: a machine may differ in the last binary digit."""
    return plain(value, _PLACES)


def with_income(asked: Asked, stated: income.IncomeInputs | None, scores: dict[str, int]) -> Asked:
    """The same thing asked with what a person stated of its income and its quality; raises Refused."""
    scorecard.check_scores(scores)
    if stated is not None:
        income.check_income(stated)
    return replace(asked, income=stated, scores=tuple(sorted(scores.items())))
