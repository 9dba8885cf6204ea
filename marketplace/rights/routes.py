"""A bank's rights: what they are, what lies on them, when they end."""

import uuid
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import get_locale
from werkzeug.wrappers import Response

from marketplace import clock
from marketplace.access import Subject, Verb, may
from marketplace.clock import LOCAL_ZONE
from marketplace.db import atomic, db
from marketplace.errors import Refused
from marketplace.rights import queries, service
from marketplace.rights.fields import field_name
from marketplace.rights.forms import ParticularsForm
from marketplace.rights.rules import next_annuity
from marketplace.rights.texts import ENCUMBRANCES, LEGAL_EVENTS, RIGHT_TYPES
from marketplace.web import allowed, current_actor, show_refusal

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
    return _page(right_id)


@blueprint.post("/portfolio/rights/<uuid:right_id>/particulars")
@allowed(Verb.IMPORT_PORTFOLIO)
def particulars(right_id: uuid.UUID) -> str | Response | tuple[str, int]:
    """An officer states claims, citations, family, use and legal events."""
    form = ParticularsForm()
    if not form.validate_on_submit():
        return _page(right_id, form), 422
    try:
        with atomic() as session:
            service.state_particulars(session, current_actor(), right_id, form.particulars())
    except Refused as refused:
        show_refusal(form, refused)
        return _page(right_id, form), refused.status
    return redirect(url_for("rights.right", right_id=right_id), code=303)


def _page(right_id: uuid.UUID, form: ParticularsForm | None = None) -> str:
    actor = current_actor()
    found = queries.find_own_right(db.session(), actor.institution_id, right_id)
    today = clock.now().astimezone(LOCAL_ZONE).date()
    number, language = found.technology_field, str(get_locale() or "zh")
    return render_template(
        "rights/right.html",
        right=found,
        technology_field=f"{number} · {field_name(number, language)}" if number else "",
        annuity=next_annuity(found.right_type, found.filed_on, found.expires_on, today=today),
        events=[LEGAL_EVENTS[event] for event in found.all_legal_events],
        form=form or ParticularsForm.of(found),
        may_state=may(actor, Verb.IMPORT_PORTFOLIO, Subject(owner_id=found.institution_id)),
    )
