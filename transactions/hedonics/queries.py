"""The records that a model may be fitted to, and the models that were fitted."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from transactions import queries as records
from transactions.disclosure.queries import for_model
from transactions.hedonics.models import FittedModel
from transactions.models import LogHead, TransactionRecord
from transactions.rules.words import AssetFamily, Channel, RightSold, SaleOutcome, types_of

# A fit reads at most so many, the latest first.
RECORDS_LIMIT = 100_000


def usable_records(session: Session, on: date, family: AssetFamily) -> Sequence[TransactionRecord]:
    """Offered lots of the family that a model for everybody may learn from on that day, the latest first.

    Not those that were withdrawn, rescinded or excluded, sold between related parties, licensed, or sold
    with a whole company.
    """
    record = TransactionRecord
    query = (
        records.current_records()
        .where(for_model(on), record.asset_type.in_(sorted(types_of(family))))
        .where(record.outcome.in_([SaleOutcome.SOLD, SaleOutcome.UNSOLD]))
        .where(record.right_sold == RightSold.OWNERSHIP, record.channel != Channel.COMPANY_TAKEOVER)
        .where(record.usable, record.arms_length, ~record.related_party)
        .order_by(record.leaf_index.desc())
        .limit(RECORDS_LIMIT)
    )
    return session.scalars(query).all()


def tree_size(session: Session) -> int:
    """How many leaves the price log has."""
    return session.scalar(select(LogHead.size)) or 0


def latest(session: Session, family: AssetFamily) -> FittedModel | None:
    """The last model that was fitted to rights of the family."""
    query = select(FittedModel).where(FittedModel.family == family.value)
    return session.scalars(query.order_by(FittedModel.number.desc()).limit(1)).first()


def last_fit(session: Session) -> tuple[datetime, int] | None:
    """When the last model was fitted, and how many leaves the log had."""
    query = select(FittedModel.fitted_at, FittedModel.tree_size).order_by(FittedModel.number.desc()).limit(1)
    row = session.execute(query).first()
    return (row.fitted_at, row.tree_size) if row else None


def next_number(session: Session) -> int:
    """One more than the number of the last model."""
    return (session.scalar(select(func.max(FittedModel.number))) or 0) + 1
