"""The comparables of a lot: its facts and the shared record, handed to the pure comparison."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from marketplace.clock import LOCAL_ZONE, now
from marketplace.listings.models import Lot
from transactions import candidates, carrying, queries
from transactions.candidates import Found
from transactions.comparables.estimate import Comparison, compare
from transactions.comparables.learning import NOTHING_LEARNED, Learned
from transactions.comparables.of_model import of_model
from transactions.comparables.strata import Search
from transactions.comparables.values import DEFAULT, Candidate, Settings, Subject
from transactions.disclosure.rules import ANYBODY, Reader, Shown, shown
from transactions.hedonics.service import latest
from transactions.rates import Rate, convert, rate_for
from transactions.rules.facts import SaleFacts
from transactions.rules.words import AssetType

REJECTED_SHOWN = 50

_SAME = (
    "outcome",
    "asset_type",
    "technology_field",
    "number_of_rights",
    "remaining_life_months",
    "channel",
    "forced",
    "sold_on",
    "right_sold",
    "usable",
    "bids",
    "classes",
    "country",
    "family_size",
    "claims",
    "forward_citations",
    "age_months",
    "evidence_of_use",
    "attempt",
    "seller_kind",
)


@dataclass(frozen=True, slots=True)
class Valuation:
    """A comparison, and what a page needs to show it.

    Attributes:
        views: what the reader may see of the comparables, of the unsold lots used and of the first of the
            rejected, by identity.
        rates: by which a foreign price was converted, by identity.
        search: where the candidates were looked for.
    """

    comparison: Comparison
    views: Mapping[str, Shown]
    rates: dict[str, Rate]
    search: Search = field(default_factory=Search)


def subject_of(lot: Lot, on: date) -> Subject:
    """The lot as the comparison sees it on that day."""
    facts = carrying.facts_of_lot(lot, on)
    known = {name: facts[name] for name in _SAME if name in facts}
    known |= {
        "asset_type": AssetType(facts["asset_type"]),
        "number_of_rights": facts["number_of_rights"] or 1,
        "channel": carrying.channel_of(lot.auction_format),
        "seller_kind": lot.institution.kind.value,
    }
    return Subject(on=on, currency=lot.currency, **known)


def value_lot(session: Session, lot: Lot, reader: Reader = ANYBODY) -> Valuation:
    """Compare the lot, as of today, with every sale that the reader may learn from but the lot's own.

    Weights and lines are those of the last fitted model of its family, or the defaults before there is one.
    """
    subject = subject_of(lot, now().astimezone(LOCAL_ZONE).date())
    model = latest(session, subject.family)
    return value_subject(
        session,
        subject,
        reader,
        learned=of_model(model) if model else NOTHING_LEARNED,
        without=queries.sources_of_lot(session, lot.id),
    )


def value_subject(
    session: Session,
    subject: Subject,
    reader: Reader = ANYBODY,
    *,
    learned: Learned = NOTHING_LEARNED,
    settings: Settings = DEFAULT,
    without: Collection[str] = (),
) -> Valuation:
    """Compare any subject with the record as the reader may see it on the subject's day.

    Args:
        session: reads from the shared record.
        subject: the lot whose price is asked for.
        reader: whose rights decide which sales are used, and how exactly.
        learned: what a fitted model teaches; the defaults without one.
        settings: the numbers of the method.
        without: source ids that are not compared with, those of the lot itself.
    """
    found = candidates.find(session, subject, reader, settings)
    exchange = _Exchange(subject.currency, _rates(session, subject.currency))
    views = _views(found, subject, reader, without)
    comparison = compare(
        subject,
        [_candidate(identity, view, seller, exchange) for identity, view, seller in views],
        settings,
        learned,
    )
    return _valuation(comparison, found, exchange, {identity: view for identity, view, _ in views})


def _rates(session: Session, currency: str) -> list[Rate]:
    return [
        Rate(row.rate_on, row.currency, row.base, row.rate, row.source)
        for row in queries.rates_to(session, currency)
    ]


_View = tuple[str, Shown, str]


def _views(found: Found, subject: Subject, reader: Reader, without: Collection[str]) -> list[_View]:
    """Identity, what the reader may see, and the token of the seller's parent, which nobody is shown."""
    views = []
    for row in found.rows:
        if row.source_id not in without:
            # What was selected in the database may serve in advice: `comparable_to` asks for the admission.
            view = shown(candidates.facts_of(row), reader, subject.on, admitted=True)
            if view is not None:
                views.append((str(row.id), view, row.seller_parent))
    return views


def _valuation(
    comparison: Comparison,
    found: Found,
    exchange: "_Exchange",
    views: Mapping[str, Shown],
) -> Valuation:
    identities = [one.candidate.identity for one in (*comparison.comparables, *comparison.attempts)]
    identities += [one.candidate.identity for one in comparison.rejected[:REJECTED_SHOWN]]
    return Valuation(
        comparison=comparison,
        views={identity: views[identity] for identity in identities},
        rates=exchange.used,
        search=found.search,
    )


_AMOUNTS = ("price_minor", "top_bid_minor", "start_price_minor")


@dataclass(frozen=True, slots=True)
class _Exchange:
    """Converts amounts to one currency by loaded rates, and keeps which of them it used for which record."""

    currency: str
    known: Sequence[Rate]
    used: dict[str, Rate] = field(default_factory=dict)

    def amounts(self, identity: str, facts: SaleFacts) -> dict[str, Any] | None:
        """The amounts of the record in the currency; None where no rate leads there."""
        amounts: dict[str, Any] = {name: getattr(facts, name) for name in _AMOUNTS}
        if facts.currency == self.currency:
            return amounts
        rate = rate_for(self.known, facts.currency, self.currency, facts.sold_on) if facts.sold_on else None
        if rate is None:
            return None
        self.used[identity] = rate
        return {
            name: None if minor is None else convert(minor, facts.currency, self.currency, rate)
            for name, minor in amounts.items()
        }


def _candidate(identity: str, view: Shown, seller: str, exchange: _Exchange) -> Candidate:
    facts = view.facts
    amounts = exchange.amounts(identity, facts)
    return Candidate(
        identity=identity,
        grade=facts.proof_grade,
        arms_length=facts.arms_length and not facts.related_party,
        convertible=amounts is not None,
        seller=seller,
        **(amounts or {name: getattr(facts, name) for name in _AMOUNTS}),
        **{name: getattr(facts, name) for name in _SAME},
    )
