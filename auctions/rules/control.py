"""Suspending, resuming, cancelling and extending from outside (法释〔2016〕18号 art. 28)."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

from auctions.rules import Action, Outcome, Reason, State, Terms

# Formats whose end is a moment of its own rather than the sum of their stages.
WITH_A_FREE_END = frozenset({"english", "sealed", "sale_off"})

_SECONDS = re.compile(r"[1-9][0-9]{0,7}")


def control(state: State, action: Action, now: datetime) -> State | Reason:
    """Apply a suspension, a resumption or a cancellation at `now`, or say why not.

    A suspension may begin before the opening. An ended auction is `closed`; a second suspension is
    `suspended`; a resumption of what runs is `not_allowed_in_stage`.
    """
    if state.outcome is not Outcome.OPEN:
        return Reason.CLOSED
    if action is Action.CANCEL:
        return replace(state, outcome=Outcome.CANCELLED, suspended_at=None)
    if action is Action.SUSPEND:
        return Reason.SUSPENDED if state.suspended_at else replace(state, suspended_at=now)
    return _resume(state, now)


def _resume(state: State, now: datetime) -> State | Reason:
    """Move the end, as extended so far, and every stage by the suspension; a hard stop does not stop that."""
    if state.suspended_at is None:
        return Reason.NOT_ALLOWED_IN_STAGE
    stood = now - state.suspended_at
    closes_at = state.closes_at and state.closes_at + stood
    return replace(state, suspended_at=None, closes_at=closes_at, moved=state.moved + stood)


def extend(terms: Terms, state: State, seconds: str | None) -> State | Reason:
    """Move the end by a whole number of seconds, or say why not; a hard stop does not stop that.

    Only a format with a free end can be extended: where stages follow each other, more time for one of them
    would change the price or the turn that is due. The rule pack says how far an end moves at once.
    """
    if state.outcome is not Outcome.OPEN:
        return Reason.CLOSED
    if terms.auction_format not in WITH_A_FREE_END or state.closes_at is None:
        return Reason.NOT_ALLOWED_IN_STAGE
    if _SECONDS.fullmatch(seconds or "") is None:
        return Reason.MALFORMED_AMOUNT
    by, most = timedelta(seconds=int(seconds or "")), terms.pack.operator_extension_most_hours
    if most is not None and by > timedelta(hours=most.value):
        return Reason.TOO_LONG
    return replace(state, closes_at=state.closes_at + by)
