"""What a valuation is made from besides what is asked: sales as the reader sees them, rates, the model.

What was gathered is written down as leaves of the log and rates, and is gathered again from there: later
records, corrections, admissions and rates change nothing of a valuation that was made.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from transactions import candidates, queries
from transactions.comparables.strata import Search
from transactions.comparables.values import Candidate, Settings, Subject
from transactions.disclosure.rules import Reader, Shown, shown
from transactions.hedonics.model import HedonicModel
from transactions.models import LogHead, TransactionRecord
from transactions.rates import Rate, convert, rate_for
from transactions.rules.facts import SaleFacts
from transactions.valuations import modelling
from transactions.valuations.rules import leaves

_AT_ONCE = 500

# So many sales are remembered from one valuation to the next of a batch.
SALES_REMEMBERED = 20_000
# As the rows of a search.
_COLUMNS = (
    TransactionRecord.id,
    *(getattr(TransactionRecord, name) for name in candidates.COMPARED_FACTS),
    TransactionRecord.leaf_index,
)


@dataclass(frozen=True, slots=True)
class AsOf:
    """The state of the world that a valuation looks at.

    Attributes:
        tree_size: leaves of the log; later ones are not looked at.
        model_version: of the last fit, of whatever family; empty before the first.
        reader: who asks; what it may see decides what may serve.
    """

    on: date
    tree_size: int
    model_version: str
    reader: Reader


@dataclass(frozen=True, slots=True)
class Sale:
    """A candidate with what the report says of it."""

    candidate: Candidate
    record_id: uuid.UUID
    leaf: int
    shown: Shown
    rate: Rate | None


@dataclass(frozen=True, slots=True)
class Materials:
    """Everything gathered for one subject.

    Attributes:
        sales: by the identity of their candidate.
        rates: those that converted a price.
        search: how the sales were found.
    """

    sales: Mapping[str, Sale]
    rates: tuple[Rate, ...]
    search: Search
    model: HedonicModel | None = None

    @property
    def candidates(self) -> list[Candidate]:
        return [sale.candidate for sale in self.sales.values()]

    @property
    def seen(self) -> list[tuple[uuid.UUID, SaleFacts]]:
        """The confidential sales that the reader sees exactly, which are its own."""
        return [
            (one.record_id, replace(one.shown.facts, seller_parent=one.candidate.seller))
            for one in self.sales.values()
            if one.shown.confidential and one.shown.exact_price
        ]

    @property
    def exact(self) -> tuple[tuple[str, str], ...]:
        """Marketplace and parent of each of them."""
        return tuple((facts.source_marketplace, facts.seller_parent) for _, facts in self.seen)

    @property
    def leaves(self) -> str:
        """The leaves of all candidates, as text."""
        return leaves.written(sale.leaf for sale in self.sales.values())


@dataclass(slots=True)
class Desk:
    """Reads what the valuations of one hour share once: rates by currency, and models by version."""

    session: Session
    as_of: AsOf
    _rates: dict[str, list[Rate]] = field(default_factory=dict)
    _models: dict[tuple[str, str], HedonicModel | None] = field(default_factory=dict)
    _sales: dict[tuple[uuid.UUID, str], Sale | None] = field(default_factory=dict)

    def gather(self, subject: Subject, excluded: Iterable[str], settings: Settings) -> Materials:
        """Search the record for the subject, but for its own sales."""
        found = candidates.find(self.session, subject, self.as_of.reader, settings)
        own = frozenset(excluded)
        rows = [
            row for row in found.rows if row.leaf_index < self.as_of.tree_size and row.source_id not in own
        ]
        rates = self._rates_to(subject.currency)
        return self._materials(subject, rows, rates, found.search)

    def again(self, subject: Subject, at: str, rates: Sequence[Rate], search: Search) -> Materials:
        """The same from what was written down; raises ValueError where a leaf is not there."""
        wanted = leaves.read(at)
        rows: list[Any] = []
        for start in range(0, len(wanted), _AT_ONCE):
            chunk = wanted[start : start + _AT_ONCE]
            query = select(*_COLUMNS).where(TransactionRecord.leaf_index.in_(chunk))
            rows += self.session.execute(query).all()
        if len(rows) != len(wanted) or any(leaf >= self.as_of.tree_size for leaf in wanted):
            raise ValueError(f"{len(wanted)} leaves were looked at, {len(rows)} are there")
        return self._materials(subject, rows, rates, search)

    def _materials(
        self, subject: Subject, rows: Iterable[Any], rates: Sequence[Rate], search: Search
    ) -> Materials:
        sales: dict[str, Sale] = {}
        for row in sorted(rows, key=lambda one: str(one.id)):
            sale = self._sale(row, subject.currency, rates)
            if sale is not None:
                sales[sale.candidate.identity] = sale
        used = {sale.rate for sale in sales.values() if sale.rate is not None}
        ordered = tuple(sorted(used, key=lambda rate: (rate.rate_on, rate.currency, rate.base, rate.rate)))
        return Materials(sales, ordered, search, self.model(subject))

    def _sale(self, row: Any, currency: str, rates: Sequence[Rate]) -> Sale | None:
        key = (row.id, currency)
        if key not in self._sales:
            if len(self._sales) >= SALES_REMEMBERED:
                self._sales.clear()
            self._sales[key] = _sale(row, currency, self.as_of, rates)
        return self._sales[key]

    def model(self, subject: Subject) -> HedonicModel | None:
        """The last model of the subject's family and currency as of then; None where none was fitted."""
        key = (subject.family.value, subject.currency)
        if key not in self._models:
            version = self.as_of.model_version
            self._models[key] = modelling.load(self.session, version, *key) if version else None
        return self._models[key]

    def _rates_to(self, currency: str) -> list[Rate]:
        if currency not in self._rates:
            self._rates[currency] = [
                Rate(row.rate_on, row.currency, row.base, row.rate, row.source)
                for row in queries.rates_to(self.session, currency)
            ]
        return self._rates[currency]


