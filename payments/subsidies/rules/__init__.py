"""The rules of subsidies: what a programme pays for whom, within which caps."""

from payments.subsidies.rules.amounts import Asked, Assessment, assess, reasons_against
from payments.subsidies.rules.terms import Terms, parse, read
from payments.subsidies.rules.words import (
    APPLICATION_MOVES,
    IN_BUDGET,
    STANDING,
    ApplicationStatus,
    CostKind,
    SubsidyCap,
    SubsidyIneligible,
    SubsidyReason,
)

__all__ = [
    "APPLICATION_MOVES",
    "IN_BUDGET",
    "STANDING",
    "ApplicationStatus",
    "Asked",
    "Assessment",
    "CostKind",
    "SubsidyCap",
    "SubsidyIneligible",
    "SubsidyReason",
    "Terms",
    "assess",
    "parse",
    "read",
    "reasons_against",
]
