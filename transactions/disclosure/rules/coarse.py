"""Figures made coarse: two significant figures, the quarter, the subclass, the office group, bands."""

import re
from dataclasses import dataclass
from enum import StrEnum

from transactions.rules.facts import SaleFacts
from transactions.rules.words import AssetType, RightSold

from .ages import quarter_of

# From, up to, and the number that stands for the whole band in a computation: about its geometric middle.
_SIZES = ((1, 1, 1), (2, 5, 3), (6, 20, 11), (21, 100, 46), (101, 10**7, 200))
_COUNTS = ((0, 0, 0), (1, 5, 2), (6, 20, 11), (21, 10**7, 40))
_SUBCLASS = re.compile(r"[A-HY]\d{2}[A-Z]")
_YEAR_OF_MONTHS = 12
_FIGURES = 2


class OfficeGroup(StrEnum):
    """Where a right is registered, as coarse as a generalised comparable says it."""

    CN = "CN"
    US = "US"
    EUROPE = "EP"
    JAPAN_KOREA = "JP-KR"
    OTHER = "other"
    UNKNOWN = ""


# Offices of Europe, the European Patent Office first.
_EUROPE = frozenset({
    "EP", "AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GR", "HR", "HU",
    "IE", "IS", "IT", "LI", "LT", "LU", "LV", "MC", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
})  # fmt: skip
_GROUPS = {"CN": OfficeGroup.CN, "US": OfficeGroup.US, "": OfficeGroup.UNKNOWN} | dict.fromkeys(
    ("JP", "KR"), OfficeGroup.JAPAN_KOREA
)


@dataclass(frozen=True, slots=True)
class Generalised:
    """What is told of a pooled sale that a public register of assignments might tell too.

    At least five sales of five parents must share it before any of them is shown.
    """

    asset_type: AssetType
    right_sold: RightSold
    technology_field: int | None
    quarter: str
    subclass: str
    office_group: OfficeGroup
    size_band: str
    citation_band: str
    currency: str


def two_figures(amount: int) -> int:
    """An amount to two significant figures, a half to the even one: 1,263,000 is 1,300,000."""
    step = int(10 ** max(0, len(str(abs(amount))) - _FIGURES))
    whole, rest = divmod(amount, step)
    up = rest * 2 > step or (rest * 2 == step and whole % 2 == 1)
    return (whole + up) * step


def year_steps(months: int) -> int:
    """Months in whole years."""
    return months // _YEAR_OF_MONTHS * _YEAR_OF_MONTHS


def subclass_of(code: str) -> str:
    """The subclass of a CPC or IPC symbol, as G06F; a class of another scheme stays as it is."""
    found = _SUBCLASS.match(code.strip().upper())
    return found.group() if found else code.strip()


def office_group(country: str) -> OfficeGroup:
    if country in _EUROPE:
        return OfficeGroup.EUROPE
    return _GROUPS.get(country, OfficeGroup.OTHER)


def size_band(number: int | None) -> str:
    """As 2-5; empty where the number is not known."""
    return _band(number, _SIZES)


def count_band(number: int | None) -> str:
    """The band of a number of citations, claims or family members."""
    return _band(number, _COUNTS)


def middle_of_size(number: int | None) -> int | None:
    """The number that stands for its band."""
    return _middle(number, _SIZES)


def middle_of_count(number: int | None) -> int | None:
    return _middle(number, _COUNTS)


def _band(number: int | None, bands: tuple[tuple[int, int, int], ...]) -> str:
    if number is None:
        return ""
    first, last, _ = next(band for band in bands if number <= band[1])
    if last == bands[-1][1]:
        return f"{first}+"
    return str(first) if first == last else f"{first}-{last}"


def _middle(number: int | None, bands: tuple[tuple[int, int, int], ...]) -> int | None:
    return None if number is None else next(band[2] for band in bands if number <= band[1])


def generalised(facts: SaleFacts) -> Generalised | None:
    """The tuple of a pooled sale; None where its date is not known."""
    if facts.sold_on is None:
        return None
    return Generalised(
        asset_type=facts.asset_type,
        right_sold=facts.right_sold,
        technology_field=facts.technology_field,
        quarter=quarter_of(facts.sold_on),
        subclass=subclass_of(facts.classes[0]) if facts.classes else "",
        office_group=office_group(facts.country),
        size_band=size_band(facts.number_of_rights),
        citation_band=count_band(facts.forward_citations),
        currency=facts.currency,
    )
