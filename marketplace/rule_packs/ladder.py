"""The ladder of attempts: from those so far to what may come next, at which price, until when. Pure.

A round is an attempt that found no buyer. An attempt whose winner did not pay, or that was cancelled, is
repeated in the same round.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from marketplace.rule_packs.packs import Number, Pack, Sourced


class Rung(StrEnum):
    """What the procedure has reached."""

    AUCTION = "auction"
    SALE_OFF = "sale_off"
    OVER = "over"


class AttemptEnd(StrEnum):
    """How an attempt ended, as the ladder counts it."""

    OPEN = "open"
    SOLD = "sold"
    NO_BUYER = "no_buyer"
    DID_NOT_STAND = "did_not_stand"
    CANCELLED = "cancelled"


class StepKind(StrEnum):
    """What a bank may decide after, or in place of, an attempt."""

    NEXT_AUCTION = "next_auction"
    SALE_OFF = "sale_off"
    TAKING = "taking"
    CONVERSION = "conversion"
    REDEMPTION = "redemption"
    WITHDRAWAL = "withdrawal"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to sell the lot. Amounts in minor units.

    Attributes:
        reserve: None where the seller had none besides the start price.
        ended_at: None while it is open.
    """

    round: int
    start_price: int
    reserve: int | None
    end: AttemptEnd
    opens_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Position:
    """Where a lot stands on the ladder.

    Attributes:
        round: of the next attempt; 1 for the first.
        previous_start: start price of the last attempt that found no buyer.
        failed_at: when the last round ended for want of a buyer; None where its last attempt ended otherwise,
            for then no deadline runs.
        current: the attempt that has not ended.
        last: the last attempt that found no buyer or no payment.
    """

    round: int = 1
    previous_start: int | None = None
    failed_at: datetime | None = None
    current: Attempt | None = None
    last: Attempt | None = None
    sold: bool = False


@dataclass(frozen=True, slots=True)
class PriceLimit:
    """A limit of a start price.

    Attributes:
        exact: the price has to be this one, rather than at least this.
        of_reference: whether `percent` is of the reference price, rather than of the start price before.
    """

    amount: int
    percent: int
    rule: Sourced[object]
    exact: bool = False
    of_reference: bool = True


@dataclass(frozen=True, slots=True)
class PossibleStep:
    """A step that the rules allow now.

    Attributes:
        round: of the attempt it would begin; None for a step that begins none.
        limits: of its start price.
        price: what a taking costs; None where the parties or the bank set it.
        until: the opening may not be later; None where there is no such limit.
        rule: what allows the step; None where nothing forbids it.
        until_rule: what sets `until`.
    """

    kind: StepKind
    round: int | None = None
    limits: tuple[PriceLimit, ...] = ()
    price: int | None = None
    until: datetime | None = None
    rule: Sourced[object] | None = None
    until_rule: Number = None


def rung_at(pack: Pack, number: int) -> Rung:
    """What a round is under the pack: an auction, the sale-off after the last of them, or no sale at all."""
    if pack.rounds is None or number <= pack.rounds.value:
        return Rung.AUCTION
    return Rung.SALE_OFF if number == pack.rounds.value + 1 else Rung.OVER


def position_of(attempts: Sequence[Attempt]) -> Position:
    """Where the attempts, in their order, have led."""
    failed = [attempt for attempt in attempts if attempt.end is AttemptEnd.NO_BUYER]
    ends = {AttemptEnd.NO_BUYER, AttemptEnd.DID_NOT_STAND}
    unsold = [attempt for attempt in attempts if attempt.end in ends]
    last = unsold[-1] if unsold else None
    return Position(
        round=1 + len(failed),
        previous_start=failed[-1].start_price if failed else None,
        failed_at=last.ended_at if last is not None and last.end is AttemptEnd.NO_BUYER else None,
        current=next((attempt for attempt in attempts if attempt.end is AttemptEnd.OPEN), None),
        last=last,
        sold=bool(attempts) and attempts[-1].end is AttemptEnd.SOLD,
    )


