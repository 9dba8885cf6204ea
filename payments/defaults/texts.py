"""The words for what follows a price that was not paid."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _

from payments.defaults.rules import DefaultReason, DelayGround, DistributionGround, ShortfallStatus

GROUNDS: dict[DelayGround, Any] = {
    DelayGround.BANK: _("The bank needs longer to carry out the transfer"),
    DelayGround.FOREIGN_EXCHANGE: _("Approval of a payment from abroad"),
    DelayGround.FINANCING: _("The financing is not paid out yet"),
    DelayGround.FORCE_MAJEURE: _("Force majeure"),
    DelayGround.OTHER: _("Another reason"),
}

DISTRIBUTION_GROUNDS: dict[DistributionGround, Any] = {
    DistributionGround.NOT_SOLD_IN_TIME: _("not sold again in time"),
    DistributionGround.LEFT_THE_MARKET: _("the lot has left the market"),
}

SHORTFALLS: dict[ShortfallStatus, Any] = {
    ShortfallStatus.OPEN: _("still owed"),
    ShortfallStatus.PAID: _("paid"),
    ShortfallStatus.WAIVED: _("given up"),
}

REFUSALS: dict[StrEnum, Any] = {
    DefaultReason.TOO_MANY_DAYS: _("Give from 1 to %(most)s days."),
    DefaultReason.NO_MORE_TIME: _("The rules of this lot allow no more time."),
    DefaultReason.ASKED_ALREADY: _("A request for more time waits for an officer."),
    DefaultReason.STILL_TO_BE_SOLD: _("The deposit waits for the next sale of the lot."),
    DefaultReason.PROPOSED_ALREADY: _("This is proposed already and waits for a second person."),
    DefaultReason.NOTHING_FORFEITED: _("No forfeited deposit of this deal waits to be distributed."),
    DefaultReason.SHORTFALL_ENDED: _("This shortfall is paid or given up already."),
    DefaultReason.NOT_THE_WHOLE: _("The whole shortfall is %(whole)s; record it when all of it is here."),
}
