"""The pages of listings."""

from marketplace.listings.routes import acts, bank, importing, priority, public, wholes
from marketplace.listings.routes.shared import blueprint

__all__ = ["acts", "bank", "blueprint", "importing", "priority", "public", "wholes"]
