"""What must always hold between the database and the index, each a question that must return nothing."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.listings.rules import PUBLIC_STATUSES
from search import index, queries
from search.documents import version
from search.engines import Unavailable

# The worker follows within seconds; what is younger than this may still be on its way.
GRACE = timedelta(minutes=1)


def public_lots_are_in_the_index(session: Session) -> list[str]:
    """Every public lot is in the index, in its present state; without one no index is needed."""
    public = [state for state in _settled(session) if state.status in PUBLIC_STATUSES]
    if not public:
        return []
    try:
        known = index.current().versions()
    except Unavailable as reason:
        return [f"{reason}; run `flask search rebuild`"]
    return [
        f"lot {state.id} is {'not in the index' if held is None else 'in the index in an older state'}"
        for state in public
        if (held := known.get(str(state.id))) != version(state.changed_at, state.status)
    ]


def no_hidden_lot_is_in_the_index(session: Session) -> list[str]:
    """No draft or withdrawn lot is in the index, nor one that does not exist."""
    try:
        unknown = set(index.current().versions())
    except Unavailable:
        return []
    unknown -= {str(state.id) for state in queries.states_since(session, None) if _may_be_there(state)}
    return [f"lot {lot_id} is in the index and may not be seen" for lot_id in sorted(unknown)]


def _may_be_there(state: queries.State) -> bool:
    return state.status in PUBLIC_STATUSES or state.changed_at > clock.now() - GRACE


def _settled(session: Session) -> list[queries.State]:
    return [state for state in queries.states_since(session, None) if state.changed_at <= clock.now() - GRACE]


CHECKS: tuple[tuple[str, Callable[[Session], list[str]]], ...] = (
    ("every public lot is in the index as it is now", public_lots_are_in_the_index),
    ("no hidden lot is in the index", no_hidden_lot_is_in_the_index),
)
