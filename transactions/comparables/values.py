"""What goes into a comparison: the lot to be valued, the earlier sales and attempts, and the settings."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from transactions.comparables.offices import office_group
from transactions.rules.words import (
    FAMILIES,
    AssetFamily,
    AssetType,
    Channel,
    ProofGrade,
    RightSold,
    SaleOutcome,
)

# The five sectors of WIPO's concordance, by the highest field number in each (Schmoch 2008).
_SECTOR_ENDS = (8, 13, 24, 32, 35)

# Rounds after the third are sold under no other rules than the third.
_LAST_ROUND = 3

_BANKRUPTCY = frozenset({Channel.BANKRUPTCY_AUCTION, Channel.BANKRUPTCY_SALE})


def sector_of(field: int) -> int:
    """The sector, 0 to 4, of a technology field 1-35."""
    return next(sector for sector, last in enumerate(_SECTOR_ENDS) if field <= last)


class SaleContext(StrEnum):
    """Under what pressure a lot is sold."""

    VOLUNTARY = "voluntary"
    FIRST_ROUND = "first_round"
    LATER_ROUND = "later_round"
    BANKRUPTCY = "bankruptcy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What is known of a lot besides its type, size and sale; None and empty mean not known.

    Attributes:
        classes: IPC or CPC symbols, or the numbers of Nice classes.
        country: of the office or register, two letters.
        family_size: members of the patent family.
        forward_citations: later patents that cite the lot's, in all.
        age_months: from the earliest filing to the day of the sale.
        attempt: 1 for the first round, 2 for the second …
    """

    classes: tuple[str, ...] = ()
    country: str = ""
    family_size: int | None = None
    claims: int | None = None
    forward_citations: int | None = None
    age_months: int | None = None
    evidence_of_use: bool | None = None
    attempt: int | None = None
    seller_kind: str = ""

    @property
    def citations_a_year(self) -> float | None:
        """Forward citations a year since filing, the first year counted whole; None if either is unknown."""
        if self.forward_citations is None or self.age_months is None:
            return None
        return self.forward_citations / max(1.0, self.age_months / 12)

    @property
    def office(self) -> str:
        """The group of the office; empty if not known."""
        return office_group(self.country)


def _context(channel: Channel, *, forced: bool, attempt: int | None) -> SaleContext:
    if channel in _BANKRUPTCY:
        return SaleContext.BANKRUPTCY
    if not forced:
        return SaleContext.VOLUNTARY
    return SaleContext.LATER_ROUND if (attempt or 1) > 1 else SaleContext.FIRST_ROUND


def _rounds_before(attempt: int | None, *, forced: bool) -> int:
    return min(attempt or 1, _LAST_ROUND) - 1 if forced else 0


@dataclass(frozen=True, slots=True)
class Subject(Traits):
    """The lot whose price is asked for.

    Attributes:
        on: the day the price is asked for; no later sale is used.
        currency: in which the answer is given.
    """

    asset_type: AssetType
    technology_field: int | None
    number_of_rights: int
    remaining_life_months: int | None
    channel: Channel
    forced: bool
    on: date
    currency: str

    @property
    def family(self) -> AssetFamily:
        return FAMILIES[self.asset_type]

    @property
    def context(self) -> SaleContext:
        return _context(self.channel, forced=self.forced, attempt=self.attempt)

    @property
    def rounds_before(self) -> int:
        """Failed rounds of an enforcement sale before this one, at most two; 0 for a voluntary sale."""
        return _rounds_before(self.attempt, forced=self.forced)


@dataclass(frozen=True, slots=True)
class Candidate(Traits):
    """An earlier sale or failed attempt.

    Attributes:
        identity: of its record; decides between equals, so that the order of the input never matters.
        price_minor: in `currency`, which is the subject's once a loaded rate has converted it.
        top_bid_minor, start_price_minor: likewise; what an unsold lot tells of its value.
        bids: how many were made; None where it is not told.
        convertible: False where no rate leads to the subject's currency.
        seller: opaque token of the seller's ultimate parent; empty if not known.
    """

    identity: str
    outcome: SaleOutcome
    asset_type: AssetType
    technology_field: int | None
    number_of_rights: int | None
    remaining_life_months: int | None
    channel: Channel
    forced: bool
    sold_on: date | None
    price_minor: int | None
    grade: ProofGrade
    right_sold: RightSold = RightSold.OWNERSHIP
    arms_length: bool = True
    usable: bool = True
    convertible: bool = True
    top_bid_minor: int | None = None
    start_price_minor: int | None = None
    bids: int | None = None
    seller: str = ""

    @property
    def family(self) -> AssetFamily:
        return FAMILIES[self.asset_type]

    @property
    def context(self) -> SaleContext:
        return _context(self.channel, forced=self.forced, attempt=self.attempt)

    @property
    def rounds_before(self) -> int:
        """As `Subject.rounds_before`."""
        return _rounds_before(self.attempt, forced=self.forced)


class Rejection(StrEnum):
    """Why a candidate is not used; every candidate is either in the grid or has one of these."""

    OTHER_TYPE = "other_type"
    OTHER_OFFICE = "other_office"
    NOT_SOLD = "not_sold"
    WITHDRAWN = "withdrawn"
    UNDONE = "undone"
    EXCLUDED = "excluded"
    LICENCE = "licence"
    NOT_ARMS_LENGTH = "not_arms_length"
    POORLY_PROVED = "poorly_proved"
    NO_DATE = "no_date"
    LATER = "later"
    TOO_OLD = "too_old"
    NO_SIZE = "no_size"
    OTHER_SIZE = "other_size"
    OTHER_CURRENCY = "other_currency"
    TOO_DIFFERENT = "too_different"
    ADJUSTED_TOO_MUCH = "adjusted_too_much"
    NEARER_ONES_USED = "nearer_ones_used"


@dataclass(frozen=True, slots=True)
class Settings:
    """The numbers of the method. The defaults are settings to be tuned in a back-test, not measured facts.

    Attributes:
        least, most: how many comparables make a figure, and how many are used at most.
        oldest_months: an older sale is not used.
        size_ratio: how many times larger or smaller a comparable's lot may be.
        worst_grade: a sale proved less well is not used.
        distance_limit: 0 is alike in everything, 1 in nothing.
        line_limit, gross_limit: basis points; one line is cut off there, and the sum of all lines, regardless
            of sign, may not be more (reference: adjusting comparables, ±35 % and 100 %).
        half_life_months: after which a sale weighs half.
        influence_limit: basis points of the whole weight that one comparable may have. With a quarter, one
            trade at any price whatever moves the weighted median no farther than to the nearest third of the
            others (`tests/transactions/test_comparables_properties.py`).
        most_of_one_seller: of the comparables; more are used only where there would be fewer than `least`.
        attempts_most: so many unsold lots are taken into account, the nearest.
        trend_least: sales that a twelve-month window needs before a trend is read from it.
    """

    least: int = 5
    most: int = 10
    oldest_months: int = 180
    size_ratio: int = 10
    worst_grade: ProofGrade = ProofGrade.D
    distance_limit: float = 0.6
    line_limit: int = 3500
    gross_limit: int = 10_000
    half_life_months: int = 24
    influence_limit: int = 2500
    most_of_one_seller: int = 3
    attempts_most: int = 100
    trend_least: int = 5


DEFAULT = Settings()
