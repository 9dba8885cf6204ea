"""The errors of the estimates: the stored runs of the backtest."""

from collections.abc import Sequence
from typing import Any

from flask import render_template, request

from marketplace.db import db
from marketplace.errors import NotFound
from marketplace.web import public
from transactions.backtest.models import BacktestRun
from transactions.market import accuracy, texts
from transactions.market.routes.shared import blueprint


@blueprint.get("/market/accuracy")
@public
def errors() -> str:
    """How far the estimates were from the prices that were paid, good or bad."""
    history = accuracy.runs(db.session())
    asked = request.args.get("run", type=int)
    run = next((one for one in history if asked in (None, one.number)), None)
    if run is None and (history or asked is not None):
        raise NotFound(str(asked))
    if run is None:
        return render_template("market/accuracy.html", run=None)
    return render_template("market/accuracy.html", run=run, history=history, **_run_in_words(run, history))


def _run_in_words(run: BacktestRun, history: Sequence[BacktestRun]) -> dict[str, Any]:
    """What the page draws of a run."""
    bins, spans, segments = accuracy.bins(run.lots), accuracy.over_time(run.lots), accuracy.segments(run)
    names = [texts.segment_name(one.by, one.name) for one in segments]
    tenths = accuracy.tenths(run)
    labels = [texts.bin_name(one.low, one.high) for one in bins]
    return {
        "measures": accuracy.measures(run.figures),
        "measure_words": texts.MEASURES,
        "others": texts.OTHER_ESTIMATES,
        "chances": run.figures.get("sale_chance"),
        "tenths": tenths,
        "chance_chart": accuracy.chance_chart(tenths),
        "few": run.figures.get("lots", 0) < accuracy.FEW,
        "bins": list(zip(labels, bins, strict=True)),
        "error_chart": accuracy.error_chart(bins, labels),
        "spans": spans,
        "time_chart": accuracy.time_chart(spans),
        "segments": list(zip(names, segments, strict=True)),
        "segment_words": texts.SEGMENTS,
        "coverage_chart": accuracy.coverage_chart(segments, names),
        "ratio_chart": accuracy.ratio_chart(run.lots),
        "run_chart": accuracy.run_chart(history),
    }
