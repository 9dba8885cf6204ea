"""What a programme says, read from its file: every value with its basis and its source."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marketplace.access import InstitutionKind
from marketplace.money import parse_minor
from marketplace.rights.rules import RightType
from marketplace.rule_packs import Basis
from payments.funds.rules import EvidenceKind, FirmSize
from payments.subsidies.rules.words import CostKind


@dataclass(frozen=True, slots=True)
class Said:
    """Where a value comes from; nothing here is shown as law unless its text was read."""

    name: str
    basis: Basis
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """One version of a programme's terms. Amounts are minor units of its currency, rates whole percent.

    Attributes:
        rates: which part of which cost is paid.
        cap_per_firm_and_year: for all applications of one firm in the programme's year.
        loan_percent_at_most: the subsidy's ceiling in percent of the loan; None for none.
        applicants, sizes, right_types: empty for any.
        deal_on_platform: whether a purchase must be a completed deal of this marketplace.
        said: where each value comes from.
    """

    name: str
    version: str
    title: str
    title_en: str
    area: str
    area_en: str
    currency: str
    rates: Mapping[CostKind, int]
    cap_per_firm_and_year: int
    loan_percent_at_most: int | None = None
    applicants: tuple[InstitutionKind, ...] = ()
    sizes: tuple[FirmSize, ...] = ()
    right_types: tuple[RightType, ...] = ()
    deal_on_platform: bool = False
    evidence: tuple[EvidenceKind, ...] = ()
    said: tuple[Said, ...] = ()


_TEXTS = ("name", "version", "title", "title_en", "area", "area_en", "currency")
_LISTS: dict[str, type[Any]] = {
    "applicants": InstitutionKind,
    "sizes": FirmSize,
    "right_types": RightType,
    "evidence": EvidenceKind,
}


def parse(text: str) -> dict[str, Any]:
    """A programme's file as raw values, checked once by reading them; raises ValueError or KeyError."""
    raw = tomllib.loads(text)
    read(raw)
    return raw


def read(raw: Mapping[str, Any]) -> Terms:
    """Terms of raw values, as the file has them and as they are stored with a programme.

    Raises:
        KeyError, ValueError: a value lacks, is unknown, or does not say where it comes from.
    """
    known = {*_TEXTS, *_LISTS, "rates", "cap_per_firm_and_year", "loan_percent_at_most", "deal_on_platform"}
    unknown = set(raw) - known
    if unknown:
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}")
    rates = {CostKind(name): _percent(entry["value"]) for name, entry in raw["rates"].items()}
    if not rates:
        raise ValueError("no cost is subsidised")
    most = raw.get("loan_percent_at_most")
    texts: dict[str, Any] = {name: str(raw[name]) for name in _TEXTS}
    lists: dict[str, Any] = {
        name: tuple(kind(member) for member in raw[name]["value"])
        for name, kind in _LISTS.items()
        if name in raw
    }
    return Terms(
        **texts,
        **lists,
        rates=rates,
        cap_per_firm_and_year=parse_minor(raw["cap_per_firm_and_year"]["value"], str(raw["currency"])),
        loan_percent_at_most=None if most is None else _percent(most["value"]),
        deal_on_platform=bool(raw.get("deal_on_platform", {"value": False})["value"]),
        said=tuple(_said(raw)),
    )


def _percent(value: Any) -> int:
    if not isinstance(value, int) or not 0 < value <= 100:
        raise ValueError(f"no whole percentage: {value!r}")
    return value


def _said(raw: Mapping[str, Any]) -> list[Said]:
    """The source of each value, rates by their cost."""
    sourced = {name: entry for name, entry in raw.items() if name not in {*_TEXTS, "rates"}}
    found = []
    for name, entry in [*raw["rates"].items(), *sourced.items()]:
        if not entry["source"]:
            raise ValueError(f"{name} does not say where it comes from")
        found.append(Said(name, Basis(entry["basis"]), entry["source"]))
    return found
