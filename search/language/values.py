"""Dates, amounts and years as people write them."""

import re
from datetime import date, timedelta
from decimal import Decimal

from marketplace.money import EXPONENTS, MINOR_LIMIT
from marketplace.rights.rules import add_months
from search.language.places import Piece, refused
from search.language.reasons import LanguageReason

_DATE = re.compile(r"([0-9]{4})(?:[-/.年]([0-9]{1,2})(?:[-/.月]([0-9]{1,2}))?)?[年月日]?")
_EIGHT_FIGURES = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_AMOUNT = re.compile(
    r"([A-Z]{3})?\s*([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,15})(\.[0-9]{1,8})?\s*([万亿])?\s*(元|[A-Z]{3})?"
)
_YEARS = re.compile(r"([0-9]{1,2}(?:\.[0-9])?)\s*(?:年|y|years?)?")

_FIRST_YEAR, _LAST_YEAR = 1900, 2199
_UNITS = {None: 1, "万": 10**4, "亿": 10**8}
_SAME_CURRENCY = {"元": "CNY", "RMB": "CNY"}


def days(piece: Piece) -> tuple[date, date]:
    """The first and the last day of a day, a month or a year.

    Raises:
        Refused: it is no date, or not of 1900 to 2199.
    """
    match = _DATE.fullmatch(piece.text) or _EIGHT_FIGURES.fullmatch(piece.text)
    year, month, day = (int(part or 0) for part in match.groups()) if match else (0, 0, 0)
    try:
        first = date(year, month or 1, day or 1)
    except ValueError:
        year = 0
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise refused(LanguageReason.BAD_DATE, piece)
    if day:
        return first, first
    return first, add_months(first, 1 if month else 12) - timedelta(days=1)


def amount(piece: Piece, usual: str = "CNY") -> tuple[int, str | None]:
    """An amount in minor units with the currency it names; without a name it is of the usual one.

    Raises:
        Refused: it is no amount, of two currencies or of one that is not traded, or too great or too fine.
    """
    match = _AMOUNT.fullmatch(piece.text.upper())
    named = {_SAME_CURRENCY.get(name, name) for name in (match[1], match[5]) if name} if match else set()
    currency = next(iter(named), None)
    places = EXPONENTS.get(currency or usual)
    if match is None or places is None or len(named) > 1:
        raise refused(LanguageReason.BAD_AMOUNT, piece)
    figures = Decimal(match[2].replace(",", "") + (match[3] or ""))
    minor = figures * _UNITS[match[4]] * 10**places
    if minor != int(minor) or minor >= MINOR_LIMIT:
        raise refused(LanguageReason.BAD_AMOUNT, piece)
    return int(minor), currency


def months(piece: Piece) -> int:
    """Years, perhaps with one place behind the point, in months.

    Raises:
        Refused: it is no number of years below 100.
    """
    match = _YEARS.fullmatch(piece.text.lower())
    if match is None:
        raise refused(LanguageReason.BAD_YEARS, piece)
    return round(Decimal(match[1]) * 12)
