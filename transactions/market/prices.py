"""The prices that the pictures are drawn from: columns of the sales that may be compared with each other."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from transactions.market.filters import Question
from transactions.market.queries import listed
from transactions.models import TransactionRecord
from transactions.rules.words import AssetType, Channel, RightSold, SaleOutcome

PRICED_LIMIT = 50_000


@dataclass(frozen=True, slots=True)
class Priced:
    """What the pictures of prices need of a record that is seen one by one."""

    sold_on: date | None
    outcome: SaleOutcome
    asset_type: AssetType
    technology_field: int | None
    channel: Channel
    forced: bool
    number_of_rights: int | None
    price_minor: int | None

    @property
    def per_right(self) -> float | None:
        """Minor units per right; None where nothing was paid or the number is not known."""
        if self.price_minor is None or not self.number_of_rights:
            return None
        return self.price_minor / self.number_of_rights


def priced(session: Session, question: Question) -> list[Priced]:
    """The latest `PRICED_LIMIT` dated records of the question, for comparison with each other alone.

    Left out is what may not serve as a comparable, and licences.
    """
    record = TransactionRecord
    query = (
        listed(question)
        .where(record.usable, record.arms_length)
        .where(record.right_sold == RightSold.OWNERSHIP)
        .with_only_columns(
            record.sold_on,
            record.outcome,
            record.asset_type,
            record.technology_field,
            record.channel,
            record.forced,
            record.number_of_rights,
            record.price_minor,
        )
        .limit(PRICED_LIMIT)
    )
    rows: Iterable[Any] = session.execute(query)
    return [Priced(*row) for row in rows]
