"""The barred list: entry, review, exit, each by two persons. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

from marketplace.status import Moves

# Every entry is looked at again once a year, and none stands longer than the five years for which the
# rules on reference prices bar a platform that was removed (the nearest rule there is; platform default).
REVIEW_EVERY = timedelta(days=365)
MOST_DAYS = 5 * 365


class ListingStatus(StrEnum):
    PROPOSED = "proposed"
    DROPPED = "dropped"
    LISTED = "listed"
    LIFT_PROPOSED = "lift_proposed"
    LIFTED = "lifted"


LISTING_MOVES: Moves[ListingStatus] = {
    ListingStatus.PROPOSED: frozenset({ListingStatus.LISTED, ListingStatus.DROPPED}),
    ListingStatus.LISTED: frozenset({ListingStatus.LIFT_PROPOSED}),
    ListingStatus.LIFT_PROPOSED: frozenset({ListingStatus.LISTED, ListingStatus.LIFTED}),
    ListingStatus.DROPPED: frozenset(),
    ListingStatus.LIFTED: frozenset(),
}

# While lifting is only proposed, the entry stands.
STANDING = frozenset({ListingStatus.LISTED, ListingStatus.LIFT_PROPOSED})
# What a second person decides, who is not the one that proposed it.
SECOND_PERSONS = frozenset({ListingStatus.LISTED, ListingStatus.DROPPED, ListingStatus.LIFTED})


def in_force(status: ListingStatus, until: datetime | None, now: datetime) -> bool:
    """Whether the entry bars now: its end is exclusive."""
    return status in STANDING and until is not None and now < until


def review_due(reviewed_at: datetime | None, listed_at: datetime, now: datetime) -> bool:
    """Whether the yearly look at the entry is due."""
    return now >= (reviewed_at or listed_at) + REVIEW_EVERY
