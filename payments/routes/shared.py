"""What the pages of payments have in common."""

from typing import Any

from flask import Blueprint
from sqlalchemy.orm import Session

from marketplace.access import Verb, may
from marketplace.db import db
from marketplace.web import optional_actor
from payments import texts

blueprint = Blueprint("payments", __name__, template_folder="../templates")


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {"money_texts": texts, "allows": _allows, "verbs": Verb}


def _allows(verb: Verb) -> bool:
    actor = optional_actor()
    return actor is not None and may(actor, verb)


def reading() -> Session:
    """The session for reads."""
    return db.session()
