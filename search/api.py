"""The search for other systems. Same arguments as the page, same lots."""

import uuid
from datetime import datetime
from typing import Any

from flask import Blueprint, request

from marketplace import clock
from marketplace.clock import LOCAL_ZONE
from marketplace.db import db
from marketplace.listings.queries import find_public_lot
from marketplace.web import limiter, public
from search import facets, finding, likeness, presentation, rules, suggesting
from search.language.reading import explained
from search.rules import Question

blueprint = Blueprint("search_api", __name__)


@blueprint.get("/api/search")
@limiter.limit("120/minute")
@public
def results() -> dict[str, Any]:
    """One page of lots with the exact total and the facets; 422 names a malformed argument."""
    question, now = rules.read(request.args.to_dict(flat=False)), clock.now().astimezone(LOCAL_ZONE)
    found = finding.find(db.session(), question, now)
    rows = presentation.rows(found.lots, found.auctions, question.words.marks, now)
    return {
        "total": found.total,
        "page": question.page,
        "pages": presentation.paging(found, question).pages,
        "size": question.size,
        "loosened": found.loosened,
        "understood": explained(question.text),
        "did_you_mean": _meant(question, found, now),
        "facets": facets.counts(found),
        "lots": [presentation.as_json(row) for row in rows],
    }


def _meant(question: Question, found: finding.Page, now: datetime) -> str | None:
    return suggesting.right_number(question, found) or suggesting.did_you_mean(question, found, now) or None


@blueprint.get("/api/search/like/<uuid:lot_id>")
@limiter.limit("60/minute")
@public
def more_like(lot_id: uuid.UUID) -> dict[str, Any]:
    """Other lots like one, the most like it first; 404 for a lot that nobody may see."""
    lots, auctions = likeness.like(db.session(), find_public_lot(db.session(), lot_id))
    rows = presentation.rows(lots, auctions, (), clock.now().astimezone(LOCAL_ZONE))
    return {"lots": [presentation.as_json(row) for row in rows]}
