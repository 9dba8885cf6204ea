"""The words for what taxes refuse."""

from flask_babel import lazy_gettext as _

from payments.taxes.rules import TaxReason

REFUSALS = {
    TaxReason.TAX_NUMBER_WRONG: _("This is no tax number of %(country)s. Check each sign."),
    TaxReason.NOT_EXEMPT: _("The lot was not published as exempt; its price is taxed as published."),
    TaxReason.CONTRACT_REGISTERED_ALREADY: _("The registration of this contract is recorded already."),
    TaxReason.CONTRACT_NUMBER_MISSING: _("Give the number of the registration."),
    TaxReason.REGISTERED_IN_FUTURE: _("The contract cannot have been registered after today."),
}
