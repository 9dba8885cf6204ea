"""The comparables of a lot: its facts and the shared record, handed to the pure comparison."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from marketplace.clock import LOCAL_ZONE, now
from marketplace.listings.models import Lot
from transactions import carrying, queries
from transactions.comparables.estimate import Comparison, compare
from transactions.comparables.values import Candidate, Subject
from transactions.models import TransactionRecord
from transactions.rates import Rate, convert, rate_for
from transactions.rules.words import AssetType


@dataclass(frozen=True, slots=True)
class Valuation:
    """A comparison with the records it read, and the rate by which each foreign price was converted."""

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
    records = [
        record
        for record in queries.candidates(session, subject.family, on=subject.on)
        if record.source_id not in own
    ]
    return value(session, subject, records)


def value(session: Session, subject: Subject, records: Sequence[TransactionRecord]) -> Valuation:
    """Compare a subject with records, prices converted where a loaded rate allows it."""
    known = [
        Rate(row.rate_on, row.currency, row.base, row.rate, row.source)
        for row in queries.rates_to(session, subject.currency)
    ]
    used: dict[str, Rate] = {}
    candidates = [_candidate(record, subject.currency, known, used) for record in records]
    return Valuation(compare(subject, candidates), {str(record.id): record for record in records}, used)


def _candidate(
    record: TransactionRecord, currency: str, known: Sequence[Rate], used: dict[str, Rate]
) -> Candidate:
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
