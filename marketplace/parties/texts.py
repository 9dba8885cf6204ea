"""The words of parties."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext

from marketplace.parties.rules import InstitutionKind, InstitutionStatus, Reason, Role
from marketplace.status import StatusReason

REFUSALS: dict[StrEnum, Any] = {
    Reason.NAME_CHARACTERS: lazy_gettext("This holds invisible or control characters, or nothing to read."),
    Reason.NAME_TAKEN: lazy_gettext("There is an institution with this name, or one that looks the same."),
    Reason.NUMBER_FORM: lazy_gettext("This does not have the form of a registration number of that country."),
    Reason.NUMBER_CHECK: lazy_gettext(
        "The check character does not fit: a digit is wrong or two are swapped."
    ),
    Reason.NUMBER_TAKEN: lazy_gettext("An institution with this registration number is registered already."),
    Reason.COUNTRY_UNKNOWN: lazy_gettext("There is no such country code."),
    Reason.EMAIL_TAKEN: lazy_gettext(
        "This e-mail address cannot be registered. If it is yours, sign in or ask your administrator."
    ),
    Reason.PASSWORD_SHORT: lazy_gettext("At least %(least)s characters; a sentence is easy to remember."),
    Reason.PASSWORD_LONG: lazy_gettext("At most %(most)s characters."),
    Reason.PASSWORD_COMMON: lazy_gettext("This is among the first passwords that anybody would try."),
    Reason.PASSWORD_PERSONAL: lazy_gettext("This holds your name or e-mail address, which others know."),
    Reason.PASSWORD_SAME: lazy_gettext("The new password must differ from the old one."),
    Reason.PASSWORD_ONE_TIME: lazy_gettext("Replace the one-time password first."),
    Reason.PASSWORD_WRONG: lazy_gettext("This is not your present password."),
    Reason.SIGN_IN_FAILED: lazy_gettext(
        "E-mail address and password do not fit. Nothing more can be said here."
    ),
    Reason.CODE_WRONG: lazy_gettext(
        "This code is not accepted: wait for the next one and enter its six digits."
    ),
    Reason.CODE_MISSING: lazy_gettext("Set up the second factor first."),
    Reason.ENROLLED_ALREADY: lazy_gettext("A second factor is set up; enter its code to sign in."),
    Reason.NO_ROLE: lazy_gettext("Choose at least one role."),
    Reason.OWN_ROLES: lazy_gettext("Nobody changes their own roles; another administrator has to."),
    Reason.OWN_ACCOUNT: lazy_gettext("Use your own account's page for this."),
    Reason.LAST_ADMINISTRATOR: lazy_gettext("This is the last administrator; name another one first."),
    Reason.TOO_MANY_PEOPLE: lazy_gettext("An institution has at most %(most)s people."),
    Reason.REASON_MISSING: lazy_gettext("State the reason; the institution will read it."),
    Reason.OWN_INSTITUTION: lazy_gettext("Nobody decides about their own institution."),
    Reason.REGION_FORM: lazy_gettext("Write a region as ISO 3166-2 does, for example CN-37."),
    Reason.REGION_ABROAD: lazy_gettext("This region is in another country than the institution."),
    Reason.PARENT_CHANGED: lazy_gettext("The parent has changed meanwhile, or is confirmed already."),
    Reason.OWN_PARENT: lazy_gettext("This is the institution itself; leave the parent empty."),
    StatusReason.MOVE_NOT_ALLOWED: lazy_gettext("This has moved on meanwhile; look at it again."),
}

KINDS: dict[InstitutionKind, Any] = {
    InstitutionKind.BANK: lazy_gettext("Bank"),
    InstitutionKind.BUYER: lazy_gettext("Buyer"),
    InstitutionKind.AGENCY: lazy_gettext("Service agency"),
    InstitutionKind.OPERATOR: lazy_gettext("Operator"),
    InstitutionKind.REGULATOR: lazy_gettext("Regulator"),
    InstitutionKind.FUND: lazy_gettext("Keeper of public funds"),
    InstitutionKind.INSURER: lazy_gettext("Insurer"),
    InstitutionKind.GUARANTOR: lazy_gettext("Guarantor"),
}

STATUSES: dict[InstitutionStatus, Any] = {
    InstitutionStatus.REGISTERED: lazy_gettext("to be verified"),
    InstitutionStatus.VERIFIED: lazy_gettext("verified"),
    InstitutionStatus.REFUSED: lazy_gettext("refused"),
    InstitutionStatus.SUSPENDED: lazy_gettext("suspended"),
}

# The tones of status_pill in macros.html.
TONES: dict[InstitutionStatus, str] = {
    InstitutionStatus.REGISTERED: "decision",
    InstitutionStatus.VERIFIED: "done",
    InstitutionStatus.REFUSED: "stopped",
    InstitutionStatus.SUSPENDED: "stopped",
}

ROLES: dict[Role, Any] = {
    Role.OFFICER: lazy_gettext("Officer: prepares, bids, files"),
    Role.APPROVER: lazy_gettext("Approver: approves what somebody else prepared"),
    Role.ADMINISTRATOR: lazy_gettext("Administrator: manages the people"),
}
