"""A window for offers after an auction that found no buyer: approved by two persons, closed by time."""

from marketplace.deals.windows.closing import close_due

__all__ = ["close_due"]