def _sale(row: Any, currency: str, as_of: AsOf, rates: Sequence[Rate]) -> Sale | None:
    facts = candidates.facts_of(row)
    # What a search selects may serve: a pooled sale that it found was admitted then.
    view = shown(facts, as_of.reader, as_of.on, admitted=True)
    if view is None:
        return None
    rate = None
    if facts.currency != currency and facts.sold_on is not None:
        rate = rate_for(rates, facts.currency, currency, facts.sold_on)
    return Sale(
        _candidate(row, view, facts.seller_parent, currency, rate), row.id, row.leaf_index, view, rate
    )


def _candidate(row: Any, view: Shown, seller: str, currency: str, rate: Rate | None) -> Candidate:
    facts = view.facts

    def amount(minor: int | None) -> int | None:
        if minor is None or rate is None:
            return minor
        return convert(minor, facts.currency, currency, rate)

    return Candidate(
        identity=str(row.id),
        outcome=facts.outcome,
        asset_type=facts.asset_type,
        technology_field=facts.technology_field,
        number_of_rights=facts.number_of_rights,
        remaining_life_months=facts.remaining_life_months,
        channel=facts.channel,
        forced=facts.forced,
        sold_on=facts.sold_on,
        price_minor=amount(facts.price_minor),
        grade=facts.proof_grade,
        right_sold=facts.right_sold,
        arms_length=facts.arms_length and not facts.related_party,
        usable=facts.usable,
        convertible=rate is not None or facts.currency == currency,
        top_bid_minor=amount(facts.top_bid_minor),
        start_price_minor=amount(facts.start_price_minor),
        bids=facts.bids,
        seller=seller,
        classes=facts.classes,
        country=facts.country,
        family_size=facts.family_size,
        claims=facts.claims,
        forward_citations=facts.forward_citations,
        age_months=facts.age_months,
        evidence_of_use=facts.evidence_of_use,
        attempt=facts.attempt,
        seller_kind=facts.seller_kind,
    )


def as_of_now(session: Session, on: date, reader: Reader) -> AsOf:
    """The log and the model as they stand."""
    size = session.scalar(select(LogHead.size)) or 0
    return AsOf(on, size, modelling.latest_version(session), reader)
