"""The words for what a spending limit refuses."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext

from auctions.refusals import RegistrationReason
from auctions.rules import Reason

REFUSALS: dict[StrEnum, Any] = {
    Reason.OVER_LIMIT: lazy_gettext(
        "This is more than what is left of your spending limit. Nothing was bid; raise the deposit, or wait "
        "until you are topped elsewhere."
    ),
    RegistrationReason.LIMIT_NOT_TAKEN: lazy_gettext(
        "This auction takes no deposit for several lots; pay its own."
    ),
    RegistrationReason.LIMIT_USED_UP: lazy_gettext("What is left of your spending limit is below the price."),
    RegistrationReason.LIMIT_BOUND: lazy_gettext(
        "Your bids bind this much of the deposit; it is free again when you are topped or have paid."
    ),
}
