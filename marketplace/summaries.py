"""Short forms for summaries and axes, in the reader's language; tables keep the exact amounts and moments."""

from datetime import datetime
from fractions import Fraction

from flask_babel import format_datetime, get_locale

from marketplace.charts.axes import Tick
from marketplace.money import EXPONENTS, exponent, half_up

_CHINESE_UNITS = ((10**8, "亿"), (10**4, "万"))
_ENGLISH_UNITS = ((10**9, "bn"), (10**6, "m"), (10**3, "k"))

_SHAPES = {
    "second": "HH:mm:ss",
    "minute": "HH:mm",
    "day": "MM-dd",
    "month": "yyyy-MM",
    "year": "yyyy",
}


def short_number(minor: int, currency: str) -> str:
    """An amount rounded to two places of 亿, 万 or bn, m, k, without its currency: "1,250 万", "12.5 m"."""
    chinese = str(get_locale() or "zh").startswith("zh")
    whole = Fraction(minor, 10 ** exponent(currency))
    for size, name in _CHINESE_UNITS if chinese else _ENGLISH_UNITS:
        if abs(whole) >= size:
            return f"{_two_places(whole / size)} {name}"
    return _two_places(whole)


def short_money(minor: int | None, currency: str) -> str:
    """The same with its currency, 元 for yuan in Chinese: "1,250 万元", "12.5 m CNY"; a dash for none."""
    if minor is None:
        return "–"
    number = short_number(minor, currency)
    if currency == "CNY" and str(get_locale() or "zh").startswith("zh"):
        return f"{number}元" if number[-1] in "亿万" else f"{number} 元"
    return f"{number} {currency}"


def figure(value: float | None, unit: str) -> str:
    """A figure of statistics: an amount in short (unit a currency), a share (percent), or a plain number.

    Shares and numbers keep three figures at most below a hundred; a dash stands for none.
    """
    if value is None:
        return "–"
    if unit in EXPONENTS:
        return short_number(round(value), unit)
    if unit == "percent":
        return f"{_short(value * 100)} %"
    return _short(value)


def _short(value: float) -> str:
    places = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    text = f"{abs(value):,.{places}f}"
    shortened = text.rstrip("0").rstrip(".") if "." in text else text
    return f"−{shortened}" if value < 0 and shortened != "0" else shortened


def axis_moment(tick: Tick[datetime]) -> str:
    """The label of a tick on a time axis, in the local zone."""
    return str(format_datetime(tick.value, _SHAPES[tick.shape]))


def _two_places(value: Fraction) -> str:
    hundredths = half_up(value * 100)
    whole, rest = divmod(abs(hundredths), 100)
    fraction = f".{rest:02d}".rstrip("0").rstrip(".")
    return f"{'−' if hundredths < 0 else ''}{whole:,}{fraction}"
