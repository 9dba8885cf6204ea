"""The pages of listings."""

from marketplace.listings.routes import acts, bank, importing, public
from marketplace.listings.routes.shared import blueprint

__all__ = ["acts", "bank", "blueprint", "importing", "public"]
