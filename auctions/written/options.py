"""The options of an auction as the scenario files write them, filled up from the rule pack."""

import re
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from typing import Any

from auctions.rules import ClockTimes, Grid, Options, Pricing, Step, Terms, Threshold, TurnTimes
from auctions.written.reading import Fields, Malformed, kind, read_amount
from marketplace.clock import moment_text
from marketplace.money import decimal_text, half_up
from marketplace.rule_packs import Pack

_TEN_DAYS = 864_000
_ONE_DAY = 86_400
_SIXTY_DAYS = 60 * _ONE_DAY
_MOST_ROUNDS = 10
_MOST_STEPS = 1000
_TABLE_ROWS = 100
# Options that are amounts, or shares of one: decimal texts.
MONEY = frozenset({"step", "step_percent", "best_bid_step", "best_bid_step_percent"})
_PERCENT = re.compile(r"(0|[1-9][0-9]{0,2})(\.[0-9]{1,6})?")
_BEST_BID_PERCENT = Fraction(1, 100)


def read_options(fields: Fields, pack: Pack, currency: str, start_price: int) -> Options:
    """What `fields` says, with the pack's or the format's default for what it leaves open; raises Malformed.

    Which options the format has at all was checked when `fields` was made.
    """
    return Options(
        grid=fields.member("grid", Grid, Grid.FREE),
        proxy=fields.flag("proxy", default=pack.proxy.value),
        extension_window_seconds=_seconds(
            fields, "extension_window_seconds", pack.extension_window_seconds.value
        ),
        extension_seconds=_seconds(fields, "extension_seconds", pack.extension_seconds.value),
        hard_stop_at=fields.optional_moment("hard_stop_at"),
        increment_table=_increment_table(fields, currency),
        round=_whole(fields, "round", 1, 1, 99),
        pricing=fields.member("pricing", Pricing, Pricing.FIRST),
        countdown_seconds=_countdown(fields, pack),
        turns=_turn_times(fields),
        clock=_clock_times(fields, currency, start_price)
        if "interval_seconds" in fields.known
        else ClockTimes(),
    )


def _whole(fields: Fields, name: str, default: int, least: int, most: int) -> int:
    value = fields.whole(name, default, least, most)
    return default if value is None else value


def _seconds(fields: Fields, name: str, default: int, most: int = _TEN_DAYS) -> int:
    return _whole(fields, name, default, 0, most)


def _countdown(fields: Fields, pack: Pack) -> int:
    usual = pack.sale_off_countdown_seconds
    return _whole(fields, "countdown_seconds", usual.value if usual else _ONE_DAY, 1, _SIXTY_DAYS)


def _turn_times(fields: Fields) -> TurnTimes:
    usual = TurnTimes()
    return TurnTimes(
        rounds=_whole(fields, "rounds", usual.rounds, 1, _MOST_ROUNDS),
        turn_seconds=_whole(fields, "turn_seconds", usual.turn_seconds, 1, _ONE_DAY),
        first_pause_seconds=_seconds(fields, "first_pause_seconds", usual.first_pause_seconds),
        pause_seconds=_seconds(fields, "pause_seconds", usual.pause_seconds),
        threshold=fields.member("threshold", Threshold, Threshold.NONE),
    )


def _clock_times(fields: Fields, currency: str, start_price: int) -> ClockTimes:
    """The times of a falling price have no usual values: whoever sells that way names them."""
    for name in ("interval_seconds", "steps"):
        fields.required(name)
    step = _amount_or_percent(fields, "step", currency, start_price)
    if step is None:
        raise fields.fail("step", "is missing; an amount, or step_percent of the start price")
    best = _amount_or_percent(fields, "best_bid_step", currency, start_price)
    return ClockTimes(
        step=step,
        interval_seconds=_whole(fields, "interval_seconds", 1, 1, _TEN_DAYS),
        steps=_whole(fields, "steps", 1, 1, _MOST_STEPS),
        sealed_seconds=_whole(fields, "sealed_seconds", 600, 1, _TEN_DAYS),
        best_bid_seconds=_whole(fields, "best_bid_seconds", 300, 1, _TEN_DAYS),
        best_bid_step=half_up(start_price * _BEST_BID_PERCENT) if best is None else best,
    )


