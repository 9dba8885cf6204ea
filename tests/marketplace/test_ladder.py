from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.rule_packs import (
    Attempt,
    AttemptEnd,
    LimitReason,
    Pack,
    PossibleStep,
    StepKind,
    check_limits,
    load,
    position_of,
    possible_steps,
)
from marketplace.rule_packs.ladder import Rung, opens_until, price_limits, rung_at

COURT, BANK, STATE, OPEN = map(load, ("cn-court", "cn-bank", "cn-state", "open"))
DAY = datetime(2026, 3, 2, 2, tzinfo=UTC)
KINDS = StepKind


def failed(
    number: int, start: int, end: AttemptEnd = AttemptEnd.NO_BUYER, reserve: int | None = None
) -> Attempt:
    opens = DAY + timedelta(days=60 * number)
    return Attempt(number, start, reserve, end, opens, opens + timedelta(days=1))


def kinds(steps: Sequence[PossibleStep]) -> list[StepKind]:
    return [step.kind for step in steps]


def after(pack: Pack, *attempts: Attempt, secured: bool = True) -> tuple[PossibleStep, ...]:
    now = DAY + timedelta(days=400)
    return possible_steps(pack, attempts, reference=1_000_000, secured=secured, now=now)


def test_the_ladder_of_a_court() -> None:
    """Test vector 1 of the reference: 1,000,000 → 700,000 → 560,000 → sale-off 560,000."""
    first = price_limits(COURT, 1, 1_000_000, None)
    assert [(limit.amount, limit.rule.source) for limit in first] == [(700_000, "法释〔2016〕18号 art. 10")]
    second, *rest = after(COURT, failed(1, 700_000))
    assert (second.kind, second.round, second.until) == (
        KINDS.NEXT_AUCTION,
        2,
        DAY + timedelta(days=60 + 1 + 30),
    )
    assert [(limit.amount, limit.percent) for limit in second.limits] == [(560_000, 80)]
    assert kinds(rest) == [KINDS.TAKING, KINDS.REDEMPTION, KINDS.WITHDRAWAL]
    assert rest[0].price == 700_000
    sale_off, *rest = after(COURT, failed(1, 700_000), failed(2, 560_000))
    assert (sale_off.kind, sale_off.round) == (KINDS.SALE_OFF, 3)
    assert [(limit.amount, limit.exact, limit.rule.is_law) for limit in sale_off.limits] == [
        (500_000, False, True),
        (560_000, True, False),
    ]
    over = after(COURT, failed(1, 700_000), failed(2, 560_000), failed(3, 560_000))
    assert kinds(over) == [KINDS.TAKING, KINDS.REDEMPTION, KINDS.WITHDRAWAL]


def test_what_each_pack_allows_after_a_failure() -> None:
    assert kinds(after(BANK, failed(1, 500))) == [
        KINDS.NEXT_AUCTION,
        KINDS.CONVERSION,
        KINDS.REDEMPTION,
        KINDS.WITHDRAWAL,
    ]
    assert kinds(after(STATE, failed(1, 500))) == [KINDS.NEXT_AUCTION, KINDS.WITHDRAWAL]
    assert kinds(after(OPEN, failed(1, 500))) == [KINDS.NEXT_AUCTION, KINDS.WITHDRAWAL]
    assert kinds(after(BANK, failed(1, 500), secured=False)) == [KINDS.NEXT_AUCTION, KINDS.WITHDRAWAL]
    assert kinds(after(COURT, failed(1, 500), secured=False)) == [KINDS.NEXT_AUCTION, KINDS.WITHDRAWAL]


def test_a_state_owned_seller_is_warned_below_nine_tenths() -> None:
    (step, _) = after(STATE, failed(1, 1_000_000))
    assert [(limit.amount, limit.of_reference, limit.rule.is_law) for limit in step.limits] == [
        (900_000, False, False),
        (900_000, True, False),
    ]
    problems = check_limits(
        STATE,
        reference_price_minor=1_000_000,
        start_price_minor=899_999,
        attempt=2,
        previous_start_price_minor=1_000_000,
    )
    assert [(problem.reason, problem.binding) for problem in problems] == [
        (LimitReason.PRICE_CUT_TOO_DEEP, False),
        (LimitReason.APPROVAL_NEEDED, False),
    ]


