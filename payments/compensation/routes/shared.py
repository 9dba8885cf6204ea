"""The blueprint of risk compensation and what its pages share."""

import uuid
from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash
from flask_babel import gettext
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from marketplace import clock
from marketplace.access import Actor, Verb, may
from marketplace.db import atomic, db
from marketplace.errors import NotFound, Refused
from marketplace.home.words import BASES
from marketplace.rights.texts import RIGHT_TYPES
from marketplace.web import optional_actor, refusal_text
from payments.compensation import queries, texts
from payments.compensation.access import sees_pool
from payments.compensation.models import CompensationPool
from payments.compensation.rules import PoolReason
from payments.compensation.texts import in_words
from payments.funds import texts as fund_texts

Page = str | Response | tuple[str, int]

blueprint = Blueprint("compensation", __name__, template_folder="../templates")


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {
        "words": texts,
        "fund_words": fund_texts,
        "bases": BASES,
        "right_types": RIGHT_TYPES,
        "allows": _allows,
        "verbs": Verb,
        "today": clock.now().astimezone(clock.LOCAL_ZONE).date(),
    }


def _allows(verb: Verb) -> bool:
    actor = optional_actor()
    return actor is not None and may(actor, verb)


def reading() -> Session:
    return db.session()


def known_pool(pool_id: uuid.UUID, actor: Actor | None) -> CompensationPool:
    """The pool; raises NotFound for a reader who may not know it."""
    pool = queries.find_pool(reading(), pool_id)
    if not sees_pool(actor, pool):
        raise NotFound("pool")
    return pool


def told(refused: Refused) -> str:
    """The refusal in words; where a loan is not covered, every reason."""
    if refused.reason is PoolReason.NOT_ELIGIBLE:
        return " ".join([refusal_text(refused), *in_words(refused.details["reasons"])])
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
