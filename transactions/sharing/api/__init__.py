"""The API of the shared record, version 1: submissions, feed, records, register, schemas, OCDS."""

from transactions.sharing.api import descriptions, ocds, reading, submissions
from transactions.sharing.api.shared import blueprint

__all__ = ["blueprint", "descriptions", "ocds", "reading", "submissions"]
