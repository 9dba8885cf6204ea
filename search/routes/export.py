"""A list of results as a file."""

from dataclasses import replace

from flask import make_response, request
from werkzeug.wrappers import Response

from marketplace.db import db
from marketplace.errors import NotFound
from marketplace.web import limiter, public
from search import exporting, finding, presentation, rules
from search.exporting import ROWS_LIMIT
from search.routes.shared import blueprint, now_here

_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@blueprint.get("/search/export.<kind>")
@limiter.limit("10/minute")
@public
def export(kind: str) -> Response:
    """The first ROWS_LIMIT lots of a search, asked for by the same arguments as the page.

    Raises:
        NotFound: another kind of file than `csv` and `xlsx`.
    """
    if kind not in _TYPES:
        raise NotFound(kind)
    now = now_here()
    question = replace(rules.read(request.args.to_dict(flat=False)), page=1, size=ROWS_LIMIT)
    found = finding.find(db.session(), question, now)
    rows = presentation.rows(found.lots, found.auctions, (), now)
    answer = make_response(exporting.csv_of(rows) if kind == "csv" else exporting.xlsx_of(rows))
    answer.headers["Content-Type"] = _TYPES[kind]
    answer.headers["Content-Disposition"] = f'attachment; filename="lots-{now:%Y-%m-%d}.{kind}"'
    # How many were found, for whoever must know whether the file holds them all.
    answer.headers["X-Total-Count"] = str(found.total)
    return answer
