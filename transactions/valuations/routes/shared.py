"""The blueprint of valuations and what its pages share."""

from typing import Any

from flask import Blueprint, current_app, make_response
from flask_babel import get_locale
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from marketplace.access import Verb, may
from marketplace.db import db
from marketplace.papers import grouped
from marketplace.rights import fields
from marketplace.rights.texts import RIGHT_TYPES
from marketplace.rule_packs.words import source_text
from marketplace.web import optional_actor
from transactions import texts as record_texts
from transactions.valuations import showing, texts
from transactions.valuations.models import Valuation
from transactions.valuations.rules import watching

Page = str | Response | tuple[str, int]

blueprint = Blueprint("valuations", __name__, template_folder="../templates")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {
        "words": texts,
        "record_words": record_texts,
        "right_types": RIGHT_TYPES,
        "sale_title": showing.sale_title,
        "sale_day": showing.sale_day,
        "line_word": showing.line_word,
        "term_word": showing.term_word,
        "source_text": source_text,
        "grouped": grouped,
        "loan_to_value": watching.loan_to_value,
        "change": watching.change,
        "field_word": field_word,
        "allows": _allows,
        "verbs": Verb,
    }


def field_word(number: int | None) -> str:
    """The name of a technology field."""
    return fields.field_name(number, str(get_locale() or "zh")) if number else ""


def _allows(verb: Verb) -> bool:
    actor = optional_actor()
    return actor is not None and may(actor, verb)


def reading() -> Session:
    return db.session()


def address_of(kept: Valuation) -> str:
    """Where anybody checks the code of a report."""
    return f"{current_app.extensions['settings'].public_url}/valuations/check/{kept.code}"


def as_file(content: bytes | str, media_type: str, name: str) -> Response:
    """A download that no cache keeps."""
    answer: Response = make_response(content)
    answer.mimetype = media_type
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
