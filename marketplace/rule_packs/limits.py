"""Whether a sale as drafted keeps within its rule pack: pure, used at draft, submission and publication."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from marketplace.rule_packs.packs import Number, Pack, ReserveRule, Sourced


class LimitReason(StrEnum):
    START_PRICE_BELOW_FLOOR = "start_price_below_floor"
    PRICE_CUT_TOO_DEEP = "price_cut_too_deep"
    RESERVE_NOT_START_PRICE = "reserve_not_start_price"
    RESERVE_MUST_BE_PUBLIC = "reserve_must_be_public"
    RESERVE_BELOW_START = "reserve_below_start"
    DEPOSIT_TOO_SMALL = "deposit_too_small"
    DEPOSIT_TOO_LARGE = "deposit_too_large"
    BIDDING_TOO_SHORT = "bidding_too_short"
    CLOSES_BEFORE_OPENING = "closes_before_opening"
    NOTICE_TOO_SHORT = "notice_too_short"


@dataclass(frozen=True, slots=True)
class Problem:
    """One number outside its limit.

    Attributes:
        field: the Lot's column.
        limit: what it may be at most or must be at least: minor units, or a moment's text, or None.
        percent: the share the limit was computed from, where there is one.
        article: where the limit comes from; empty for plain logic.
        binding: True when it stops the lot; False for a limit that is not confirmed law, which only warns.
    """

    field: str
    reason: LimitReason
    limit: int | datetime | None = None
    percent: int | None = None
    article: str = ""
    binding: bool = True


def check_limits(
    pack: Pack,
    *,
    reference_price_minor: int | None = None,
    start_price_minor: int | None = None,
    reserve_minor: int | None = None,
    reserve_public: bool = False,
    deposit_minor: int | None = None,
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
    published_at: datetime | None = None,
    attempt: int = 1,
    previous_start_price_minor: int | None = None,
) -> list[Problem]:
    """What the pack would refuse. What is None is not yet known and not checked.

    Amounts are minor units of one currency. `reference_price_minor` is the floor of the first attempt's start
    price, `previous_start_price_minor` of a later one's. `published_at` is when the notice was published, or
    would be if it were published now; `attempt` is 1 for the first auction of the lot.
    """
    found: list[Problem | None] = []
    if start_price_minor is not None:
        found += _start_price(
            pack, start_price_minor, reference_price_minor, previous_start_price_minor, attempt
        )
        found += _reserve(pack, start_price_minor, reserve_minor, public=reserve_public)
        found += _deposit(pack, start_price_minor, deposit_minor)
    if opens_at is not None:
        found += _times(pack, opens_at, closes_at)
        found.append(_notice(pack, opens_at, published_at, attempt))
    return [problem for problem in found if problem is not None]


def _start_price(
    pack: Pack, start: int, reference: int | None, previous: int | None, attempt: int
) -> list[Problem | None]:
    if attempt == 1 and reference is not None:
        floor, reason = pack.start_price_floor_percent, LimitReason.START_PRICE_BELOW_FLOOR
        return [_least("start_price_minor", start, reference, floor, reason)]
    cut = pack.price_cut_most_percent
    if attempt > 1 and previous is not None and cut is not None:
        kept = Sourced(100 - cut.value, cut.basis, cut.source)
        reason = LimitReason.PRICE_CUT_TOO_DEEP
        return [_least("start_price_minor", start, previous, kept, reason)]
    return []


def _reserve(pack: Pack, start: int, reserve: int | None, *, public: bool) -> list[Problem | None]:
    if reserve is None:
        return []
    rule, found = pack.reserve, []
    if rule.value is ReserveRule.EQUALS_START and reserve != start:
        found.append(_problem("reserve_minor", LimitReason.RESERVE_NOT_START_PRICE, rule, start))
    elif reserve < start:
        found.append(Problem("reserve_minor", LimitReason.RESERVE_BELOW_START, start))
    if rule.value is not ReserveRule.MAY_BE_SECRET and not public:
        found.append(_problem("reserve_public", LimitReason.RESERVE_MUST_BE_PUBLIC, rule, None))
    return list(found)


def _deposit(pack: Pack, start: int, deposit: int | None) -> list[Problem | None]:
    if deposit is None:
        return []
    least, most = pack.deposit_least_percent, pack.deposit_most_percent
    found = [_least("deposit_minor", deposit, start, least, LimitReason.DEPOSIT_TOO_SMALL)]
    if most is not None and deposit * 100 > start * most.value:
        limit = start * most.value // 100
        found.append(_problem("deposit_minor", LimitReason.DEPOSIT_TOO_LARGE, most, limit, most.value))
    return found


def _times(pack: Pack, opens_at: datetime, closes_at: datetime | None) -> list[Problem | None]:
    if closes_at is None:
        return []
    if closes_at <= opens_at:
        return [Problem("closes_at", LimitReason.CLOSES_BEFORE_OPENING, opens_at)]
    hours = pack.bidding_hours_least
    if hours is None or closes_at - opens_at >= timedelta(hours=hours.value):
        return []
    limit = opens_at + timedelta(hours=hours.value)
    return [_problem("closes_at", LimitReason.BIDDING_TOO_SHORT, hours, limit)]


def _notice(pack: Pack, opens_at: datetime, published_at: datetime | None, attempt: int) -> Problem | None:
    days = pack.notice_days if attempt == 1 else pack.notice_days_later
    if published_at is None or days is None or opens_at - published_at >= timedelta(days=days.value):
        return None
    limit = published_at + timedelta(days=days.value)
    return _problem("opens_at", LimitReason.NOTICE_TOO_SHORT, days, limit)


def _least(field: str, amount: int, whole: int, share: Number, reason: LimitReason) -> Problem | None:
    """A problem when `amount` is less than the share of `whole`; the limit is rounded up."""
    if share is None or amount * 100 >= whole * share.value:
        return None
    return _problem(field, reason, share, -(-whole * share.value // 100), share.value)


def _problem(
    field: str,
    reason: LimitReason,
    rule: Sourced[object],
    limit: int | datetime | None,
    percent: int | None = None,
) -> Problem:
    return Problem(field, reason, limit, percent, rule.source, rule.is_law)
