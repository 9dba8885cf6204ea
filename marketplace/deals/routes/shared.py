"""The blueprint of deals and what its views share."""

import uuid
from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from marketplace.db import atomic, db
from marketplace.deals.texts import (
    DEAL_STATUSES,
    MANDATE_STATUSES,
    MANDATE_TONES,
    OFFER_STATUSES,
    SIDES,
    SOURCES,
    STEPS,
    TONES,
)
from marketplace.errors import Refused
from marketplace.web import refusal_text

blueprint = Blueprint("deals", __name__, template_folder="../templates")

Page = str | Response | tuple[str, int]


@blueprint.context_processor
def words() -> dict[str, Any]:
    """The words for enums, for every template of deals."""
    return {
        "sides": SIDES,
        "mandate_statuses": MANDATE_STATUSES,
        "offer_statuses": OFFER_STATUSES,
        "deal_statuses": DEAL_STATUSES,
        "sources": SOURCES,
        "step_names": STEPS,
        "mandate_tones": MANDATE_TONES,
        "tones": TONES,
    }


def reading() -> Session:
    return db.session()


def page_number() -> int:
    return max(request.args.get("page", 1, type=int) or 1, 1)


def read_id(text: str | None) -> uuid.UUID | None:
    """An identity from the outside; None where it is missing or malformed."""
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None


def act(verb: Callable[[Session], object], done: str, url: str, show: Callable[[str], str]) -> Page:
    """Run a verb and go to `url`; show the page again with the reason when it is refused."""
    try:
        with atomic() as session:
            verb(session)
    except Refused as refused:
        return show(refusal_text(refused)), refused.status
    flash(done, "success")
    return redirect(url, code=303)
