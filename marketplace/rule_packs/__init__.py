"""Rule packs: the limits and defaults a sale runs under (docs/decisions, number 1)."""

from marketplace.rule_packs.limits import LimitReason, Problem, check_limits
from marketplace.rule_packs.packs import (
    NAMES,
    AfterDefault,
    BadPack,
    Basis,
    BuyerIdentity,
    Pack,
    ReserveRule,
    Sourced,
    UnknownPack,
    load,
    parse,
)

__all__ = [
    "NAMES",
    "AfterDefault",
    "BadPack",
    "Basis",
    "BuyerIdentity",
    "LimitReason",
    "Pack",
    "Problem",
    "ReserveRule",
    "Sourced",
    "UnknownPack",
    "check_limits",
    "load",
    "parse",
]
