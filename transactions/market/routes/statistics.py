"""The released tables, as pages and as files."""

from flask import Response, jsonify, render_template, request

from marketplace.clock import moment_text
from marketplace.db import db
from marketplace.errors import NotFound
from marketplace.spreadsheets import csv_text
from marketplace.web import limiter, public
from transactions.disclosure.rules.cells import (
    LARGEST_SHARE,
    LEAST_INDEX_TRADES,
    LEAST_PARENTS,
    LEAST_TRADES,
    TWO_LARGEST_SHARE,
)
from transactions.disclosure.rules.keys import BREAKDOWNS
from transactions.disclosure.statistics import Table, tables
from transactions.market import texts
from transactions.market.routes.shared import blueprint
from transactions.market.statistics import FIRST, SHOWN, plain, sheet

CELL_RULES = {
    "trades": LEAST_TRADES,
    "parents": LEAST_PARENTS,
    "share": LARGEST_SHARE,
    "two": TWO_LARGEST_SHARE,
    "index": LEAST_INDEX_TRADES,
}


@blueprint.get("/market/statistics")
@public
def statistics() -> str:
    """The released tables, in which cells of too few are not told."""
    breakdown = request.args.get("table", FIRST)
    if breakdown not in SHOWN:
        raise NotFound(breakdown)
    return render_template(
        "market/statistics.html",
        sheet=sheet(db.session(), breakdown),
        breakdown=breakdown,
        breakdowns={name: [texts.DIMENSIONS[one] for one in BREAKDOWNS[name]] for name in SHOWN},
        rules=CELL_RULES,
    )


@blueprint.get("/market/statistics/<name>.csv")
@limiter.limit("30/minute")
@public
def statistics_csv(name: str) -> Response:
    """A released table as a file."""
    rows = plain(_released(name))
    answer = Response("\ufeff" + csv_text(list(rows[0]) if rows else [], rows), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="statistics-{name}.csv"'
    return answer


@blueprint.get("/market/statistics/<name>.json")
@limiter.limit("30/minute")
@public
def statistics_json(name: str) -> Response:
    """A released table as JSON, with the release that it is from."""
    table = _released(name)
    return jsonify(
        table=name,
        release=table.number,
        released_at=moment_text(table.released_at),
        through=table.through.isoformat(),
        tree_size=table.tree_size,
        withheld_percent=table.withheld_percent,
        cells=plain(table),
    )


def _released(name: str) -> Table:
    """A released table.

    Raises:
        NotFound: when there is no such table or nothing has been released.
    """
    table = tables(db.session(), name) if name in BREAKDOWNS else None
    if table is None:
        raise NotFound(name)
    return table
