"""For pages that only read: what they read exactly is noted in a transaction of its own."""

from collections.abc import Iterable

from marketplace.db import atomic
from transactions.disclosure.rules import CONFIDENTIAL
from transactions.disclosure.rules.words import Purpose
from transactions.disclosure.service.noting import By, Read, note


def note_at_door(by: By, purpose: Purpose, read: Iterable[Read]) -> None:
    """For a page that only reads: opens `atomic()` where there is something to note, and only there."""
    confidential = [one for one in read if one[1].consent_tier in CONFIDENTIAL]
    if confidential:
        with atomic() as session:
            note(session, by, purpose, confidential)
