"""The blueprint of disputes and what its pages share."""

from typing import Any

from flask import Blueprint
from sqlalchemy.orm import Session

from marketplace.access import Verb, may
from marketplace.db import db
from marketplace.web import current_actor
from payments import texts as money_texts
from payments.disputes import texts
from payments.routes.desk import first_error

Page = Any
PER_PAGE = 50

blueprint = Blueprint("disputes", __name__, template_folder="../templates")

__all__ = ["PER_PAGE", "Page", "acts", "approves", "blueprint", "first_error", "reading"]


@blueprint.context_processor
def words() -> dict[str, Any]:
    """The words for enums, for the templates of this room."""
    return {"words": texts, "money_texts": money_texts, "acts": acts, "approves": approves}


def reading() -> Session:
    """The session for reads."""
    return db.session()


def acts() -> bool:
    """Whether the reader may do the first person's part."""
    return may(current_actor(), Verb.CONFIRM_MONEY)


def approves() -> bool:
    """Whether the reader may do the second person's part."""
    return may(current_actor(), Verb.RELEASE_MONEY)
