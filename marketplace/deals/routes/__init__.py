"""The pages of deals."""

from marketplace.deals.routes import deals, mandates, offers, waivers, windows
from marketplace.deals.routes.shared import blueprint

__all__ = ["blueprint", "deals", "mandates", "offers", "waivers", "windows"]
