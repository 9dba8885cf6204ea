"""Runs of the backtest over the record of sales, kept so that the public page of errors can be drawn."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.db import TRANSACTIONS_BIND, AppendOnly, Model, identity


class BacktestRun(AppendOnly, Model):
    """One run over the records; a run over a file is printed and never kept.

    Attributes:
        number: 1, 2, 3 … in the order of the runs.
        method: the version of the method that was tested. tree_size: leaves of the price log then.
        test_from: lots from this day on were estimated; None where every lot was left out in turn.
        accepted: whether the figures meet the targets of `backtest.rules.targets`.
        figures: name to number, as `backtest.figures.Figures` lists them, with those of the baselines under
            `class_median`, `asking` and `challenger`.
        segments: one object a segment: `by`, `segment`, `lots` and its figures.
        lots: one object a sold lot that was estimated: `month`, `asset_type`, `ratio` (estimate to price),
            `low`, `high` (the 80 % range to the price). No price, and nothing that names the lot.
    """

    __tablename__ = "backtest_runs"
    __bind_key__ = TRANSACTIONS_BIND

    id: Mapped[uuid.UUID] = identity()
    number: Mapped[int] = mapped_column(unique=True)
    method: Mapped[str] = mapped_column(String(40))
    data_digest: Mapped[str] = mapped_column(String(64))
    tree_size: Mapped[int] = mapped_column(BigInteger)
    test_from: Mapped[date | None]
    accepted: Mapped[bool]
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
    segments: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    lots: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    run_at: Mapped[datetime]
