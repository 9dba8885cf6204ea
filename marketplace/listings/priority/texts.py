"""The words for rights of first refusal."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _

from marketplace.listings.priority.rules import HolderKind, HolderStatus, PriorityReason, ServiceMethod

KINDS: dict[HolderKind, Any] = {
    HolderKind.CO_OWNER: _("co-owner or joint developer"),
    HolderKind.INVENTOR: _("inventor of a service invention"),
    HolderKind.COMMISSIONING_PARTY: _("commissioning party"),
    HolderKind.LICENSEE: _("licensee"),
    HolderKind.OTHER: _("somebody else"),
}

STATUSES: dict[HolderStatus, Any] = {
    HolderStatus.TO_NOTIFY: _("to be notified"),
    HolderStatus.NOTIFIED: _("notified"),
    HolderStatus.TAKES_PART: _("takes part"),
    HolderStatus.WAIVED: _("waived in writing"),
    HolderStatus.ABSENT: _("absent, deemed to have waived"),
    HolderStatus.REMOVED: _("struck out"),
}

STATUS_TONES: dict[HolderStatus, str] = {
    HolderStatus.TO_NOTIFY: "waiting",
    HolderStatus.NOTIFIED: "live",
    HolderStatus.TAKES_PART: "live",
    HolderStatus.WAIVED: "done",
    HolderStatus.ABSENT: "done",
    HolderStatus.REMOVED: "stopped",
}

METHODS: dict[ServiceMethod, Any] = {
    ServiceMethod.IN_PERSON: _("handed over in person"),
    ServiceMethod.POST: _("by post, with tracking number"),
    ServiceMethod.EMAIL: _("by e-mail, with the holder's consent"),
    ServiceMethod.COURT: _("by the court's electronic service"),
    ServiceMethod.PUBLIC: _("by public notice, because nothing else reaches the holder"),
}

REFUSALS: dict[StrEnum, Any] = {
    PriorityReason.HOLDER_NOT_CONFIRMED: _(
        "A second person has to confirm %(name)s as holder of a right of first refusal."
    ),
    PriorityReason.HOLDER_NOT_NOTIFIED: _(
        "%(name)s has a right of first refusal and has not been notified of this sale (%(article)s)."
    ),
    PriorityReason.NOTICE_NOT_CONFIRMED: _(
        "A second person has to confirm that the notice was served on %(name)s."
    ),
    PriorityReason.NOTICE_NOT_IN_EFFECT: _(
        "The public notice to %(name)s counts as received from %(moment)s (%(article)s)."
    ),
    PriorityReason.NOTICE_TOO_LATE: _(
        "%(name)s was notified too late: the sale may be announced from %(moment)s (%(article)s)."
    ),
    PriorityReason.BASIS_MISSING: _("State the article or the contract that the right comes from."),
    PriorityReason.NAME_MISSING: _("State the holder's name."),
    PriorityReason.ORDER_OUT_OF_RANGE: _("An order is a number from 1, the strongest, to %(most)s."),
    PriorityReason.PROOF_MISSING: _("Name the document that proves it."),
    PriorityReason.SERVED_IN_THE_FUTURE: _("The notice cannot have been served in the future."),
    PriorityReason.UNREACHABLE_UNEXPLAINED: _("State why the holder cannot be reached; it is published."),
    PriorityReason.PUBLIC_TEXT_MISSING: _("State what the public notice says."),
    PriorityReason.SECOND_PERSON_NEEDED: _("A second person must do this: the entry is your own."),
    PriorityReason.INSTITUTION_UNKNOWN: _("No verified institution has this registration number."),
    PriorityReason.CONFIRMED_ALREADY: _("This is confirmed already, or struck out."),
    PriorityReason.TAKES_PART_ALREADY: _("This holder takes part in the running auction already."),
    PriorityReason.TOO_MANY_HOLDERS: _("A lot has at most %(most)s holders."),
    PriorityReason.LOT_IS_OVER: _("The lot is sold or withdrawn."),
}
