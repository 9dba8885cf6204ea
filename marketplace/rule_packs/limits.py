"""Whether a sale as drafted keeps within its rule pack: pure, used at draft, submission and publication."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from marketplace.rule_packs.ladder import PriceLimit, Rung, opens_until, price_limits, rung_at
from marketplace.rule_packs.notice import notice_period
from marketplace.rule_packs.packs import Number, Pack, ReserveRule, Sourced

# What a pack with `ascending_only` allows, by the names of `auctions.formats`.
ASCENDING = frozenset({"english", "sale_off"})
# Where the price falls: the reserve lies below the start.
FALLING = frozenset({"dutch", "hybrid_dutch"})


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
    FORMAT_NOT_ALLOWED = "format_not_allowed"
    NOTICE_NOT_COUNTED = "notice_not_counted"
    OPENS_TOO_LATE = "opens_too_late"
    NOT_THE_PRICE_BEFORE = "not_the_price_before"
    BELOW_HALF_OF_REFERENCE = "below_half_of_reference"
    APPROVAL_NEEDED = "approval_needed"
    SALE_OFF_IS_NEXT = "sale_off_is_next"
    SALE_OFF_NOT_YET = "sale_off_not_yet"
    PROCEDURE_IS_OVER = "procedure_is_over"


@dataclass(frozen=True, slots=True)
class Problem:
    """One number outside its limit.

    Attributes:
        field: the Lot's column.
        limit: what it may be at most or must be at least: minor units, a moment, a year as text, or None.
        percent: the share the limit was computed from, where there is one.
        article: where the limit comes from; empty for plain logic.
        binding: True when it stops the lot; False for a limit that is not confirmed law, which only warns.
    """

    field: str
    reason: LimitReason
    limit: int | datetime | str | None = None
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
    failed_at: datetime | None = None,
    sale_off: bool | None = None,
    auction_format: str | None = None,
) -> list[Problem]:
    """What the pack would refuse. What is None is not yet known and not checked.

    Amounts are minor units of one currency. `reference_price_minor` is the floor of the first attempt's start
    price, `previous_start_price_minor` of a later one's. `published_at` is when the notice was published, or
    would be if it were published now; `attempt` is the round on the ladder, 1 for the first auction of the
    lot; `failed_at` is when the attempt before ended, `sale_off` whether this one is to be a sale-off.
    """
    found: list[Problem | None] = [
        _rung(pack, attempt, sale_off=sale_off),
        _way_of_selling(pack, auction_format),
    ]
    if start_price_minor is not None:
        limits = price_limits(pack, attempt, reference_price_minor, previous_start_price_minor)
        found += [_start_price(start_price_minor, limit, attempt) for limit in limits]
        falls = auction_format in FALLING
        found += _reserve(pack, start_price_minor, reserve_minor, public=reserve_public, falls=falls)
        found += _deposit(pack, start_price_minor, deposit_minor)
    if opens_at is not None:
        found += _times(pack, opens_at, closes_at)
        found.append(_notice(pack, opens_at, published_at, attempt))
        found.append(_deadline(pack, opens_at, published_at, failed_at, attempt))
    return [problem for problem in found if problem is not None]


def _rung(pack: Pack, number: int, *, sale_off: bool | None) -> Problem | None:
    """Whether the ladder has a sale of that kind in that round: two auctions, then a sale-off, then none."""
    rung, rounds = rung_at(pack, number), pack.rounds
    if rounds is None or sale_off is None:
        return None
    if rung is Rung.OVER:
        return _problem("auction_format", LimitReason.PROCEDURE_IS_OVER, rounds, None)
    if rung is Rung.SALE_OFF and not sale_off:
        return _problem("auction_format", LimitReason.SALE_OFF_IS_NEXT, rounds, None)
    if rung is Rung.AUCTION and sale_off:
        return _problem("auction_format", LimitReason.SALE_OFF_NOT_YET, rounds, None)
    return None


def _way_of_selling(pack: Pack, auction_format: str | None) -> Problem | None:
    rule = pack.ascending_only
    if auction_format is None or rule is None or not rule.value or auction_format in ASCENDING:
        return None
    return _problem("auction_format", LimitReason.FORMAT_NOT_ALLOWED, rule, None)


def _start_price(start: int, limit: PriceLimit, number: int) -> Problem | None:
    field = "start_price_minor"
    if limit.exact:
        differs = start != limit.amount
        reason = LimitReason.NOT_THE_PRICE_BEFORE
        return _problem(field, reason, limit.rule, limit.amount) if differs else None
    if start >= limit.amount:
        return None
    return _problem(field, _price_reason(limit, number), limit.rule, limit.amount, limit.percent)


def _price_reason(limit: PriceLimit, number: int) -> LimitReason:
    if not limit.of_reference:
        return LimitReason.PRICE_CUT_TOO_DEEP
    if number == 1:
        return LimitReason.START_PRICE_BELOW_FLOOR
    return LimitReason.BELOW_HALF_OF_REFERENCE if limit.rule.is_law else LimitReason.APPROVAL_NEEDED


def _reserve(
    pack: Pack, start: int, reserve: int | None, *, public: bool, falls: bool
) -> list[Problem | None]:
    """A price that falls has its reserve below the start, every other price above it."""
    if reserve is None:
        return []
    rule, found = pack.reserve, []
    if rule.value is ReserveRule.EQUALS_START and reserve != start:
        found.append(_problem("reserve_minor", LimitReason.RESERVE_NOT_START_PRICE, rule, start))
    elif reserve < start and not falls:
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
    period = notice_period(pack, published_at, attempt) if published_at is not None else None
    if period is None:
        return None
    if period.earliest is None:
        reason = LimitReason.NOTICE_NOT_COUNTED
        year = str(period.unknown_year)
        return Problem("opens_at", reason, year, None, period.rule.source, binding=False)
    if opens_at >= period.earliest:
        return None
    return _problem("opens_at", LimitReason.NOTICE_TOO_SHORT, period.rule, period.earliest)


def _deadline(
    pack: Pack,
    opens_at: datetime,
    published_at: datetime | None,
    failed_at: datetime | None,
    attempt: int,
) -> Problem | None:
    """An opening after the deadline binds while it can still be met; once missed, it is only pointed out."""
    deadline = opens_until(pack, attempt, failed_at)
    if deadline is None or opens_at <= deadline[0]:
        return None
    until, rule = deadline
    period = notice_period(pack, published_at, attempt) if published_at is not None else None
    missed = period is not None and (period.earliest is None or period.earliest > until)
    binding = rule.is_law and not missed
    return Problem("opens_at", LimitReason.OPENS_TOO_LATE, until, None, rule.source, binding=binding)


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
