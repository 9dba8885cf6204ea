"""Institutions, their people and their roles."""

from enum import StrEnum

from marketplace.status import Moves


class InstitutionKind(StrEnum):
    BANK = "bank"
    BUYER = "buyer"
    AGENCY = "agency"
    OPERATOR = "operator"
    REGULATOR = "regulator"


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


class Role(StrEnum):
    """What a person may do within the institution: prepare, approve what another prepared, manage people."""

    OFFICER = "officer"
    APPROVER = "approver"
    ADMINISTRATOR = "administrator"
