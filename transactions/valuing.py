"""The comparables of a lot: its facts and the shared record, handed to the pure comparison."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from marketplace.clock import LOCAL_ZONE, now
from marketplace.listings.models import Lot
from transactions import carrying, queries
from transactions.comparables.estimate import Comparison, compare
from transactions.comparables.values import Candidate, Subject
from transactions.models import TransactionRecord
from transactions.rates import Rate, convert, rate_for
from transactions.rules.words import AssetType

REJECTED_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Valuation:
    """A comparison, and what a page needs to show it.

    Attributes:
        records: the comparables and the first of the rejected, by identity.
        rates: by which a foreign price was converted, by identity.
    """

    comparison: Comparison
    records: dict[str, TransactionRecord]
    rates: dict[str, Rate]


def subject_of(lot: Lot, on: date) -> Subject:
    """The lot as the comparison sees it on that day."""
    facts = carrying.facts_of_lot(lot, on)
    return Subject(
        asset_type=AssetType(facts["asset_type"]),
        technology_field=facts["technology_field"],
        number_of_rights=facts["number_of_rights"] or 1,
        remaining_life_months=facts["remaining_life_months"],
        channel=carrying.channel_of(lot.auction_format),
        forced=facts["forced"],
        on=on,
        currency=lot.currency,
    )


def value_lot(session: Session, lot: Lot) -> Valuation:
    """Compare the lot, as of today, with every sale but its own."""
    subject = subject_of(lot, now().astimezone(LOCAL_ZONE).date())
    own = queries.sources_of_lot(session, lot.id)
    rows = queries.candidates(session, subject.family, on=subject.on)
    return value(session, subject, [row for row in rows if row.source_id not in own])


def value(session: Session, subject: Subject, rows: Sequence[Any]) -> Valuation:
    """Compare a subject with rows of `queries.candidates`, prices converted where a loaded rate allows it."""
    known = [
        Rate(row.rate_on, row.currency, row.base, row.rate, row.source)
        for row in queries.rates_to(session, subject.currency)
    ]
    used: dict[str, Rate] = {}
    comparison = compare(subject, [_candidate(row, subject.currency, known, used) for row in rows])
    shown = [one.candidate.identity for one in comparison.comparables]
    shown += [one.candidate.identity for one in comparison.rejected[:REJECTED_SHOWN]]
    return Valuation(comparison, queries.records_by_id(session, shown), used)


def _candidate(record: Any, currency: str, known: Sequence[Rate], used: dict[str, Rate]) -> Candidate:
    identity, price, convertible = str(record.id), record.price_minor, True
    if record.currency != currency:
        rate = rate_for(known, record.currency, currency, record.sold_on) if record.sold_on else None
        convertible = rate is not None
        if rate is not None and price is not None:
            used[identity] = rate
            price = convert(price, record.currency, currency, rate)
    return Candidate(
        identity=identity,
        outcome=record.outcome,
        asset_type=record.asset_type,
        technology_field=record.technology_field,
        number_of_rights=record.number_of_rights,
        remaining_life_months=record.remaining_life_months,
        channel=record.channel,
        forced=record.forced,
        sold_on=record.sold_on,
        price_minor=price,
        grade=record.proof_grade,
        right_sold=record.right_sold,
        arms_length=record.arms_length,
        usable=record.usable,
        convertible=convertible,
    )
