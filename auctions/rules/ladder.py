"""The ladder: every bidder with a valid bid, best first."""

from datetime import datetime

from auctions.rules import Standing, State


def ladder(state: State) -> tuple[str, ...]:
    """Bidders by own best amount descending, then priority, then the earlier moment.

    At one and the same moment (a proxy's answer and the bid it answers) the earlier commitment is ahead.
    """
    return tuple(sorted(state.standing, key=lambda bidder: _rank(state.standing[bidder])))


def _rank(standing: Standing) -> tuple[int, bool, int, datetime, int]:
    priority = standing.priority_order
    return -standing.amount, priority is None, priority or 0, standing.at, standing.order
