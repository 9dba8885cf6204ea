"""Portfolio files: what a bank exports from its loan system, read row by row before anything is stored."""

from marketplace.listings.portfolio.assembly import LotRows, Portfolio, read_portfolio
from marketplace.listings.portfolio.reading import MOST_BYTES, CellReason

__all__ = ["MOST_BYTES", "CellReason", "LotRows", "Portfolio", "read_portfolio"]
