"""The verbs of listings."""

from marketplace.listings.service.moves import release, reserve

__all__ = ["release", "reserve"]
