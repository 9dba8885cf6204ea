"""An auction's terms as the scenario files write them, read strictly and filled up from the rule pack."""

from datetime import datetime, timedelta
from typing import Any

from auctions.formats import FORMATS
from auctions.rules import Terms
from auctions.written.options import read_options, write_options
from auctions.written.reading import Fields
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

_SALE_OFF = "sale_off"
_SALE_OFF_DAYS = 60


def read_terms(raw: Any, path: str = "auction", pack: Pack | None = None) -> Terms:
    """The terms in `raw`, with the pack's defaults for what it leaves open.

    A record brings the pack it ran under as `pack`; otherwise the installed one of that name is read.

    Raises:
        Malformed: naming the field that is missing, unknown, of the wrong kind or against the format's needs.
    """
    fields = Fields(raw, path, FIELDS)
    name = _format_name(fields)
    pack = pack or _pack(fields)
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
        closes_at=_closes_at(fields, name, pack),
        options=read_options(options, pack, currency, fields.amount("start_price", currency)),
    )
    return _checked(terms, fields)


def _format_name(fields: Fields) -> str:
    name = fields.text("format", 40)
    if name not in FORMATS:
        raise fields.fail("format", f"must be one of {', '.join(FORMATS)}, not {name!r}")
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


def _closes_at(fields: Fields, name: str, pack: Pack) -> datetime | None:
    """The end; that of a sale-off, where none is named, by the pack or after sixty days."""
    named = fields.optional_moment("closes_at")
    if named is not None or name != _SALE_OFF:
        return named
    days = pack.sale_off_days.value if pack.sale_off_days else _SALE_OFF_DAYS
    return fields.moment("opens_at") + timedelta(days=days)


def _checked(terms: Terms, fields: Fields) -> Terms:
    if terms.start_price <= 0:
        raise fields.fail("start_price", "must be above zero")
    for name, reason in FORMATS[terms.auction_format].faults(terms):
        raise fields.fail(name, reason)
    return terms


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
        "options": write_options(terms, FORMATS[terms.auction_format].options),
    }
