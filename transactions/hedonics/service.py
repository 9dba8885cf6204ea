"""Fit the price model to the record, and keep what was fitted."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy.orm import Session

from marketplace.clock import LOCAL_ZONE, now
from transactions.disclosure.rules.words import Purpose
from transactions.disclosure.service.noting import note_program
from transactions.hedonics import loading, queries
from transactions.hedonics.method import LEAST_PRICED
from transactions.hedonics.model import HedonicModel, from_json
from transactions.hedonics.models import FittedModel
from transactions.rules.words import AssetFamily


@dataclass(frozen=True, slots=True)
class Fit:
    """What came of a fit.

    Attributes:
        model: None where there were too few priced records, `priced` of at least `LEAST_PRICED`.
        left_out: records not used, by reason. tree_size: leaves of the log that were looked at.
    """

    model: HedonicModel | None
    family: AssetFamily
    currency: str
    priced: int
    unsold: int
    tree_size: int
    left_out: Mapping[str, int] = field(default_factory=dict)


def fit(
    session: Session, family: AssetFamily = AssetFamily.PATENT, *, on: date | None = None, currency: str = ""
) -> Fit:
    """Fit to what may be used on that day, today by default; nothing is written, so no lock is held."""
    size = queries.tree_size(session)
    day = on or now().astimezone(LOCAL_ZONE).date()
    loaded = loading.load(session, day, currency, family)
    model = None
    if loaded.priced >= LEAST_PRICED:
        # SciPy and scikit-learn are needed here alone, and never to answer a request.
        from transactions.hedonics import fitting  # noqa: PLC0415

        model = replace(fitting.fit(loaded.observations, loaded.currency), family=family.value)
    unsold = len(loaded.observations) - loaded.priced
    return Fit(model, family, loaded.currency, loaded.priced, unsold, size, dict(loaded.left_out))


def fit_families(session: Session, currency: str = "") -> list[Fit]:
    """A fit of every family, patents last: theirs are most, and whoever asks for the last fit gets it."""
    families = sorted(AssetFamily, key=lambda family: family is AssetFamily.PATENT)
    return [fit(session, family, currency=currency) for family in families]


def keep(session: Session, fitted: Fit) -> FittedModel | None:
    """Keep a fit; the same model is kept once. None where there was nothing to fit."""
    model = fitted.model
    if model is None:
        return None
    note_program(session, "price model", Purpose.MODEL, now().astimezone(LOCAL_ZONE).date())
    known = session.get(FittedModel, model.version)
    if known is not None:
        return known
    row = FittedModel(
        version=model.version,
        number=queries.next_number(session),
        data_digest=model.data_digest,
        family=model.family,
        method=model.method,
        currency=model.currency,
        priced=model.priced,
        unsold=model.unsold,
        cut_off=model.cut_off,
        tree_size=fitted.tree_size,
        document=model.to_json(),
        fitted_at=now(),
    )
    session.add(row)
    session.flush()
    return row


def latest(session: Session, family: AssetFamily = AssetFamily.PATENT) -> HedonicModel | None:
    """The last model that was fitted to rights of the family."""
    row = queries.latest(session, family)
    return from_json(row.document) if row else None


def of_version(session: Session, version: str) -> HedonicModel | None:
    """The model of a version, however old."""
    row = session.get(FittedModel, version)
    return from_json(row.document) if row else None
