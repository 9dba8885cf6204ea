"""What may follow a price that was not paid: pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from marketplace.errors import Conflict, Refused
from marketplace.rule_packs import Pack
from marketplace.rule_packs.packs import Number
from marketplace.status import Moves

# Where a pack sets no limit of its own.
MOST_DAYS = 60
MOST_TIMES = 3
RESALE_DAYS = 180


class DefaultReason(StrEnum):
    TOO_MANY_DAYS = "too_many_days"
    NO_MORE_TIME = "no_more_time"
    ASKED_ALREADY = "asked_already"
    STILL_TO_BE_SOLD = "still_to_be_sold"
    PROPOSED_ALREADY = "proposed_already"
    NOTHING_FORFEITED = "nothing_forfeited"
    SHORTFALL_ENDED = "shortfall_ended"
    NOT_THE_WHOLE = "not_the_whole"


class DelayGround(StrEnum):
    """Why a buyer asks for more time."""

    BANK = "bank"
    FOREIGN_EXCHANGE = "foreign_exchange"
    FINANCING = "financing"
    FORCE_MAJEURE = "force_majeure"
    OTHER = "other"


class DistributionGround(StrEnum):
    """Why a forfeited deposit need not wait for another sale."""

    NOT_SOLD_IN_TIME = "not_sold_in_time"
    LEFT_THE_MARKET = "left_the_market"


class ShortfallStatus(StrEnum):
    OPEN = "open"
    PAID = "paid"
    WAIVED = "waived"


SHORTFALL_MOVES: Moves[ShortfallStatus] = {
    ShortfallStatus.OPEN: frozenset({ShortfallStatus.PAID, ShortfallStatus.WAIVED}),
    ShortfallStatus.PAID: frozenset(),
    ShortfallStatus.WAIVED: frozenset(),
}


@dataclass(frozen=True, slots=True)
class MoreTime:
    """How much more time an officer may still give: days at once, and how often."""

    days: int
    times: int


def more_time(pack: Pack, given: int) -> MoreTime:
    """What the pack leaves once a deadline was moved `given` times."""
    times = _or(pack.prolongations_most, MOST_TIMES)
    return MoreTime(_or(pack.prolongation_days_most, MOST_DAYS), max(0, times - given))


def check_more_time(pack: Pack, given: int, days: int) -> None:
    """Refuse more days than the pack allows at once, or another time after the last.

    Raises:
        Refused: other than 1 to so many days.
        Conflict: the deadline was moved as often as the pack allows.
    """
    left = more_time(pack, given)
    if not 1 <= days <= left.days:
        raise Refused(DefaultReason.TOO_MANY_DAYS, field="days", most=left.days)
    if left.times == 0:
        raise Conflict(DefaultReason.NO_MORE_TIME)


def distribution_ground(
    pack: Pack, *, on_market: bool, sold_again: bool, defaulted_at: datetime, now: datetime
) -> DistributionGround | None:
    """Why the deposit forfeited at `defaulted_at` may be distributed by itself; None while it has to wait.

    `on_market`: the lot may still be sold; `sold_again`: a later deal holds it, whose settlement takes the
    deposit with it.
    """
    if sold_again:
        return None
    if not on_market:
        return DistributionGround.LEFT_THE_MARKET
    days = _or(pack.resale_within_days, RESALE_DAYS)
    return DistributionGround.NOT_SOLD_IN_TIME if now >= defaulted_at + timedelta(days=days) else None


def _or(number: Number, otherwise: int) -> int:
    return otherwise if number is None else number.value
