"""A right that its creditor took is recorded for what it is: no market price, and of use to no valuation."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.db import atomic
from marketplace.deals.rules import DealSource
from transactions import service
from transactions.models import TransactionRecord
from transactions.rules.words import Channel, DatePrecision, SaleOutcome

from .sale_builders import a_completed_deal


def record_one() -> bool:
    with atomic() as session:
        return service.record_due(session)


@pytest.mark.parametrize(
    ("source", "channel", "precision"),
    [
        (DealSource.TAKING, Channel.CREDITOR_TAKING, DatePrecision.DAY),
        (DealSource.CONVERSION, Channel.AGREED_CONVERSION, DatePrecision.MONTH),
    ],
)
def test_what_a_creditor_took_is_marked(
    session: Session, source: DealSource, channel: Channel, precision: DatePrecision
) -> None:
    with atomic() as writing:
        deal = a_completed_deal(writing)
        deal.source, deal.buyer_id = source, deal.seller_id
    while record_one():
        pass
    (record,) = session.scalars(select(TransactionRecord)).all()
    assert (record.outcome, record.channel, record.date_precision) == (SaleOutcome.SOLD, channel, precision)
    assert (record.arms_length, record.usable) == (False, False)
    assert "creditor itself" in record.exclusion_reason
    assert record.price_minor == deal.price_minor