def price_limits(
    pack: Pack, number: int, reference: int | None, previous: int | None
) -> tuple[PriceLimit, ...]:
    """The limits of the start price in a round; an unknown reference or earlier price sets none.

    Round 1 is measured by the reference price, a later auction by the start price before it (the cut), a
    sale-off by both: it starts where the last auction did, and never below its share of the reference price.
    """
    rung = rung_at(pack, number)
    found: list[PriceLimit | None] = []
    if number == 1:
        found.append(_share(reference, pack.start_price_floor_percent))
    elif rung is Rung.AUCTION:
        found.append(_after_cut(previous, pack.price_cut_most_percent))
    elif rung is Rung.SALE_OFF:
        found.append(_share(reference, pack.sale_off_floor_percent))
        if previous is not None and pack.sale_off_days is not None:
            found.append(PriceLimit(previous, 100, pack.sale_off_days, exact=True, of_reference=False))
    if number > 1:
        found.append(_share(reference, pack.approval_below_percent))
    return tuple(limit for limit in found if limit is not None)


def _share(whole: int | None, rule: Number) -> PriceLimit | None:
    """The share rounded up: a start price that is one minor unit short is below it."""
    if whole is None or rule is None:
        return None
    return PriceLimit(-(-whole * rule.value // 100), rule.value, rule)


def _after_cut(previous: int | None, cut: Number) -> PriceLimit | None:
    if previous is None or cut is None:
        return None
    kept = 100 - cut.value
    return PriceLimit(-(-previous * kept // 100), kept, cut, of_reference=False)


def opens_until(pack: Pack, number: int, failed_at: datetime | None) -> tuple[datetime, Sourced[int]] | None:
    """Until when the attempt in a round must have opened after the failure before it, and by which rule."""
    later = {Rung.AUCTION: pack.next_auction_within_days, Rung.SALE_OFF: pack.sale_off_within_days}
    rule = later.get(rung_at(pack, number))
    if failed_at is None or rule is None:
        return None
    return failed_at + timedelta(days=rule.value), rule


def possible_steps(
    pack: Pack, attempts: Sequence[Attempt], *, reference: int | None, secured: bool, now: datetime
) -> tuple[PossibleStep, ...]:
    """What the bank may decide at `now`, in the order of the procedure; nothing once the lot is sold.

    `secured` says that the lot is sold for a debt: without one there is nobody to take, convert or redeem.
    """
    at = position_of(attempts)
    if at.sold:
        return ()
    begun = at.current is not None and now >= at.current.opens_at
    if begun:
        return ()
    steps = [] if at.current is not None else _after_failure(pack, at, reference, secured=secured)
    if secured and pack.may_redeem is not None and pack.may_redeem.value:
        steps.append(PossibleStep(StepKind.REDEMPTION, rule=pack.may_redeem))
    if pack.may_withdraw is not None and pack.may_withdraw.value:
        steps.append(PossibleStep(StepKind.WITHDRAWAL, rule=pack.may_withdraw))
    return tuple(steps)


def _after_failure(pack: Pack, at: Position, reference: int | None, *, secured: bool) -> list[PossibleStep]:
    steps = []
    if at.last is not None:
        steps += _next_attempt(pack, at, reference)
        taken_at = at.last.reserve if at.last.reserve is not None else at.last.start_price
        failed = at.last.end is AttemptEnd.NO_BUYER
        if secured and failed and pack.creditor_may_take is not None and pack.creditor_may_take.value:
            steps.append(PossibleStep(StepKind.TAKING, price=taken_at, rule=pack.creditor_may_take))
    if secured and pack.may_convert is not None and pack.may_convert.value:
        steps.append(PossibleStep(StepKind.CONVERSION, rule=pack.may_convert))
    return steps


def _next_attempt(pack: Pack, at: Position, reference: int | None) -> list[PossibleStep]:
    kinds = {Rung.AUCTION: StepKind.NEXT_AUCTION, Rung.SALE_OFF: StepKind.SALE_OFF}
    kind = kinds.get(rung_at(pack, at.round))
    if kind is None:
        return []
    limits = price_limits(pack, at.round, reference, at.previous_start)
    deadline = opens_until(pack, at.round, at.failed_at)
    until, rule = deadline or (None, None)
    return [PossibleStep(kind, at.round, limits, until=until, rule=pack.rounds, until_rule=rule)]
