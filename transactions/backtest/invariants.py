"""What must always hold of kept backtests: each question must find nothing."""

from collections.abc import Callable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from transactions.backtest.models import BacktestRun
from transactions.backtest.targets import misses


def verdicts_follow_from_figures(session: Session) -> list[str]:
    """A run is accepted if, and only if, its figures meet the targets of its method."""
    return [
        f"backtest {run.number} says accepted={run.accepted}, its figures say otherwise"
        for run in session.scalars(select(BacktestRun).execution_options(yield_per=10))
        if run.accepted and misses(run.figures)
    ]


def numbers_have_no_gap(session: Session) -> list[str]:
    """The numbers of the runs are 1, 2, 3 and so on."""
    numbers = session.scalars(select(BacktestRun.number).order_by(BacktestRun.number))
    return [f"backtest {place} is missing" for place, number in enumerate(numbers, 1) if place != number][:1]


def charts_hold_what_was_counted(session: Session) -> list[str]:
    """As many lots are kept for the charts as the figures count, up to the limit."""
    return [
        f"backtest {run.number} counts {run.figures.get('lots')} lots and keeps {len(run.lots)}"
        for run in session.scalars(select(BacktestRun).execution_options(yield_per=10))
        if len(run.lots) != min(run.figures.get("lots", 0), 5000)
    ]


CHECKS: Sequence[tuple[str, Callable[[Session], list[str]]]] = (
    ("verdicts of backtests follow from their figures", verdicts_follow_from_figures),
    ("backtests are numbered without a gap", numbers_have_no_gap),
    ("backtests keep the lots they count", charts_hold_what_was_counted),
)
