"""Rates of the day: an officer of the operator enters one with its source, another person confirms it."""

import uuid
from datetime import date

from sqlalchemy.orm import Session

from marketplace import clock, four_eyes
from marketplace.access import Actor, Verb, require
from marketplace.clock import LOCAL_ZONE
from marketplace.deals.queries import lock_deal
from marketplace.errors import Conflict, Refused
from payments.rates import queries
from payments.rates.models import DealRate
from payments.rates.rules import RateReason, read_rate
from payments.service.acts import record


def enter_rate(
    session: Session,
    actor: Actor,
    deal_id: uuid.UUID,
    *,
    currency: str,
    rate: str,
    rate_on: date,
    source: str,
    reason: str,
) -> DealRate:
    """The first person: on that day that source published that rate.

    Raises:
        Refused: it is no rate, no claim is in that currency, no source is named, or the day is to come.
        Conflict: a rate for the currency is confirmed or waits.
        NotFound, NotAllowed: no such deal; as `access.require`.
    """
    require(actor, Verb.CONFIRM_MONEY)
    deal, now = lock_deal(session, deal_id), clock.now()
    read_rate(rate)
    if currency not in queries.currencies_to_convert(deal.lot, deal.currency):
        raise Refused(RateReason.NO_SUCH_CLAIM, field="currency")
    if not source.strip():
        raise Refused(RateReason.SOURCE_MISSING, field="source")
    if rate_on > now.astimezone(LOCAL_ZONE).date():
        raise Refused(RateReason.NOT_OF_TODAY, field="rate_on")
    others = [row for row in queries.rates_of(session, deal.id) if row.currency == currency]
    if any(row.agreed is not False for row in others):
        raise Conflict(RateReason.RATE_WAITS, field="currency")
    row = DealRate(
        deal_id=deal.id,
        deal=deal,
        currency=currency,
        rate=rate.strip(),
        rate_on=rate_on,
        source=source.strip()[:200],
        **four_eyes.proposed(actor, reason, now),
    )
    session.add(row)
    session.flush()
    record(session, "enter_rate", deal.id, actor, reason=row.reason, currency=currency, rate=row.rate)
    return row


def answer_rate(session: Session, actor: Actor, rate_id: uuid.UUID, *, agreed: bool, answer: str) -> DealRate:
    """The second person has looked at the source too: the rate counts, or does not.

    Raises:
        Refused: no reason is given.
        Conflict: it is answered.
        NotFound, NotAllowed: no such rate; the actor entered it; as `access.require`.
    """
    require(actor, Verb.RELEASE_MONEY)
    row = queries.lock_rate(session, rate_id)
    four_eyes.settle(row, actor, agreed=agreed, answer=answer, now=clock.now())
    record(session, "answer_rate", row.deal_id, actor, reason=row.answer, agreed=agreed, rate=row.rate)
    return row
