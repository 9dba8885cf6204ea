"""Backtests over the record, kept so that everybody may see how far off the estimates were."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.clock import LOCAL_ZONE, now
from transactions.backtest.figures import Scored, figures_of, lots_of, segments_of
from transactions.backtest.models import BacktestRun
from transactions.backtest.reading import OfferedLot
from transactions.backtest.targets import Miss, misses
from transactions.disclosure.rules.words import Purpose
from transactions.disclosure.service.noting import note_program
from transactions.hedonics import loading, queries
from transactions.hedonics.method import LEAST_PRICED, METHOD
from transactions.hedonics.observations import digest_of
from transactions.rules.words import AssetFamily

# With fewer priced lots each is left out in turn; the origin rolls from here on.
LEAST_TO_ROLL = 300

# What part of the lots, the latest, is estimated where no day is given.
_TESTED = 0.25


@dataclass(frozen=True, slots=True)
class Result:
    """A backtest.

    Attributes:
        test_from: None where each lot was left out in turn.
        notes: what a reader has to know of the data before the figures: `leave_one_out`, `every_grade`.
        scored: empty where there were too few lots.
    """

    currency: str
    test_from: date | None
    priced: int
    data_digest: str
    tree_size: int
    notes: tuple[str, ...]
    scored: list[Scored]
    figures: dict[str, Any]
    missed: tuple[Miss, ...]

    @property
    def accepted(self) -> bool:
        """Whether there are figures and none misses its target."""
        return bool(self.scored) and not self.missed


def try_lots(
    lots: Sequence[OfferedLot], test_from: date | None, currency: str, *, challenged: bool
) -> Result:
    """Backtest lots: rolling from a day on, or each left out in turn where there is none.

    Raises:
        TooFew: when before that day too few priced lots were known.
    """
    # The numerical libraries are needed here alone, and never to answer a request.
    from transactions.backtest import rolling  # noqa: PLC0415

    if test_from is None:
        scored = rolling.leave_one_out(lots, currency, challenged=challenged)
    else:
        scored = rolling.roll(lots, test_from, currency, challenged=challenged)
    figures = figures_of(scored)
    return Result(
        currency=currency,
        test_from=test_from,
        priced=sum(one.observation.log_bid is not None for one in lots),
        data_digest=digest_of([one.observation for one in lots]),
        tree_size=0,
        notes=() if test_from else ("leave_one_out",),
        scored=scored,
        figures=figures,
        missed=misses(figures),
    )


@dataclass(frozen=True, slots=True)
class Taken:
    """What the record holds of one family: it is tested after the transaction that read it has ended."""

    loaded: loading.Loaded
    notes: tuple[str, ...]
    tree_size: int


def take_records(session: Session, currency: str = "", family: AssetFamily = AssetFamily.PATENT) -> Taken:
    """Read the record. Graded records alone where there are enough, else those told by the press too."""
    today = now().astimezone(LOCAL_ZONE).date()
    size = queries.tree_size(session)
    loaded = loading.load(session, today, currency, family)
    if loaded.priced >= LEAST_PRICED:
        return Taken(loaded, (), size)
    every = loading.load(session, today, currency, family, loading.EVERY_GRADE)
    return Taken(every, ("every_grade",), size)


def try_taken(taken: Taken, test_from: date | None = None, *, challenged: bool = True) -> Result:
    """Backtest what was read of the record."""
    loaded = taken.loaded
    lots = [OfferedLot(one, loaded.references.get(one.identity)) for one in loaded.observations]
    if loaded.priced < LEAST_PRICED:
        nothing = digest_of(loaded.observations)
        return Result(loaded.currency, None, loaded.priced, nothing, taken.tree_size, taken.notes, [], {}, ())
    if loaded.priced >= LEAST_TO_ROLL and test_from is None:
        test_from = _latest_part(lots)
    tested = try_lots(
        lots,
        test_from if loaded.priced >= LEAST_TO_ROLL else None,
        loaded.currency,
        challenged=challenged,
    )
    return replace(tested, tree_size=taken.tree_size, notes=(*taken.notes, *tested.notes))


def try_records(
    session: Session,
    test_from: date | None = None,
    currency: str = "",
    family: AssetFamily = AssetFamily.PATENT,
    *,
    challenged: bool = True,
) -> Result:
    """Read the record and backtest it."""
    return try_taken(take_records(session, currency, family), test_from, challenged=challenged)


def _latest_part(lots: Sequence[OfferedLot]) -> date:
    days = sorted(one.observation.on for one in lots)
    return days[int(len(days) * (1 - _TESTED))]


def last_run(session: Session) -> BacktestRun | None:
    """The latest run that was kept."""
    return session.scalars(select(BacktestRun).order_by(BacktestRun.number.desc()).limit(1)).first()


def keep(session: Session, result: Result) -> BacktestRun:
    """Keep a run over the record."""
    note_program(session, "backtest", Purpose.BACKTEST, now().astimezone(LOCAL_ZONE).date())
    number = (session.scalar(select(func.max(BacktestRun.number))) or 0) + 1
    run = BacktestRun(
        id=uuid.uuid4(),
        number=number,
        method=METHOD,
        data_digest=result.data_digest,
        tree_size=result.tree_size,
        test_from=result.test_from,
        accepted=result.accepted,
        figures={**result.figures, "notes": list(result.notes), "currency": result.currency},
        segments=segments_of(result.scored),
        lots=lots_of(result.scored),
        run_at=now(),
    )
    session.add(run)
    session.flush()
    return run
