"""The words for risk-sharing agreements."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _

from payments.risk_sharing.rules import SharingReason

REFUSALS: dict[StrEnum, Any] = {
    SharingReason.NO_PARTIES: _("Name from 1 to %(most)s parties."),
    SharingReason.NOT_A_SHARE: _("Each line is a party and its share at the end, such as 0.4: %(party)s"),
    SharingReason.MORE_THAN_THE_WHOLE: _("The shares exceed the whole."),
    SharingReason.PARTY_TWICE: _("A party is named twice."),
    SharingReason.DOCUMENT_NEEDED: _("Name the agreement."),
    SharingReason.SETTLED_ALREADY: _("The sale is settled already."),
    SharingReason.DRAFT_WAITS: _("A draft waits for a second person."),
}
