"""What the contest's pages show.

Never an amount or a name before the opening, and no figure of a sale whose price its parties keep back.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

from sqlalchemy.orm import Session

from marketplace import charts, clock
from marketplace.clock import LOCAL_ZONE
from transactions.contest import queries, rules
from transactions.contest.models import ContestFee, ContestResult, OpenedEstimate
from transactions.contest.rules import Place, Verdict
from transactions.disclosure.rules import ANYBODY, shown
from transactions.models import TransactionRecord
from transactions.rules.words import AssetFamily


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the league table with what it may be called; an empty name is somebody's who is not named."""

    place: Place
    name: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An opened estimate as a reader sees it; `figures` says whether the price is anybody's to see."""

    opened: OpenedEstimate
    name: str
    figures: bool


@dataclass(frozen=True, slots=True)
class Round:
    """A scored round of a lot."""

    result: ContestResult
    entries: Sequence[Entry]
    figures: bool
    fee: ContestFee | None


def percent_off(log_error: float | None) -> float | None:
    """An error of logarithms as a factor less one: 0.2 is twenty per cent too much, or too little."""
    return None if log_error is None else exp(log_error) - 1


def league(session: Session, family: AssetFamily | None) -> list[Line]:
    """The table of the last 24 months; the names of those who consented."""
    now = clock.now()
    scored = queries.scored_since(session, now - rules.WINDOW)
    places = rules.league(scored, now, {family} if family else ())
    names = queries.named(session, {place.estimator for place in places if place.estimator})
    return [Line(place, names.get(place.estimator, "") if place.estimator else "") for place in places]


def rounds(session: Session, lot_id: uuid.UUID) -> list[Round]:
    """The scored rounds of a lot, the latest first."""
    results = queries.results_of_lot(session, lot_id)
    opened = queries.opened(session, [result.id for result in results])
    names = queries.named(session, {one.institution_id for one in opened if one.institution_id})
    found = []
    for result in results:
        figures = figures_shown(session, result)
        entries = [
            Entry(one, names.get(one.institution_id, "") if one.institution_id else "", figures)
            for one in opened
            if one.result_id == result.id
        ]
        found.append(Round(result, entries, figures, queries.fee_of(session, result.id)))
    return found


def figures_shown(session: Session, result: ContestResult) -> bool:
    """Whether anybody may see the exact price, and so what an estimate was off by."""
    record = session.get(TransactionRecord, result.record_id)
    today = clock.now().astimezone(LOCAL_ZONE).date()
    view = shown(record.facts(), ANYBODY, today) if record else None
    return view is not None and view.exact_price


def own(session: Session, institution_id: uuid.UUID) -> list[Entry]:
    """An institution's opened estimates; the figures of those whose price it may see."""
    return [
        Entry(one, "", figures_shown(session, one.result)) for one in queries.own(session, institution_id)
    ]


def own_chart(entries: Sequence[Entry]) -> tuple[charts.PairChart | None, str]:
    """Estimate against price, in the currency of most of them."""
    priced = [one.opened for one in entries if one.figures and one.opened.verdict is Verdict.SCORED]
    currencies = [one.result.currency for one in priced]
    currency = max(currencies, key=currencies.count, default="")
    points = [
        charts.Pair(float(one.value_minor), float(one.result.price_minor), one.result.lot.title)
        for one in priced
        if one.result.currency == currency and one.value_minor and one.result.price_minor
    ]
    return charts.pairs(points), currency
