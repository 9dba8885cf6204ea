"""Institutions, their people, their roles and how long a sign-in stands."""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

from marketplace.access import InstitutionKind, Role
from marketplace.errors import Conflict, Refused
from marketplace.status import Moves

__all__ = ["INSTITUTION_MOVES", "InstitutionKind", "InstitutionStatus", "Role"]

# ASVS 5.0 7.3: at most half an hour unused, at most a working day in all.
IDLE_LIMIT = timedelta(minutes=30)
ABSOLUTE_LIMIT = timedelta(hours=12)
# Between the password and the code there is only an authenticator to install.
SECOND_FACTOR_LIMIT = timedelta(minutes=30)
# A request writes `last_seen_at` only when it is older than this.
SEEN_STEP = timedelta(minutes=1)
ONE_TIME_PASSWORD_LIFE = timedelta(days=7)
PEOPLE_LIMIT = 500


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

# Operators and regulators are made on the command line, by somebody who already runs the marketplace.
SELF_REGISTERING = (InstitutionKind.BANK, InstitutionKind.BUYER, InstitutionKind.AGENCY)

# Not approver: nobody may prepare and approve, so a second person has to be added for that.
FIRST_ROLES = frozenset({Role.ADMINISTRATOR, Role.OFFICER})


class Reason(StrEnum):
    NAME_CHARACTERS = "name_characters"
    NAME_TAKEN = "name_taken"
    NUMBER_FORM = "number_form"
    NUMBER_CHECK = "number_check"
    NUMBER_TAKEN = "number_taken"
    COUNTRY_UNKNOWN = "country_unknown"
    EMAIL_TAKEN = "email_taken"
    PASSWORD_SHORT = "password_short"  # noqa: S105 - a reason, not a password
    PASSWORD_LONG = "password_long"  # noqa: S105
    PASSWORD_COMMON = "password_common"  # noqa: S105
    PASSWORD_PERSONAL = "password_personal"  # noqa: S105
    PASSWORD_SAME = "password_same"  # noqa: S105
    PASSWORD_ONE_TIME = "password_one_time"  # noqa: S105
    PASSWORD_WRONG = "password_wrong"  # noqa: S105
    SIGN_IN_FAILED = "sign_in_failed"
    CODE_WRONG = "code_wrong"
    CODE_MISSING = "code_missing"
    ENROLLED_ALREADY = "enrolled_already"
    NO_ROLE = "no_role"
    OWN_ROLES = "own_roles"
    OWN_ACCOUNT = "own_account"
    LAST_ADMINISTRATOR = "last_administrator"
    TOO_MANY_PEOPLE = "too_many_people"
    REASON_MISSING = "reason_missing"
    OWN_INSTITUTION = "own_institution"
    REGION_FORM = "region_form"
    REGION_ABROAD = "region_abroad"
    OWN_PARENT = "own_parent"
    PARENT_CHANGED = "parent_changed"


def stands(
    signed_in_at: datetime, last_seen_at: datetime, second_factor_at: datetime | None, now: datetime
) -> bool:
    """Whether a sign-in is still good: within the idle limit and the absolute limit, each exclusive."""
    if second_factor_at is None and now - signed_in_at >= SECOND_FACTOR_LIMIT:
        return False
    return now - last_seen_at < IDLE_LIMIT and now - signed_in_at < ABSOLUTE_LIMIT


def check_roles(roles: Collection[Role]) -> None:
    """Raise Refused when somebody would have no role at all."""
    if not roles:
        raise Refused(Reason.NO_ROLE, field="roles")


def check_change_of_roles(
    *, own: bool, old: Collection[Role], new: Collection[Role], other_administrators: int
) -> None:
    """Check a change of somebody's roles; no roles at all means switching the person off.

    Nobody changes their own roles, so nobody gives themselves the approval they need, and an institution
    always keeps an administrator who can still sign in.

    Raises:
        Refused: with the rule that is broken.
    """
    if own:
        raise Refused(Reason.OWN_ROLES, field="roles")
    if Role.ADMINISTRATOR in old and Role.ADMINISTRATOR not in new and not other_administrators:
        raise Conflict(Reason.LAST_ADMINISTRATOR, field="roles")
