"""The market's pages beside the list of prior sales."""

from transactions.market.routes import errors, open_data, overview, prices, statistics
from transactions.market.routes.shared import blueprint

__all__ = ["blueprint", "errors", "open_data", "overview", "prices", "statistics"]
