"""Suspending, resuming and cancelling: what stops an auction from outside (法释〔2016〕18号 art. 28)."""

from dataclasses import replace
from datetime import datetime

from auctions.rules import Action, Outcome, Reason, State


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
