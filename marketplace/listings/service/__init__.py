"""The verbs of listings."""

from marketplace.listings.service.importing import mark_duplicates, store_portfolio
from marketplace.listings.service.moves import release, reserve

__all__ = ["mark_duplicates", "release", "reserve", "store_portfolio"]
