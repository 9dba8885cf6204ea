"""For which time an auction stood still because of an outage, and what follows from it. Pure."""

from datetime import datetime, timedelta

from marketplace.heartbeat.rules import Gap
from marketplace.rule_packs import Pack


def standstill(gap: Gap, opening: datetime, last_event_at: datetime | None) -> Gap | None:
    """The part of the outage in which this auction took no bids; None where there is none.

    It begins with the opening where that came later, and not before the last entry of the journal: what
    was answered proves that the platform answered at that moment.
    """
    began_at = max(gap.began_at, opening, last_event_at or opening)
    return Gap(began_at, gap.ended_at) if began_at < gap.ended_at else None


def resumes_by_itself(pack: Pack, length: timedelta) -> bool:
    """Whether a standstill is short enough for the auction to go on without a person's decision."""
    most = pack.outage_extension_most_hours
    return most is None or length <= timedelta(hours=most.value)


def seconds_lacking(pack: Pack, closes_at: datetime | None, resumed_at: datetime) -> int:
    """How much is lacking to the time for bidding that there must at least be once the platform is back."""
    if closes_at is None or pack.outage_notice_minutes is None:
        return 0
    least = resumed_at + timedelta(minutes=pack.outage_notice_minutes.value)
    lacking = least - closes_at
    return max(0, -(-lacking // timedelta(seconds=1)))
