"""The words for rights, their numbers and what can be wrong with them."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _

from marketplace.rights.numbers import NumberReason
from marketplace.rights.particulars import LegalEvent
from marketplace.rights.rules import EncumbranceKind, RightReason, RightType

RIGHT_TYPES: dict[RightType, Any] = {
    RightType.INVENTION: _("invention patent"),
    RightType.UTILITY_MODEL: _("utility model"),
    RightType.DESIGN: _("design"),
    RightType.TRADEMARK: _("trademark"),
    RightType.COPYRIGHT: _("copyright"),
}

ENCUMBRANCES: dict[EncumbranceKind, Any] = {
    EncumbranceKind.PLEDGE: _("pledge"),
    EncumbranceKind.LICENCE: _("licence"),
    EncumbranceKind.SEIZURE: _("seizure"),
}

LEGAL_EVENTS: dict[LegalEvent, Any] = {
    LegalEvent.PLEDGED: _("pledged"),
    LegalEvent.PLEDGE_RELEASED: _("pledge released"),
    LegalEvent.LICENSED: _("licensed"),
    LegalEvent.EXCLUSIVELY_LICENSED: _("licensed exclusively"),
    LegalEvent.SEIZED: _("seized by a court"),
    LegalEvent.LITIGATION: _("in litigation"),
    LegalEvent.INVALIDATION_REQUESTED: _("invalidation requested"),
    LegalEvent.PARTLY_INVALIDATED: _("partly invalidated"),
    LegalEvent.UPHELD: _("upheld against a challenge"),
    LegalEvent.FEE_OVERDUE: _("fee overdue"),
    LegalEvent.LAPSED: _("lapsed"),
    LegalEvent.RESTORED: _("restored"),
    LegalEvent.TRANSFERRED: _("transferred before"),
}

REFUSALS: dict[StrEnum, Any] = {
    NumberReason.NUMBER_NOT_RECOGNISED: _("“%(number)s” is not a number of this type of right."),
    NumberReason.CHECK_DIGIT_WRONG: _(
        "The check digit of %(number)s is wrong. If the other digits are right, the number is %(suggestion)s."
    ),
    NumberReason.NUMBER_OF_ANOTHER_TYPE: _("%(number)s is the number of another type of right."),
    NumberReason.PUBLICATION_IN_PLACE_OF_NUMBER: _(
        "%(number)s is a publication number. Give the application number (the patent number after ZL) here."
    ),
    NumberReason.NOT_A_PUBLICATION_NUMBER: _("%(number)s is not a publication number."),
    RightReason.GRANTED_BEFORE_FILED: _("The grant lies before the filing."),
    RightReason.EXPIRES_BEFORE_GRANTED: _("The expiry is not after the grant or the filing."),
    RightReason.FILED_IN_THE_FUTURE: _("The filing lies in the future."),
    RightReason.RANK_BELOW_ONE: _("A rank is 1 or more; 1 is paid first."),
    RightReason.CLAIM_WITHOUT_HOLDER: _("A pledge or claim needs the name of its holder."),
    RightReason.RANK_TAKEN: _("Two pledges of this right have the same register number."),
    RightReason.COUNT_OUT_OF_RANGE: _("This number must be from %(least)s to %(most)s."),
    RightReason.FAMILY_CHARACTERS: _(
        "Name a family by Latin letters and digits, for example by its earliest priority number."
    ),
}
