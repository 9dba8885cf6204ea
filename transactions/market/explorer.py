"""The list of prior sales as its page shows it: what a reader may see of each, pages, and the picture."""

import math
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy.orm import Session

from marketplace import charts, clock
from marketplace.clock import LOCAL_ZONE
from marketplace.errors import NotFound
from transactions.disclosure.rules import Shown, shown
from transactions.disclosure.texts import title_of
from transactions.market import queries
from transactions.market.filters import Filters, Question
from transactions.market.queries import Count
from transactions.market.remembered import remembered
from transactions.market.texts import language
from transactions.models import TransactionRecord
from transactions.rules.facts import SaleFacts
from transactions.rules.words import SaleOutcome

CHART_LIMIT = 300


@dataclass(frozen=True, slots=True)
class Sale:
    """A record as its reader sees it; `title` is a description where the title itself is kept back."""

    record: TransactionRecord
    shown: Shown
    title: str

    @property
    def facts(self) -> SaleFacts:
        return self.shown.facts


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, as `macros.pager` reads it; pages beyond the limit are left to the download."""

    items: Sequence[Sale]
    page: int
    total: int

    @property
    def pages(self) -> int:
        return min(math.ceil(self.total / queries.PAGE_SIZE), queries.PAGES_LIMIT)

    @property
    def has_prev(self) -> bool:
        return self.page > 1

    @property
    def has_next(self) -> bool:
        return self.page < self.pages


def sales_of(records: Iterable[TransactionRecord], question: Question) -> list[Sale]:
    """The records as the reader sees them; what may not be seen is left out."""
    views = ((record, shown(record.facts(), question.reader, question.on)) for record in records)
    return [Sale(record, view, title_of(view)) for record, view in views if view is not None]


def sale_of(session: Session, question: Question, record_id: uuid.UUID) -> Sale:
    """One record as the reader sees it.

    Raises:
        NotFound: when there is none, or the reader may not know of it.
    """
    record = session.get(TransactionRecord, record_id)
    found = sales_of([record], question) if record is not None else []
    if not found:
        raise NotFound(str(record_id))
    return found[0]


def history_of(session: Session, question: Question, record: TransactionRecord) -> list[Sale]:
    """What was recorded of the sale, the oldest first; one alone is no history."""
    chain = sales_of(queries.newer_and_older(session, record), question)
    return chain if len(chain) > 1 else []


def attempts_of(session: Session, question: Question, record: TransactionRecord) -> list[Sale]:
    """The attempts to sell the same lot, the first one first; one alone is no chain."""
    chain = sales_of(queries.attempts(session, record), question)
    return chain if len(chain) > 1 else []


def counts(session: Session, question: Question) -> list[Count]:
    """The counts of the question, remembered while the log stays as it is."""
    return remembered(session, "counts", question, queries.counts)


def total(found: Iterable[Count]) -> int:
    """How many records were counted: every record has exactly one outcome."""
    return sum(one.count for one in found if one.facet == "outcome")


def years(session: Session) -> list[int]:
    """The years there are sales of that anybody can look up, the latest first."""
    found = counts(session, Question(Filters(), today()))
    return sorted((int(one.value) for one in found if one.facet == "year" and one.value), reverse=True)


def page_of(session: Session, question: Question, page: int, found: Sequence[Count]) -> Page:
    """A page of the list."""
    without_date = sum(one.count for one in found if one.facet == "year" and not one.value)
    records = queries.part_of(
        session,
        question,
        queries.PAGE_SIZE,
        offset=(page - 1) * queries.PAGE_SIZE,
        dated=total(found) - without_date,
    )
    return Page(sales_of(records, question), page, total(found))


def picture(session: Session, question: Question) -> tuple[charts.PriceChart | None, str, int]:
    """Dots of the currency that most of the latest records are in, that currency, and how many were read.

    Two currencies have no common scale. A full dot is a sale, an empty one a start price at which nothing
    was sold. Remembered while the log stays as it is.
    """
    return remembered(session, f"picture in {language()}", question, _picture)


def _picture(session: Session, question: Question) -> tuple[charts.PriceChart | None, str, int]:
    records = session.scalars(queries.listed(question).limit(CHART_LIMIT)).all()
    dots = [one for sale in sales_of(records, question) for one in _dot(sale)]
    if not dots:
        return None, "", len(records)
    currency = Counter(code for code, _ in dots).most_common(1)[0][0]
    return charts.scatter([dot for code, dot in dots if code == currency]), currency, len(records)


def _dot(sale: Sale) -> Iterator[tuple[str, charts.Dot]]:
    facts = sale.facts
    sold = facts.outcome is SaleOutcome.SOLD
    minor = facts.price_minor if sold else facts.start_price_minor
    if facts.sold_on and minor:
        yield facts.currency, charts.Dot(noon(facts.sold_on), minor, sale.title, "plain" if sold else "open")


def today() -> date:
    """The day in the local zone: what decides what has been released."""
    return clock.now().astimezone(LOCAL_ZONE).date()


def noon(day: date) -> datetime:
    """The middle of a day in the local zone."""
    return datetime.combine(day, time(12), LOCAL_ZONE)
