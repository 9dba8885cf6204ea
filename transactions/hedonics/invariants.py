"""What must always hold of fitted models: each question must find nothing."""

from collections.abc import Callable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from transactions.hedonics import queries
from transactions.hedonics.model import from_json
from transactions.hedonics.models import FittedModel


def versions_are_digests(session: Session) -> list[str]:
    """Each model reads back, and its version is the digest of what it says."""
    problems = []
    for row in session.scalars(select(FittedModel).execution_options(yield_per=10)):
        try:
            model = from_json(row.document)
        except (TypeError, KeyError, ValueError):
            problems.append(f"model {row.number} cannot be read")
            continue
        said = (row.version, row.data_digest, row.priced, row.unsold, row.cut_off, row.currency)
        is_so = (model.version, model.data_digest, model.priced, model.unsold, model.cut_off, model.currency)
        if said != is_so:
            problems.append(f"model {row.number} does not say what its version {row.version} stands for")
    return problems


def numbers_have_no_gap(session: Session) -> list[str]:
    """Models are numbered 1, 2, 3 … in the order of their fits."""
    rows = session.execute(select(FittedModel.number, FittedModel.fitted_at).order_by(FittedModel.number))
    problems, before = [], None
    for place, row in enumerate(rows, start=1):
        if row.number != place:
            return [f"model {place} is missing"]
        if before is not None and row.fitted_at < before:
            problems.append(f"model {row.number} is older than the one before")
        before = row.fitted_at
    return problems


def models_rest_on_records(session: Session) -> list[str]:
    """No model was fitted to more lots than the log had leaves, and none to more leaves than it has now."""
    size = queries.tree_size(session)
    return [
        f"model {row.number} rests on {row.priced + row.unsold} lots of {row.tree_size} leaves"
        for row in session.execute(
            select(FittedModel.number, FittedModel.priced, FittedModel.unsold, FittedModel.tree_size)
        )
        if not row.priced + row.unsold <= row.tree_size <= size
    ]


CHECKS: Sequence[tuple[str, Callable[[Session], list[str]]]] = (
    ("each fitted model is what its version says", versions_are_digests),
    ("fitted models are numbered without a gap", numbers_have_no_gap),
    ("fitted models rest on records of the log", models_rest_on_records),
)
