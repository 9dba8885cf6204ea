"""The fitted model as a valuation uses it: its estimate, its table of terms, chance of sale and curve."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from transactions.comparables.learning import NOTHING_LEARNED, Learned
from transactions.comparables.of_model import of_model
from transactions.comparables.values import Subject
from transactions.hedonics.attributes import LotAttributes, of_subject
from transactions.hedonics.chance import sale_chance
from transactions.hedonics.model import HedonicModel, from_json
from transactions.hedonics.models import FittedModel
from transactions.hedonics.prediction import Prediction, contributions, predict
from transactions.hedonics.reserve import ROUNDS_LIMIT, SalePlan, reserve_curve
from transactions.valuations.rules.asking import Asked, SaleTerms
from transactions.valuations.rules.plain import plain


def latest_version(session: Session) -> str:
    """The version of the last fit; empty before the first."""
    query = select(FittedModel.version).order_by(FittedModel.number.desc()).limit(1)
    return session.scalar(query) or ""


def load(session: Session, version: str, family: str, currency: str) -> HedonicModel | None:
    """That version, or the last of this family and currency before it; None where none is kept."""
    last = session.get(FittedModel, version)
    if last is None:
        return None
    found = FittedModel
    query = select(found).where(
        found.number <= last.number, found.family == family, found.currency == currency
    )
    row = session.scalars(query.order_by(found.number.desc()).limit(1)).one_or_none()
    return from_json(row.document) if row is not None else None


def estimate(model: HedonicModel, subject: Subject) -> tuple[LotAttributes, Prediction]:
    """The subject as the model sees it, and what it says of it."""
    lot = of_subject(subject)
    return lot, predict(model, lot)


def lines(model: HedonicModel, lot: LotAttributes) -> list[tuple[str, float, float | None]]:
    """Each term with what it adds to the logarithm of the price, and its standard error where it has one."""
    return [
        (name, value, model.errors.get(name))
        for name, value in contributions(model.price, model, lot).items()
    ]


def learned(model: HedonicModel | None) -> Learned:
    """What the model teaches the comparison; the defaults without one."""
    return of_model(model) if model is not None else NOTHING_LEARNED


def sale(model: HedonicModel, asked: Asked) -> dict[str, Any]:
    """Chance of sale at the start price, and the curve of start prices with the one that is suggested.

    Shares in basis points. The suggestion is the start price with the highest expected net recovery that the
    floors of the rule pack allow; it binds nobody.
    """
    terms, lot = asked.terms or SaleTerms(), of_subject(asked.subject)
    start = terms.start_minor or None
    return {
        "start_minor": start,
        "chance": _share(sale_chance(model, lot, start)) if start else None,
        "learned": model.chance.learned,
        "curve": _curve(model, lot, terms) if terms.curve else None,
    }


def _curve(model: HedonicModel, lot: LotAttributes, terms: SaleTerms) -> dict[str, Any]:
    plan = SalePlan(
        floors=terms.floors[:ROUNDS_LIMIT] or (0,),
        cut_basis_points=terms.cut,
        cost_minor=terms.costs_minor,
        fee_basis_points=terms.fee,
        usual_start_minor=terms.start_minor or None,
    )
    curve = reserve_curve(model, lot, plan)
    return {
        "suggested_minor": curve.recommended.start_prices[0],
        "floor_minor": plan.floors[0] or None,
        "floor_rule": terms.floor_rule,
        "floor_binds": curve.floor_binds,
        "plan": plain(plan),
        "points": [
            {
                "starts": list(point.start_prices),
                "chance": _share(point.sale_chance),
                "unsold": [_share(one) for one in point.unsold_in],
                "expected_minor": point.expected_minor,
                "p10_minor": point.p10_minor,
                "p50_minor": point.p50_minor,
                "p90_minor": point.p90_minor,
                "suggested": point == curve.recommended,
            }
            for point in curve.points
        ],
    }


def _share(probability: float) -> int:
    return round(probability * 10_000)
