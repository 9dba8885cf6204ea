"""The words for taxes."""

from typing import Any

from flask_babel import lazy_gettext as _

from marketplace.taxes.rules import TaxBearer, Treatment

BEARERS: dict[TaxBearer, Any] = {
    TaxBearer.EACH_OWN: _("each side its own"),
    TaxBearer.SELLER: _("the seller, both sides' taxes"),
    TaxBearer.BUYER: _("the buyer, both sides' taxes"),
}

# How the price is taxed, as the seller states it.
PRICE_TREATMENTS: dict[Treatment, Any] = {
    Treatment.NOT_DETERMINED: _("not determined"),
    Treatment.GENERAL: _("taxed at the general rate"),
    Treatment.SMALL_SCALE: _("taxed at the rate of small-scale taxpayers"),
    Treatment.EXEMPT: _("exempt as a registered technology contract"),
}

# How an institution's own services are taxed.
SERVICE_TREATMENTS: dict[Treatment, Any] = {
    Treatment.NOT_DETERMINED: _("not stated"),
    Treatment.GENERAL: _("general taxpayer"),
    Treatment.SMALL_SCALE: _("small-scale taxpayer"),
}
