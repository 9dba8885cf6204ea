"""Open data: files, terms, meanings and how they are checked."""

import json

from flask import Response, jsonify, render_template, request

from marketplace.db import db
from marketplace.home.menu import address
from marketplace.web import limiter, public
from transactions import texts as record_texts
from transactions.disclosure import opendata
from transactions.disclosure.rules.keys import BREAKDOWNS
from transactions.market import explorer, texts
from transactions.market.routes.shared import blueprint


@blueprint.get("/market/open-data")
@public
def open_data() -> str:
    """What can be taken away, on what terms, what each column means and how it is checked."""
    return render_template(
        "market/open_data.html",
        columns=texts.COLUMNS,
        downloads=list(BREAKDOWNS),
        dimensions={name: [texts.DIMENSIONS[one] for one in BREAKDOWNS[name]] for name in BREAKDOWNS},
        api=address("sharing_api.way_in"),
        log=address("price_log.checkpoints"),
        grades=record_texts.GRADES,
        tiers=record_texts.TIERS,
        licence=opendata.LICENCE,
        lines_limit=opendata.LINES_LIMIT,
    )


@blueprint.get("/market/open-data/records.<any(jsonl, csv):kind>")
@limiter.limit("10/minute")
@public
def open_records(kind: str) -> Response:
    """Public records in the order of the log, beginning after the leaf `after`, at most a file full."""
    after = request.args.get("after", -1, type=int)
    found = opendata.lines(db.session(), explorer.today(), after=after)
    if kind == "csv":
        answer = Response("\ufeff" + opendata.csv_of(found), mimetype="text/csv")
    else:
        text = "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in found)
        answer = Response(text, mimetype="application/x-ndjson")
    answer.headers["Content-Disposition"] = f'attachment; filename="records.{kind}"'
    return answer


@blueprint.get("/market/open-data/description.json")
@limiter.limit("60/minute")
@public
def open_description() -> Response:
    """What the files are: licence, fields with their meaning, how a line is checked, the last checkpoint."""
    return jsonify(opendata.description(db.session()))
