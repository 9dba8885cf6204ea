"""Refusals that name their reason and yet are no fault of the content."""

from marketplace.errors import Refused


class NotSigned(Refused):
    """Who asks is not who it says, or may not (403)."""

    status = 403


class NotThere(Refused):
    """The record is not there, or not the contributor's own (404)."""

    status = 404
