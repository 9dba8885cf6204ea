"""Institutions, their people and their roles."""

from enum import StrEnum

from marketplace.access import InstitutionKind, Role
from marketplace.status import Moves

__all__ = ["INSTITUTION_MOVES", "InstitutionKind", "InstitutionStatus", "Role"]


class InstitutionStatus(StrEnum):
    REGISTERED = "registered"
    VERIFIED = "verified"
    REFUSED = "refused"
    SUSPENDED = "suspended"


INSTITUTION_MOVES: Moves[InstitutionStatus] = {
    InstitutionStatus.REGISTERED: frozenset({InstitutionStatus.VERIFIED, InstitutionStatus.REFUSED}),
    InstitutionStatus.VERIFIED: frozenset({InstitutionStatus.SUSPENDED}),
    InstitutionStatus.SUSPENDED: frozenset({InstitutionStatus.VERIFIED}),
    InstitutionStatus.REFUSED: frozenset(),
}
