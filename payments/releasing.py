"""Whether a payout may leave now, and if not why: the one list of what holds money back. Pure.

A further reason to hold money back is a fact in `Release`, a member of `Hold`, and one line in `_HOLDS`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from payments.rules import PayoutKind

# Money out of a sale: it waits for the title. What goes back to whoever paid it never does.
OUT_OF_A_SALE = frozenset({PayoutKind.SETTLEMENT})


class Hold(StrEnum):
    """Why a payout may not leave yet."""

    TITLE_NOT_TRANSFERRED = "title_not_transferred"
    DISPUTE_OPEN = "dispute_open"
    PRICE_TAKEN_BACK = "price_taken_back"
    HELD_BACK = "held_back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What decides about one payout.

    Attributes:
        title_required: the rule pack lets money out only after the title has passed.
        title_recorded: the office has confirmed the transfer.
        title_waived: two persons have waived it, with a date and a reason.
        disputed: whoever paid for the sale asks the money back, and it is not decided yet.
        evidence_by: until when we can answer to that; None where nobody says.
        price_taken_back: a dispute was lost, and the buyer has not paid that part of the price again.
        not_before: the end of the hold-back period; None where nothing is held back, or it was waived.
    """

    kind: PayoutKind
    title_required: bool = True
    title_recorded: bool = False
    title_waived: bool = False
    disputed: bool = False
    evidence_by: datetime | None = None
    price_taken_back: bool = False
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Blocker:
    """One reason why a payout stays.

    Attributes:
        until: the moment at which it falls away by itself; None where somebody has to act.
        due_by: until when somebody can act.
    """

    hold: Hold
    until: datetime | None = None
    due_by: datetime | None = None


def not_before(
    *, settled_at: datetime, days: int, paid_at: datetime | None, reversible: bool, reversible_days: int
) -> datetime | None:
    """When the hold-back period of a settled sale ends; None where nothing is held back.

    Args:
        settled_at: when the money was distributed, the title having passed.
        days: for which it stays after that, whatever it came by.
        paid_at: when the price was complete.
        reversible: whether some of it came by card or wallet, so that the payer can have it taken back.
        reversible_days: for which it stays after the payment then.
    """
    ends = [settled_at + timedelta(days=days)] if days else []
    if reversible and reversible_days and paid_at is not None:
        ends.append(paid_at + timedelta(days=reversible_days))
    return max(ends, default=None)


def blockers(release: Release, now: datetime) -> tuple[Blocker, ...]:
    """Everything that keeps the payout here at `now`; nothing when it may leave."""
    found = (question(release, now) for question in _HOLDS)
    return tuple(blocker for blocker in found if blocker is not None)


def _title(release: Release, now: datetime) -> Blocker | None:
    del now
    if release.kind not in OUT_OF_A_SALE or not release.title_required:
        return None
    if release.title_recorded or release.title_waived:
        return None
    return Blocker(Hold.TITLE_NOT_TRANSFERRED)


def _dispute(release: Release, now: datetime) -> Blocker | None:
    """Whatever kind of money it is: while it may be taken back, it is not passed on."""
    del now
    return Blocker(Hold.DISPUTE_OPEN, due_by=release.evidence_by) if release.disputed else None


def _taken_back(release: Release, now: datetime) -> Blocker | None:
    del now
    return Blocker(Hold.PRICE_TAKEN_BACK) if release.price_taken_back else None


def _held_back(release: Release, now: datetime) -> Blocker | None:
    if release.not_before is None or release.not_before <= now:
        return None
    return Blocker(Hold.HELD_BACK, until=release.not_before)


_HOLDS: tuple[Callable[[Release, datetime], Blocker | None], ...] = (
    _title,
    _dispute,
    _taken_back,
    _held_back,
)
