"""Pages of valuations."""

from transactions.valuations.routes import batches, checking, panel, schedules, valuations
from transactions.valuations.routes.shared import blueprint

__all__ = ["batches", "blueprint", "checking", "panel", "schedules", "valuations"]
