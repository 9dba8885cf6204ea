"""The pages of deals."""

from marketplace.deals.routes import deals, mandates, offers, windows
from marketplace.deals.routes.shared import blueprint

__all__ = ["blueprint", "deals", "mandates", "offers", "windows"]
