"""What the pages of the bank room have in common."""

from typing import Any

from flask import Blueprint, abort, current_app, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from marketplace.access import Verb, may
from marketplace.db import db
from marketplace.web import current_actor
from payments.bank import texts

blueprint = Blueprint("bank", __name__, template_folder="../templates")

Page = str | Response | tuple[str, int]
PER_PAGE = 50


@blueprint.context_processor
def words() -> dict[str, Any]:
    """The words of the room, and who may do what."""
    return {"bank_texts": texts, "verbs": Verb, "allows": lambda verb: may(current_actor(), verb)}


def reading() -> Session:
    """The session for reads."""
    return db.session()


def field_key() -> str:
    """The key under which bank details are kept."""
    return str(current_app.extensions["settings"].field_key)


def page_number() -> int:
    """The page asked for; 404 for what is no page."""
    number = request.args.get("page", default=1, type=int)
    if not 1 <= number <= 10_000:
        abort(404)
    return number
