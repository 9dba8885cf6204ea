"""The four kinds of refusal. Rules raise them; `web.py` alone maps them to HTTP; nothing is swallowed."""

from enum import StrEnum
from typing import Any


class MarketplaceError(Exception):
    """Base of everything this system refuses on purpose."""

    status = 500


class NotFound(MarketplaceError):
    """The thing does not exist, or the asker may not know that it does (404)."""

    status = 404


class NotAllowed(MarketplaceError):
    """The asker knows the thing but may not do this to it (403)."""

    status = 403


class Refused(MarketplaceError):
    """An expected no, with a reason the page can show beside the field (422).

    Attributes:
        reason: member of a package's enum of reasons; its text is in that package's `texts.py`.
        field: name of the input that caused it, or None.
        details: values to fill into the text, for example the least accepted amount.
    """

    status = 422

    def __init__(self, reason: StrEnum, field: str | None = None, **details: Any) -> None:
        super().__init__(str(reason))
        self.reason = reason
        self.field = field
        self.details = details


class Conflict(Refused):
    """The thing has moved on since the asker looked at it, or the act was done already (409)."""

    status = 409
