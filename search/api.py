"""The search for other systems. Same arguments as the page, same lots."""

from typing import Any

from flask import Blueprint, request

from marketplace import clock
from marketplace.clock import LOCAL_ZONE
from marketplace.db import db
from marketplace.web import limiter, public
from search import facets, finding, presentation, rules

blueprint = Blueprint("search_api", __name__)


@blueprint.get("/api/search")
@limiter.limit("120/minute")
@public
def results() -> dict[str, Any]:
    """One page of lots with the exact total and the facets; 422 names a malformed argument."""
    question = rules.read(request.args.to_dict(flat=False))
    now = clock.now().astimezone(LOCAL_ZONE)
    found = finding.find(db.session(), question, now)
    rows = presentation.rows(found, question, now)
    return {
        "total": found.total,
        "page": question.page,
        "pages": presentation.paging(found, question).pages,
        "size": question.size,
        "loosened": found.loosened,
        "facets": facets.counts(found),
        "lots": [presentation.as_json(row) for row in rows],
    }
