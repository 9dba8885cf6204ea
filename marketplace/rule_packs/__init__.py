"""Rule packs: the limits and defaults a sale runs under (docs/decisions, number 1)."""

from marketplace.rule_packs.choices import CommissionTable, ConsentTier, Forfeiture
from marketplace.rule_packs.data import as_data, from_data, pack_digest
from marketplace.rule_packs.ladder import (
    Attempt,
    AttemptEnd,
    PossibleStep,
    StepKind,
    position_of,
    possible_steps,
)
from marketplace.rule_packs.limits import LimitReason, Problem, check_limits
from marketplace.rule_packs.notice import NoticePeriod, notice_period
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
    "Attempt",
    "AttemptEnd",
    "BadPack",
    "Basis",
    "BuyerIdentity",
    "CommissionTable",
    "ConsentTier",
    "Forfeiture",
    "LimitReason",
    "NoticePeriod",
    "Pack",
    "PossibleStep",
    "Problem",
    "ReserveRule",
    "Sourced",
    "StepKind",
    "UnknownPack",
    "as_data",
    "check_limits",
    "from_data",
    "load",
    "notice_period",
    "pack_digest",
    "parse",
    "position_of",
    "possible_steps",
]
