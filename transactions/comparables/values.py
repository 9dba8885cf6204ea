"""What goes into a comparison: the lot to be valued, and the earlier sales."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

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


def sector_of(field: int) -> int:
    """The sector, 0 to 4, of a technology field 1-35."""
    return next(sector for sector, last in enumerate(_SECTOR_ENDS) if field <= last)


@dataclass(frozen=True, slots=True)
class Subject:
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


@dataclass(frozen=True, slots=True)
class Candidate:
    """An earlier sale or failed attempt.

    Attributes:
        identity: of its record; decides between equals, so that the order of the input never matters.
        price_minor: in `currency`, which is the subject's once a loaded rate has converted it.
        convertible: False where no rate leads to the subject's currency.
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

    @property
    def family(self) -> AssetFamily:
        return FAMILIES[self.asset_type]


class Rejection(StrEnum):
    """Why a candidate is not used; every candidate is either in the grid or has one of these."""

    OTHER_TYPE = "other_type"
    NOT_SOLD = "not_sold"
    EXCLUDED = "excluded"
    LICENCE = "licence"
    NOT_ARMS_LENGTH = "not_arms_length"
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
        distance_limit: 0 is alike in everything, 1 in nothing.
        line_limit, gross_limit: basis points; one line is cut off there, and the sum of all lines, regardless
            of sign, may not be more (reference: adjusting comparables, ±35 % and 100 %).
        half_life_months: after which a sale weighs half.
        size_elasticity: of the total price in the number of rights. 1 would make the price per right the
            same in every lot; 35 published portfolio deals give 1.08 ± 0.08, studies of auctioned lots find
            that more rights in a lot lower the price of each, and 0.85 stands between.
        discount_rate: a year, for the worth of the remaining life as a level income until expiry.
        forced_factor: what a forced sale fetches of a voluntary one: the floor of a first court auction,
            70 % of the assessed price (法释〔2016〕18号, article 10).
        headline_factor: what an ordinary lot fetches of a sale that made the news: published deals averaged
            2.8 times the asking price of ordinary packages of the same years.
        trend_least: sales that a twelve-month window needs before a trend is read from it.
    """

    least: int = 5
    most: int = 10
    oldest_months: int = 180
    size_ratio: int = 10
    distance_limit: float = 0.6
    line_limit: int = 3500
    gross_limit: int = 10_000
    half_life_months: int = 24
    size_elasticity: float = 0.85
    discount_rate: float = 0.15
    forced_factor: float = 0.7
    headline_factor: float = 1 / 2.8
    trend_least: int = 5


DEFAULT = Settings()
