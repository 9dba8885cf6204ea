"""The pages of the search."""

from search.routes import compare, export, like, page, seen
from search.routes.shared import blueprint

__all__ = ["blueprint", "compare", "export", "like", "page", "seen"]
