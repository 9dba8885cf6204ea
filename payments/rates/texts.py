"""The words for rates of the day."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _

from payments.rates.rules import RateReason

REFUSALS: dict[StrEnum, Any] = {
    RateReason.NOT_A_RATE: _("Write the rate in digits, such as 7.1234."),
    RateReason.NO_SUCH_CLAIM: _("No claim on this lot is in that currency."),
    RateReason.SOURCE_MISSING: _("Name who published the rate."),
    RateReason.NOT_OF_TODAY: _("A rate is of today or of a day before."),
    RateReason.RATE_WAITS: _("A rate for this currency is confirmed, or waits for a second person."),
}
