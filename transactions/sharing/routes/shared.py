"""The blueprint of the register's pages and what they share."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from flask import Blueprint, abort, request
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from marketplace.db import db
from marketplace.parties.models import Person
from transactions.sharing import texts
from transactions.sharing.service.acts import settings

Page = Response | str | tuple[str, int]

blueprint = Blueprint("sharing", __name__, template_folder="../templates")


@blueprint.context_processor
def words() -> dict[str, Any]:
    """The words of sharing, for each of its templates."""
    return {"sharing": texts, "sandbox": settings().sandbox}


def reading() -> Session:
    return db.session()


def page_number() -> int:
    """The page asked for; 404 for what is no page."""
    number = request.args.get("page", default=1, type=int)
    if not 1 <= number <= 10_000:
        abort(404)
    return number


def names_of(people: Iterable[uuid.UUID | None]) -> Mapping[uuid.UUID, str]:
    """The names of people of this marketplace; others' are not known here."""
    ids = [one for one in set(people) if one is not None]
    query = select(Person.id, Person.name).where(Person.id.in_(ids))
    return {row[0]: row[1] for row in reading().execute(query)}
