"""What must always hold of saved searches and watched lots, each a question that must return nothing."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.listings.models import Lot
from marketplace.listings.rules import PUBLIC_STATUSES
from search.service import OVERLAP
from search.watching import queries
from search.watching.models import Delivery, Match, SavedSearch, Sighting, WantedNotice
from search.watching.rules.words import SEARCHES_LIMIT, WantedStatus

# The worker follows within seconds; what is younger than this may still be on its way.
GRACE = timedelta(minutes=1)
_SHOWN = 100


def nothing_hidden_was_found(session: Session) -> list[str]:
    """A match tells of a lot that anybody could see when it was found."""
    hidden = or_(Match.status.not_in(PUBLIC_STATUSES), Lot.published_at.is_(None))
    statement = select(Match.id, Match.lot_id).join(Lot, Lot.id == Match.lot_id).where(hidden)
    rows = session.execute(statement.limit(_SHOWN))
    return [f"match {match_id} tells of lot {lot_id}, which was not public" for match_id, lot_id in rows]


def following_is_not_ahead(session: Session) -> list[str]:
    """Whatever lies behind the point up to which lots were followed has been looked at."""
    progress = queries.progress(session)
    if progress is None:
        return []
    if progress.until > clock.now() + GRACE:
        return [f"lots were followed up to {progress.until.isoformat()}, which is yet to come"]
    settled = min(progress.until - OVERLAP, clock.now() - GRACE)
    statement = select(Lot.id).outerjoin(Sighting, Sighting.lot_id == Lot.id)
    statement = statement.where(Lot.status.in_(PUBLIC_STATUSES), Lot.changed_at < settled)
    missed = statement.where(or_(Sighting.lot_id.is_(None), Sighting.changed_at != Lot.changed_at))
    return [f"lot {lot_id} changed and was passed over" for lot_id in session.scalars(missed.limit(_SHOWN))]


def what_is_due_was_told(session: Session) -> list[str]:
    """No match waits an hour after it was to be told."""
    late = (Match.told_at.is_(None), Match.due_at < clock.now() - timedelta(hours=1))
    statement = select(Match.search_id, func.count()).where(*late).group_by(Match.search_id).limit(_SHOWN)
    return [f"search {search_id} has {count} lots to tell" for search_id, count in session.execute(statement)]


def nobody_keeps_too_many(session: Session) -> list[str]:
    """The limit of saved searches holds also against two requests at once."""
    statement = select(SavedSearch.person_id, func.count()).where(SavedSearch.wanted_id.is_(None))
    over = statement.group_by(SavedSearch.person_id).having(func.count() > SEARCHES_LIMIT)
    return [f"person {person_id} keeps {count} searches" for person_id, count in session.execute(over)]


def ended_notices_find_nothing(session: Session) -> list[str]:
    """The search of a wanted notice runs exactly as long as the notice is open."""
    runs, is_open = SavedSearch.paused_at.is_(None), WantedNotice.status == WantedStatus.OPEN
    statement = select(WantedNotice.id).outerjoin(SavedSearch, SavedSearch.wanted_id == WantedNotice.id)
    wrong = statement.where(or_(SavedSearch.id.is_(None), runs & ~is_open, ~runs & is_open))
    return [
        f"notice {wanted_id} and its search disagree" for wanted_id in session.scalars(wrong.limit(_SHOWN))
    ]


def given_up_messages_were_tried(session: Session) -> list[str]:
    """A message to somebody's own system ends when it has arrived, or after the last attempt."""
    wrong = (Delivery.ended_at.is_not(None), Delivery.arrived.is_(False), Delivery.attempts < 1)
    return [
        f"message {found} was never tried" for found in session.scalars(select(Delivery.id).where(*wrong))
    ]


CHECKS: tuple[tuple[str, Callable[[Session], list[str]]], ...] = (
    ("no saved search has found a hidden lot", nothing_hidden_was_found),
    ("changed lots are followed without a gap", following_is_not_ahead),
    ("what was found is told in time", what_is_due_was_told),
    ("nobody keeps more searches than the limit", nobody_keeps_too_many),
    ("a wanted notice is searched for as long as it is open", ended_notices_find_nothing),
    ("no message to a system is given up untried", given_up_messages_were_tried),
)