def test_before_the_first_attempt_and_while_one_runs() -> None:
    assert kinds(after(COURT)) == [KINDS.REDEMPTION, KINDS.WITHDRAWAL]
    assert kinds(after(BANK)) == [KINDS.CONVERSION, KINDS.REDEMPTION, KINDS.WITHDRAWAL]
    announced = Attempt(1, 700, None, AttemptEnd.OPEN, DAY + timedelta(days=500))
    assert kinds(after(BANK, announced)) == [KINDS.REDEMPTION, KINDS.WITHDRAWAL]
    begun = Attempt(1, 700, None, AttemptEnd.OPEN, DAY)
    assert after(BANK, begun) == ()
    assert after(BANK, failed(1, 700, AttemptEnd.SOLD)) == ()


def test_a_default_or_a_cancellation_repeats_the_round() -> None:
    unpaid = failed(2, 560_000, AttemptEnd.DID_NOT_STAND)
    at = position_of([failed(1, 700_000), unpaid])
    assert (at.round, at.previous_start, at.failed_at, at.last) == (2, 700_000, None, unpaid)
    step, *rest = after(COURT, failed(1, 700_000), unpaid)
    assert (step.kind, step.round, step.limits[0].amount) == (KINDS.NEXT_AUCTION, 2, 560_000)
    assert step.until is None  # the deadline of art. 26 runs from a failure, not from a default
    assert KINDS.TAKING not in kinds(rest)  # nobody failed to come: the sale did not stand
    cancelled = position_of([failed(1, 700_000, AttemptEnd.CANCELLED)])
    assert (cancelled.round, cancelled.last) == (1, None)


def test_a_taking_costs_the_reserve_of_the_failed_attempt() -> None:
    steps = after(COURT, failed(1, 700_000, reserve=720_000))
    assert [step.price for step in steps if step.kind is KINDS.TAKING] == [720_000]


@pytest.mark.parametrize(
    ("number", "sale_off", "reason"),
    [
        (1, True, LimitReason.SALE_OFF_NOT_YET),
        (2, True, LimitReason.SALE_OFF_NOT_YET),
        (3, False, LimitReason.SALE_OFF_IS_NEXT),
        (4, True, LimitReason.PROCEDURE_IS_OVER),
        (4, False, LimitReason.PROCEDURE_IS_OVER),
    ],
)
def test_the_wrong_kind_of_attempt_names_the_article(
    number: int, *, sale_off: bool, reason: LimitReason
) -> None:
    (problem,) = check_limits(COURT, attempt=number, sale_off=sale_off)
    assert (problem.field, problem.reason, problem.binding) == ("auction_format", reason, True)
    assert problem.article == "法释〔2016〕18号 art. 26"
    assert not check_limits(COURT, attempt=number)
    assert not check_limits(OPEN, attempt=number, sale_off=sale_off)


def test_a_sale_off_below_half_of_the_reference_price_is_refused() -> None:
    values: dict[str, Any] = {"reference_price_minor": 1_001, "attempt": 3, "previous_start_price_minor": 560}
    low, other = check_limits(COURT, start_price_minor=500, **values)
    assert (low.reason, low.limit, low.binding) == (LimitReason.BELOW_HALF_OF_REFERENCE, 501, True)
    assert low.article == "拍卖、变卖规定 art. 32"
    assert (other.reason, other.limit, other.binding) == (LimitReason.NOT_THE_PRICE_BEFORE, 560, False)
    assert not check_limits(COURT, start_price_minor=560, **values)


def test_the_deadline_binds_while_it_can_be_met() -> None:
    failed_at, published = DAY, DAY + timedelta(days=5)
    late = failed_at + timedelta(days=30, seconds=1)
    common: dict[str, Any] = {"opens_at": late, "attempt": 2, "failed_at": failed_at}
    (problem,) = check_limits(COURT, published_at=published, **common)
    assert (problem.reason, problem.binding) == (LimitReason.OPENS_TOO_LATE, True)
    assert problem.limit == failed_at + timedelta(days=30)
    missed = failed_at + timedelta(days=15, seconds=1)
    (problem,) = check_limits(COURT, published_at=missed, **(common | {"opens_at": late + timedelta(days=9)}))
    assert (problem.reason, problem.binding) == (LimitReason.OPENS_TOO_LATE, False)
    assert opens_until(COURT, 3, failed_at) is not None
    assert opens_until(COURT, 4, failed_at) is None
    assert opens_until(OPEN, 2, failed_at) is None


