"""The blueprint of subsidies and what its pages share."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash
from flask_babel import gettext
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from marketplace.access import Verb, may
from marketplace.db import atomic, db
from marketplace.errors import Refused
from marketplace.home.words import BASES
from marketplace.parties.texts import KINDS
from marketplace.rights.texts import RIGHT_TYPES
from marketplace.web import optional_actor, refusal_text
from payments.funds import texts as fund_texts
from payments.subsidies import texts
from payments.subsidies.rules import SubsidyReason

Page = str | Response | tuple[str, int]

blueprint = Blueprint("subsidies", __name__, template_folder="../templates")


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {
        "words": texts,
        "fund_words": fund_texts,
        "bases": BASES,
        "kinds": KINDS,
        "right_types": RIGHT_TYPES,
        "allows": _allows,
        "verbs": Verb,
    }


def _allows(verb: Verb) -> bool:
    actor = optional_actor()
    return actor is not None and may(actor, verb)


def reading() -> Session:
    return db.session()


def told(refused: Refused) -> str:
    """The refusal in words; where a programme does not pay, every reason."""
    if refused.reason is SubsidyReason.NOT_ELIGIBLE:
        return " ".join([refusal_text(refused), *texts.in_words(refused.details["reasons"])])
    return refusal_text(refused)


def done(form: FlaskForm | None, act: Callable[[Session], object], said: str) -> str:
    """Do something in one transaction; returns the problem in words, empty when it went well."""
    if form is not None and not form.validate_on_submit():
        name, errors = next((name, errors) for name, errors in form.errors.items() if name)
        return f"{form[name].label.text}{gettext(': ')}{errors[0]}"
    try:
        with atomic() as session:
            act(session)
    except Refused as refused:
        return told(refused)
    flash(said, "success")
    return ""
