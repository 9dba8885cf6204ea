"""The search for other systems. Same arguments as the page, same lots."""

from typing import Any

from flask import Blueprint, request

from marketplace import clock
from marketplace.db import db
from marketplace.web import limiter, public
from search import facets, presentation, rules, service

blueprint = Blueprint("search_api", __name__)


@blueprint.get("/api/search")
@limiter.limit("120/minute")
@public
def results() -> dict[str, Any]:
    """One page of lots with the exact total and the facets; 422 names a malformed argument."""
    question = rules.read(request.args.to_dict(flat=False))
    found = service.find(db.session(), question)
    rows = presentation.rows(found, question, clock.now())
    return {
        "total": found.total,
        "page": question.page,
        "pages": presentation.paging(found, question).pages,
        "size": question.size,
        "loosened": found.loosened,
        "facets": {name: found.facets.get(field, {}) for name, field in facets.FACET_NAMES.items()},
        "lots": [presentation.as_json(row) for row in rows],
    }