def test_a_notice_that_cannot_be_counted_only_warns() -> None:
    opens = datetime(2100, 2, 1, tzinfo=UTC)
    (problem,) = check_limits(STATE, opens_at=opens, published_at=datetime(2099, 12, 30, tzinfo=UTC))
    assert (problem.reason, problem.limit, problem.binding) == (LimitReason.NOTICE_NOT_COUNTED, "2099", False)
    (late,) = check_limits(
        COURT, opens_at=opens, failed_at=DAY, attempt=2, published_at=opens - timedelta(days=16)
    )
    assert not late.binding


def test_rungs() -> None:
    assert [rung_at(COURT, number) for number in range(1, 6)] == [
        Rung.AUCTION,
        Rung.AUCTION,
        Rung.SALE_OFF,
        Rung.OVER,
        Rung.OVER,
    ]
    assert rung_at(BANK, 50) is Rung.AUCTION


ENDINGS = st.sampled_from([AttemptEnd.NO_BUYER, AttemptEnd.DID_NOT_STAND, AttemptEnd.CANCELLED])


@given(
    pack=st.sampled_from([COURT, BANK, STATE, OPEN]),
    reference=st.integers(1, 10**12),
    path=st.lists(st.tuples(ENDINGS, st.integers(0, 100)), max_size=8),
)
def test_no_path_leads_below_the_lawful_floor(
    pack: Pack, reference: int, path: list[tuple[AttemptEnd, int]]
) -> None:
    """Whoever cuts as deep as the binding limits allow at every step never gets below the law's floor."""
    attempts: list[Attempt] = []
    for number, (end, above) in enumerate(path):
        at = position_of(attempts)
        rung = rung_at(pack, at.round)
        if rung is Rung.OVER:
            assert check_limits(pack, attempt=at.round, sale_off=True)[0].binding
            break
        start = lowest_start(pack, reference, at.round, at.previous_start, sale_off=rung is Rung.SALE_OFF)
        start += start * above // 100
        attempts.append(failed(number, start, end))
        if pack is COURT:
            assert start >= court_floor(reference, attempts)
    rounds = [attempt.end is AttemptEnd.NO_BUYER for attempt in attempts]
    assert position_of(attempts).round == 1 + sum(rounds)


def lowest_start(pack: Pack, reference: int, number: int, previous: int | None, *, sale_off: bool) -> int:
    """The least start price that `check_limits` lets pass, found by bisection."""

    def stopped(start: int) -> bool:
        problems = check_limits(
            pack,
            reference_price_minor=reference,
            start_price_minor=start,
            attempt=number,
            previous_start_price_minor=previous,
            sale_off=sale_off,
        )
        return any(problem.binding for problem in problems)

    low, high = 0, 2 * reference + 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if stopped(middle) else (low, middle)
    return high


def court_floor(reference: int, attempts: list[Attempt]) -> int:
    """Written apart from the code under test: 70 %, then 80 % of the failed one, then half the reference."""
    failures = [attempt for attempt in attempts[:-1] if attempt.end is AttemptEnd.NO_BUYER]
    if not failures:
        return -(-reference * 7 // 10)
    if len(failures) == 1:
        return -(-failures[0].start_price * 8 // 10)
    return -(-reference // 2)


def test_after_the_last_rung_and_without_an_earlier_price_there_is_less_to_limit() -> None:
    assert price_limits(COURT, 4, 1_000_000, 560_000) == ()
    assert [limit.of_reference for limit in price_limits(COURT, 3, 1_000_000, None)] == [True]


def test_a_pack_that_does_not_let_the_seller_withdraw_offers_no_withdrawal() -> None:
    assert KINDS.WITHDRAWAL in kinds(after(BANK, failed(1, 700_000)))
    assert KINDS.WITHDRAWAL not in kinds(after(replace(BANK, may_withdraw=None), failed(1, 700_000)))
