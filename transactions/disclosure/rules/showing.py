"""What of a record a reader may see: exactly, coarsely or not at all. Field by field, closed by default."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import cache
from typing import Any

from transactions.rules.facts import FACT_NAMES, SaleFacts
from transactions.rules.words import ConsentTier, DatePrecision

from .ages import ADVICE_MONTHS, old_enough, quarter_of, quarter_start
from .coarse import (
    middle_of_count,
    middle_of_size,
    office_group,
    subclass_of,
    two_figures,
    year_steps,
)
from .fields import POOL_EXACT, PRICE_ONLY_EXACT
from .readers import Reader, ReaderKind, owns, released

# Seen by nobody: it says which sales have the same parent.
NEVER = frozenset({"seller_parent"})

# Free texts may name a right or a party; these are the platform's own and name nobody.
OWN_TEXTS = frozenset(
    {
        "",
        "hammer price",
        "agreed price",
        "reserve of the failed auction",
        "price agreed by creditor and pledgor",
        "The creditor itself took the right; its claim was set off against the price.",
        "The same rights were sold another way: together, or apart.",
        "The sale was undone before its price was distributed.",
        "Seller and buyer belong together.",
        "The buyer was given back what it had paid.",
        "The price was taken back and is borne by those it was paid to.",
        "The price was taken back and nobody will pay it again.",
    }
)


_Coarsen = Callable[[Any], Any]


def _own_text(text: str) -> str:
    return text if text in OWN_TEXTS else ""


def _subclasses(classes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(subclass_of(code) for code in classes[:1])


def _group_name(country: str) -> str:
    return office_group(country).value


_PRICE_ONLY_COARSE: Mapping[str, _Coarsen] = {
    "remaining_life_months": year_steps,
    "age_months": year_steps,
    "family_size": middle_of_count,
    "claims": middle_of_count,
    "forward_citations": middle_of_count,
    "price_basis": _own_text,
    "exclusion_reason": _own_text,
}
_POOL_COARSE: Mapping[str, _Coarsen] = {
    "sold_on": quarter_start,
    "classes": _subclasses,
    "country": _group_name,
    "number_of_rights": middle_of_size,
    "forward_citations": middle_of_count,
    "price_basis": _own_text,
    "exclusion_reason": _own_text,
    "price_minor": two_figures,
    "start_price_minor": two_figures,
    "top_bid_minor": two_figures,
    "reference_price_minor": two_figures,
    "entry_fee_minor": two_figures,
    "royalty_basis_points": two_figures,
}

_DEFAULTS: Mapping[str, Any] = {field.name: field.default for field in fields(SaleFacts)}
_EMPTY: Mapping[str, Any] = {"source_kind": "", "source_id": "", "source_marketplace": "", "title": ""}


@dataclass(frozen=True, slots=True)
class Shown:
    """A record as one reader sees it.

    Attributes:
        facts: withheld fields are empty (None, "" or False), coarse ones stand for their band or step.
        withheld: names of the fields that are kept back, whether or not the record has them.
        coarse: names of the fields whose value is rounded or stands for a band.
        own: the reader's own sale.
        quarter: as 2025Q2 where the date is not told more exactly; else empty.
    """

    facts: SaleFacts
    withheld: frozenset[str]
    coarse: frozenset[str]
    own: bool = False
    quarter: str = ""

    @property
    def exact_price(self) -> bool:
        """Whether the price is the one that was paid, to the last digit."""
        return "price_minor" not in self.coarse | self.withheld

    @property
    def confidential(self) -> bool:
        """Whether this is a sale of the pool or a sealed one: reading it exactly is logged."""
        return self.facts.consent_tier in CONFIDENTIAL

    @property
    def titled(self) -> bool:
        """Whether the title may be shown; else it is described (`disclosure.texts.description`)."""
        return "title" not in self.withheld


# Not to be read one by one by others.
CONFIDENTIAL = frozenset({ConsentTier.POOL, ConsentTier.SEALED})


def shown(facts: SaleFacts, reader: Reader, on: date, *, admitted: bool = False) -> Shown | None:
    """What the reader may see of a record on that day; None when it may not know of it.

    Args:
        facts: as they stand in the record.
        reader: who asks.
        on: the day; it decides whether a sale has been released and is old enough.
        admitted: a release has found enough sales like this one (`cells.crowds`) for it to be shown
            generalised. Without that a pooled sale of another institution is not shown.
    """
    if owns(reader, facts):
        return _view(facts, frozenset(FACT_NAMES) - NEVER, {}, own=True)
    if not released(facts, on):
        return None
    if facts.consent_tier is ConsentTier.PUBLIC:
        return _view(facts, frozenset(FACT_NAMES) - NEVER, {})
    if facts.consent_tier is ConsentTier.PRICE_ONLY:
        return _view(facts, PRICE_ONLY_EXACT, _PRICE_ONLY_COARSE)
    if facts.consent_tier is ConsentTier.POOL and admitted and reader.kind is not ReaderKind.PUBLIC:
        return _pooled(facts, on)
    return None


def _pooled(facts: SaleFacts, on: date) -> Shown | None:
    if facts.sold_on is None or not old_enough(facts.sold_on, facts.date_precision, on, ADVICE_MONTHS):
        return None
    view = _view(facts, POOL_EXACT, _POOL_COARSE)
    dated = replace(view.facts, date_precision=DatePrecision.MONTH)
    return replace(view, facts=dated, quarter=quarter_of(facts.sold_on))


def _view(
    facts: SaleFacts, exact: frozenset[str], coarse: Mapping[str, _Coarsen], *, own: bool = False
) -> Shown:
    """Every field is exact, coarse, or replaced by nothing; a coarse value that is not told stays so."""
    rounded = frozenset(coarse)
    withheld, empty = _withheld(exact, rounded)
    changes = dict(empty)
    for name, coarsen in coarse.items():
        value = getattr(facts, name)
        changes[name] = None if value is None else coarsen(value)
    return Shown(replace(facts, **changes) if changes else facts, withheld, rounded, own)


@cache
def _withheld(exact: frozenset[str], coarse: frozenset[str]) -> tuple[frozenset[str], Mapping[str, Any]]:
    """The names that are kept back, and what stands in their place: one answer for each tier."""
    names = frozenset(FACT_NAMES) - exact - coarse
    return names, {name: _EMPTY.get(name, _DEFAULTS[name]) for name in names}


# What a question may be about without telling a field that is kept back, by tier.
EXACT_FIELDS: Mapping[ConsentTier, frozenset[str]] = {
    ConsentTier.PUBLIC: frozenset(FACT_NAMES) - NEVER,
    ConsentTier.PRICE_ONLY: PRICE_ONLY_EXACT,
    ConsentTier.POOL: POOL_EXACT,
    ConsentTier.SEALED: frozenset(),
}
