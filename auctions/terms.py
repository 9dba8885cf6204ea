"""An auction's terms as the scenario files write them, read strictly and filled up from the rule pack."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

from auctions.formats import FORMATS, KNOWN
from auctions.reading import Fields, Malformed, read_amount
from auctions.rules import Grid, Options, Step, Terms
from marketplace import rule_packs
from marketplace.clock import moment_text
from marketplace.money import UnknownCurrency, decimal_text, exponent
from marketplace.rule_packs import Pack, UnknownPack

FIELDS = (
    "format",
    "rule_pack",
    "rule_pack_version",
    "currency",
    "start_price",
    "increment",
    "reserve_price",
    "reference_price",
    "deposit",
    "opens_at",
    "closes_at",
    "options",
)

_TEN_DAYS = 864_000
_TABLE_ROWS = 100


def read_terms(raw: Any, path: str = "auction") -> Terms:
    """The terms in `raw`, with the pack's defaults for what it leaves open.

    Raises:
        Malformed: naming the field that is missing, unknown, of the wrong kind or against the format's needs.
    """
    fields = Fields(raw, path, FIELDS)
    name = _format_name(fields)
    pack = _pack(fields)
    currency = _currency(fields)
    options = Fields(fields.raw.get("options") or {}, fields.at("options"), FORMATS[name].options)
    terms = Terms(
        auction_format=name,
        pack=pack,
        currency=currency,
        start_price=fields.amount("start_price", currency),
        increment=fields.optional_amount("increment", currency),
        reserve_price=fields.optional_amount("reserve_price", currency),
        reference_price=fields.optional_amount("reference_price", currency),
        deposit=fields.optional_amount("deposit", currency),
        opens_at=fields.moment("opens_at"),
        closes_at=fields.optional_moment("closes_at"),
        options=_options(options, pack, currency),
    )
    return _checked(terms, fields)


def _format_name(fields: Fields) -> str:
    name = fields.text("format", 40)
    if name not in KNOWN:
        raise fields.fail("format", f"must be one of {', '.join(KNOWN)}, not {name!r}")
    if name not in FORMATS:
        raise fields.fail("format", f"{name} is not offered yet; offered: {', '.join(FORMATS)}")
    return name


def _pack(fields: Fields) -> Pack:
    try:
        return rule_packs.load(fields.text("rule_pack", 40), fields.optional_text("rule_pack_version", 20))
    except UnknownPack as error:
        raise fields.fail("rule_pack", str(error)) from None


def _currency(fields: Fields) -> str:
    currency = fields.text("currency", 3)
    try:
        exponent(currency)
    except UnknownCurrency:
        raise fields.fail("currency", f"{currency!r} is not a currency traded here") from None
    return currency


def _checked(terms: Terms, fields: Fields) -> Terms:
    if terms.start_price <= 0:
        raise fields.fail("start_price", "must be above zero")
    for name, reason in FORMATS[terms.auction_format].faults(terms):
        raise fields.fail(name, reason)
    return terms


def _options(fields: Fields, pack: Pack, currency: str) -> Options:
    window = fields.whole("extension_window_seconds", pack.extension_window_seconds.value, 0, _TEN_DAYS)
    extension = fields.whole("extension_seconds", pack.extension_seconds.value, 0, _TEN_DAYS)
    options = Options(
        grid=fields.member("grid", Grid, Grid.FREE),
        proxy=fields.flag("proxy", default=pack.proxy.value),
        hard_stop_at=fields.optional_moment("hard_stop_at"),
        increment_table=_increment_table(fields, currency),
        round=fields.whole("round", 1, 1, 99) or 1,
    )
    return replace(options, extension_window_seconds=window or 0, extension_seconds=extension or 0)


def _increment_table(fields: Fields, currency: str) -> tuple[Step, ...]:
    if fields.raw.get("increment_table") is None:
        return ()
    rows = fields.objects("increment_table", _TABLE_ROWS)
    path = fields.at("increment_table")
    steps = tuple(_step(row, f"{path}[{number}]", currency) for number, row in enumerate(rows))
    belows = [step.below for step in steps]
    if not steps or belows[-1] is not None or None in belows[:-1]:
        raise Malformed(path, "needs rows, of which the last and only the last has null as its first value")
    bounds = [below for below in belows if below is not None]
    if any(low >= high for low, high in pairwise(bounds)):
        raise Malformed(path, "its first values must rise")
    return steps


def _step(row: Any, path: str, currency: str) -> Step:
    if not isinstance(row, list) or len(row) != 2:
        raise Malformed(path, "must be a pair [below, step]")
    step = read_amount(row[1], currency, f"{path}[1]")
    if step == 0:
        raise Malformed(f"{path}[1]", "must be above zero")
    return Step(None if row[0] is None else read_amount(row[0], currency, f"{path}[0]"), step)


def write_terms(terms: Terms) -> dict[str, Any]:
    """The inverse of `read_terms`: everything spelled out, nothing left to the pack's defaults."""

    def text(minor: int | None) -> str | None:
        return None if minor is None else decimal_text(minor, terms.currency)

    return {
        "format": terms.auction_format,
        "rule_pack": terms.pack.name,
        "rule_pack_version": terms.pack.version,
        "currency": terms.currency,
        "start_price": text(terms.start_price),
        "increment": text(terms.increment),
        "reserve_price": text(terms.reserve_price),
        "reference_price": text(terms.reference_price),
        "deposit": text(terms.deposit),
        "opens_at": moment_text(terms.opens_at),
        "closes_at": None if terms.closes_at is None else moment_text(terms.closes_at),
        "options": _write_options(terms.options, terms.currency),
    }


def _write_options(options: Options, currency: str) -> dict[str, Any]:
    written: dict[str, Any] = {
        "grid": str(options.grid),
        "proxy": options.proxy,
        "extension_window_seconds": options.extension_window_seconds,
        "extension_seconds": options.extension_seconds,
        "round": options.round,
    }
    if options.hard_stop_at is not None:
        written["hard_stop_at"] = moment_text(options.hard_stop_at)
    if options.increment_table:
        written["increment_table"] = [
            [
                None if row.below is None else decimal_text(row.below, currency),
                decimal_text(row.step, currency),
            ]
            for row in options.increment_table
        ]
    return written
