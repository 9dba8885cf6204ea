"""What the operator may take for a sale, and which terms a lot runs under: pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from marketplace.commission import TABLES, Bearer
from marketplace.errors import Refused
from marketplace.rule_packs import Pack

# No more than half of the price: a mistyped number stops here.
MOST_RATE = Fraction(1, 2)
# A bid panel names them all.
MOST_TERMS = 200

_FRACTION = re.compile(r"0(?:\.[0-9]{1,8})?|1(?:\.0{1,8})?")


class FeeReason(StrEnum):
    NOT_A_RATE = "not_a_rate"
    RATE_OR_TABLE = "rate_or_table"
    ABOVE_THE_LIMIT = "above_the_limit"
    ABOVE_THE_TABLE = "above_the_table"
    BOUNDS_REVERSED = "bounds_reversed"
    LOT_IS_PUBLISHED = "lot_is_published"
    BEGINS_IN_THE_PAST = "begins_in_the_past"
    UNKNOWN_TABLE = "unknown_table"
    TOO_MANY_TERMS = "too_many_terms"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What is taken from one side; the names are the columns of `PlatformTerms`."""

    borne_by: Bearer
    rate: str = ""
    table: str = ""
    least_minor: int = 0
    most_minor: int | None = None
    agency_share: str = "0"
    agreement: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Agreed terms as the choice for a lot sees them; `of_lot` are for that lot only."""

    borne_by: Bearer
    of_lot: bool
    effective_from: datetime
    proposed_at: datetime


def fraction(text: str, field: str) -> Fraction:
    """A decimal fraction from 0 to 1; raises Refused for anything else."""
    if _FRACTION.fullmatch(text.strip()) is None:
        raise Refused(FeeReason.NOT_A_RATE, field=field)
    return Fraction(text.strip())


def check_terms(terms: Terms, pack: Pack) -> None:
    """Refuse terms that nobody can mean, or that take more than the pack allows.

    A rate above the pack's limit needs an agreement to refer to (拍卖法 art. 56: 5 % unless agreed); a table
    of the pack is a cap for what the buyer pays (拍卖、变卖规定 art. 29), agreement or not.
    """
    share = fraction(terms.agency_share, "agency_share")
    if bool(terms.rate) == bool(terms.table):
        raise Refused(FeeReason.RATE_OR_TABLE, field="rate")
    if terms.table and terms.table not in TABLES:
        raise Refused(FeeReason.UNKNOWN_TABLE, field="table")
    if terms.most_minor is not None and terms.most_minor < terms.least_minor:
        raise Refused(FeeReason.BOUNDS_REVERSED, field="most")
    rate = fraction(terms.rate, "rate") if terms.rate else None
    if share and not (rate or terms.table):
        raise Refused(FeeReason.NOT_A_RATE, field="agency_share")
    if rate is not None:
        _check_rate(rate, terms, pack)
    _check_table(rate, terms, pack)


def _check_rate(rate: Fraction, terms: Terms, pack: Pack) -> None:
    limit = pack.commission_most_basis_points
    above = limit is not None and rate > Fraction(limit.value, 10_000) and not terms.agreement.strip()
    if rate > MOST_RATE or above:
        most = Fraction(limit.value, 100) if limit else MOST_RATE * 100
        raise Refused(FeeReason.ABOVE_THE_LIMIT, field="rate", percent=_percent(most))


def _percent(number: Fraction) -> str:
    """A number of percent without needless zeros; each that is a limit ends after a few places."""
    return f"{Decimal(number.numerator) / number.denominator:f}"


def _check_table(rate: Fraction | None, terms: Terms, pack: Pack) -> None:
    """Under a pack's table the buyer pays the table, or a rate that is nowhere above it; no minimum."""
    cap = pack.commission_table
    if cap is None or terms.borne_by is not Bearer.BUYER:
        return
    lowest = min(part for _, part in TABLES[cap.value])
    if terms.least_minor or (rate is not None and rate > lowest):
        raise Refused(FeeReason.ABOVE_THE_TABLE, field="rate", percent=_percent(lowest * 100))


def chosen(standing: Iterable[Standing], at: datetime) -> list[Standing]:
    """For each side the terms that a lot published at `at` runs under.

    Its own go before its pack's, then the latest that had begun by then, then the last proposed.
    """
    found: dict[Bearer, Standing] = {}
    begun = (terms for terms in standing if terms.effective_from <= at)
    for terms in sorted(begun, key=lambda one: (one.of_lot, one.effective_from, one.proposed_at)):
        found[terms.borne_by] = terms
    return [found[side] for side in Bearer if side in found]
