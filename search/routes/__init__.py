"""The pages of the search."""

from search.routes import page
from search.routes.shared import blueprint

__all__ = ["blueprint", "page"]