def _amount_or_percent(fields: Fields, name: str, currency: str, start_price: int) -> int | None:
    """An amount or "2%" under `name`, or a percentage under `name`_percent; None where neither stands."""
    by_percent = f"{name}_percent"
    value, percent = fields.raw.get(name), fields.raw.get(by_percent)
    if value is not None and percent is not None:
        raise fields.fail(by_percent, f"stands beside {name}; name one of them")
    if percent is not None:
        return _share(percent, fields.at(by_percent), start_price)
    if isinstance(value, str) and value.endswith("%"):
        return _share(value[:-1].rstrip(" "), fields.at(name), start_price)
    return fields.optional_amount(name, currency)


def _share(value: Any, path: str, start_price: int) -> int:
    """The share of the start price, rounded half up to the minor unit."""
    if not isinstance(value, str):
        raise Malformed(path, f'must be a percentage as text such as "1.5", not {kind(value)}')
    if _PERCENT.fullmatch(value) is None or not 0 < Fraction(value) <= 100:
        raise Malformed(path, f"{value[:40]!r} is not a plain percentage above 0 and up to 100")
    return half_up(start_price * Fraction(value) / 100)


def _increment_table(fields: Fields, currency: str) -> tuple[Step, ...]:
    if fields.raw.get("increment_table") is None:
        return ()
    rows = fields.objects("increment_table", _TABLE_ROWS)
    path = fields.at("increment_table")
    steps = tuple(_step(row, f"{path}[{number}]", currency) for number, row in enumerate(rows))
    belows = [step.below for step in steps]
    if not steps or belows[-1] is not None or None in belows[:-1]:
        raise Malformed(path, "needs rows, of which the last and only the last has null as its first value")
    bounds = [below for below in belows if below is not None]
    if any(low >= high for low, high in pairwise(bounds)):
        raise Malformed(path, "its first values must rise")
    return steps


def _step(row: Any, path: str, currency: str) -> Step:
    if not isinstance(row, list) or len(row) != 2:
        raise Malformed(path, "must be a pair [below, step]")
    step = read_amount(row[1], currency, f"{path}[1]")
    if step == 0:
        raise Malformed(f"{path}[1]", "must be above zero")
    return Step(None if row[0] is None else read_amount(row[0], currency, f"{path}[0]"), step)


# How each option is written; None leaves it out, as does a format that does not have it.
_WRITTEN: dict[str, Callable[[Options, str], Any]] = {
    "grid": lambda options, _: str(options.grid),
    "proxy": lambda options, _: options.proxy,
    "extension_window_seconds": lambda options, _: options.extension_window_seconds,
    "extension_seconds": lambda options, _: options.extension_seconds,
    "round": lambda options, _: options.round,
    "hard_stop_at": lambda options, _: options.hard_stop_at and moment_text(options.hard_stop_at),
    "increment_table": lambda options, currency: _write_table(options.increment_table, currency),
    "pricing": lambda options, _: str(options.pricing),
    "countdown_seconds": lambda options, _: options.countdown_seconds,
    "rounds": lambda options, _: options.turns.rounds,
    "turn_seconds": lambda options, _: options.turns.turn_seconds,
    "first_pause_seconds": lambda options, _: options.turns.first_pause_seconds,
    "pause_seconds": lambda options, _: options.turns.pause_seconds,
    "threshold": lambda options, _: str(options.turns.threshold),
    "step": lambda options, currency: decimal_text(options.clock.step, currency),
    "interval_seconds": lambda options, _: options.clock.interval_seconds,
    "steps": lambda options, _: options.clock.steps,
    "sealed_seconds": lambda options, _: options.clock.sealed_seconds,
    "best_bid_seconds": lambda options, _: options.clock.best_bid_seconds,
    "best_bid_step": lambda options, currency: decimal_text(options.clock.best_bid_step, currency),
}


def write_options(terms: Terms, known: frozenset[str]) -> dict[str, Any]:
    """The inverse of `read_options` for a format that has the `known` options; shares become amounts."""
    written = {
        name: write(terms.options, terms.currency) for name, write in _WRITTEN.items() if name in known
    }
    return {name: value for name, value in written.items() if value is not None}


def _write_table(table: tuple[Step, ...], currency: str) -> list[list[str | None]] | None:
    rows = [
        [None if row.below is None else decimal_text(row.below, currency), decimal_text(row.step, currency)]
        for row in table
    ]
    return rows or None
