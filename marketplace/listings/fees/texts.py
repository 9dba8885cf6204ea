"""The words for the platform's commission, and for what two persons decide."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _

from marketplace.commission import Bearer
from marketplace.four_eyes import FourEyesReason
from marketplace.listings.fees.rules import FeeReason

BEARERS: dict[Bearer, Any] = {Bearer.SELLER: _("the seller"), Bearer.BUYER: _("the buyer")}

REFUSALS: dict[StrEnum, Any] = {
    FourEyesReason.ANSWERED_ALREADY: _("This is decided already. Please reload the page."),
    FourEyesReason.SAY_WHY: _("Please say why."),
    FeeReason.NOT_A_RATE: _("Write a share from 0 to 1, such as 0.015 for one and a half percent."),
    FeeReason.RATE_OR_TABLE: _("Give either a rate or a table."),
    FeeReason.ABOVE_THE_LIMIT: _(
        "That is above the limit of %(percent)s percent. More needs an agreement to refer to, and is never "
        "more than half of the price."
    ),
    FeeReason.ABOVE_THE_TABLE: _(
        "Under these rules the buyer pays no more than the table: take the table, or a rate of at most "
        "%(percent)s percent without a minimum."
    ),
    FeeReason.BOUNDS_REVERSED: _("The most is less than the least."),
    FeeReason.LOT_IS_PUBLISHED: _("The lot is published: its bidders have seen what they would pay."),
    FeeReason.BEGINS_IN_THE_PAST: _("Terms begin now or later."),
    FeeReason.UNKNOWN_TABLE: _("There is no such table."),
    FeeReason.TOO_MANY_TERMS: _("There are too many terms to list."),
}
