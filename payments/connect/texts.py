"""The words for payees' accounts at the gateway."""

from flask_babel import lazy_gettext

from payments.connect.rules import ConnectReason

REFUSALS = {
    ConnectReason.COUNTRY_NOT_SERVED: lazy_gettext(
        "The payment provider pays nobody in your country; the bank pays you out."
    ),
    ConnectReason.ACCOUNT_THERE_ALREADY: lazy_gettext("There is an account already."),
    ConnectReason.NO_GATEWAY: lazy_gettext(
        "This marketplace has no payment provider; the bank pays you out."
    ),
}
