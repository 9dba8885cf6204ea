"""Rates by country: one TOML file each. A country without a file has none, and none is guessed for it."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from marketplace.errors import MarketplaceError
from marketplace.rule_packs import Basis
from marketplace.taxes.rules import Rate, TaxKind, Treatment

_FOLDER = Path(__file__).parent


class BadRates(MarketplaceError):
    """A country's file lacks something, or does not say where a rate comes from."""


@cache
def rates_of(country: str) -> tuple[Rate, ...]:
    """The rates of a country by its ISO 3166 code; empty where nobody has entered any."""
    file = _FOLDER / f"{country.lower()}.toml"
    if not country.isalpha() or len(country) != 2 or not file.is_file():
        return ()
    return parse(file.read_text(encoding="utf-8"))


@cache
def countries() -> tuple[str, ...]:
    """The countries whose rates somebody has entered."""
    return tuple(sorted(file.stem.upper() for file in _FOLDER.glob("*.toml")))


def parse(text: str) -> tuple[Rate, ...]:
    """Read a country's TOML; raises BadRates for anything missing, unknown or without a source."""
    try:
        raw = tomllib.loads(text)
        return tuple(_rate(entry) for entry in raw["rates"])
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise BadRates(str(error)) from error


def _rate(entry: dict[str, Any]) -> Rate:
    points = entry["basis_points"]
    if type(points) is not int or not 0 <= points <= 10_000:
        raise BadRates("basis_points is not a number from 0 to 10000")
    if not entry["source"]:
        raise BadRates("a rate does not say where it comes from")
    return Rate(
        kind=TaxKind(entry["kind"]),
        treatment=Treatment(entry["treatment"]),
        basis_points=points,
        since=entry["since"],
        until=entry.get("until"),
        basis=Basis(entry["basis"]),
        source=entry["source"],
    )
