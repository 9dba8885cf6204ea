"""The blueprint of fair play and what its pages share."""

import uuid
from collections.abc import Iterable
from typing import Any

from flask import Blueprint, abort, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from auctions.fair_play import queries, texts
from marketplace.db import db
from marketplace.errors import NotFound
from marketplace.parties.models import Institution

Page = Response | str | tuple[str, int]

blueprint = Blueprint("fair_play", __name__, template_folder="../templates")


@blueprint.context_processor
def words() -> dict[str, Any]:
    """The words of fair play, for each of its templates."""
    return {"fair": texts}


def reading() -> Session:
    return db.session()


def page_number() -> int:
    """The page asked for; 404 for what is no page."""
    number = request.args.get("page", default=1, type=int)
    if not 1 <= number <= 10_000:
        abort(404)
    return number


def names_of(ids: Iterable[str]) -> dict[str, Institution]:
    """The institutions behind ids kept as text."""
    found = queries.institutions_by_id(reading(), {uuid.UUID(one) for one in ids})
    return {str(institution_id): institution for institution_id, institution in found.items()}


def found_or_404(model: Any, row_id: uuid.UUID) -> Any:
    """The row as it is now; raises NotFound."""
    row = reading().get(model, row_id)
    if row is None:
        raise NotFound(model.__tablename__)
    return row
