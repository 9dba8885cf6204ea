"""A bank's rights: what they are, what lies on them, when they end."""

import uuid
from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import get_locale

from marketplace import clock
from marketplace.access import Verb
from marketplace.clock import LOCAL_ZONE
from marketplace.db import db
from marketplace.rights import queries
from marketplace.rights.fields import field_name
from marketplace.rights.rules import next_annuity
from marketplace.rights.texts import ENCUMBRANCES, RIGHT_TYPES
from marketplace.web import allowed, current_actor

blueprint = Blueprint("rights", __name__, template_folder="templates")


@blueprint.context_processor
def words() -> dict[str, Any]:
    """The words for enums, for every template of rights."""
    return {"right_types": RIGHT_TYPES, "encumbrance_kinds": ENCUMBRANCES}


@blueprint.get("/portfolio/rights")
@allowed(Verb.SEE_PORTFOLIO)
def rights() -> str:
    """All rights of the bank, by number; found by part of number or title."""
    asked = request.args.get("words", "").strip()[:100]
    page = queries.rights_of(current_actor().institution_id, asked, request.args.get("page", 1, type=int))
    return render_template("rights/rights.html", page=page, words=asked)


@blueprint.get("/portfolio/rights/<uuid:right_id>")
@allowed(Verb.SEE_PORTFOLIO)
def right(right_id: uuid.UUID) -> str:
    """One right with its encumbrances and its clocks."""
    found = queries.find_own_right(db.session(), current_actor().institution_id, right_id)
    today = clock.now().astimezone(LOCAL_ZONE).date()
    number, language = found.technology_field, str(get_locale() or "zh")
    return render_template(
        "rights/right.html",
        right=found,
        field=f"{number} · {field_name(number, language)}" if number else "",
        annuity=next_annuity(found.right_type, found.filed_on, found.expires_on, today=today),
    )
