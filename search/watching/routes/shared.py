"""What the pages share: their blueprint, and a saved search in the reader's words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from marketplace.db import db
from search import facets
from search import queries as search_queries
from search.rules import Question
from search.watching.matching import question_of
from search.watching.rules.keeping import lists

blueprint = Blueprint("watching", __name__, template_folder="../templates")

Page = str | Response | tuple[str, int]


@dataclass(frozen=True, slots=True)
class Described:
    """A saved search for people.

    Attributes:
        parts: heading and value of everything it asks for; empty where it can no longer be read.
        url: of the search page with these arguments.
        broken: it can no longer be read, so it finds nothing.
        text: its arguments as they are kept, for the page of one that is broken.
    """

    parts: list[tuple[str, str]]
    url: str
    broken: bool
    text: str


def reading() -> Session:
    return db.session()


def described(arguments: Mapping[str, Any]) -> Described:
    """A saved search in the reader's words."""
    kept, question = lists(arguments), question_of(arguments)
    parts = [] if question is None else _parts(question)
    text = ", ".join(f"{name}: {' | '.join(values)}" for name, values in kept.items())
    return Described(parts, url_for("search.page", **dict[str, Any](kept)), question is None, text)


def _parts(question: Question) -> list[tuple[str, str]]:
    sellers = search_queries.institution_names(reading(), facets.sellers_named({}, question))
    words = [(gettext("Words"), question.text)] if question.text else []
    return words + [(chip.heading, chip.label) for chip in facets.chips(question, sellers)]


def as_query(arguments: Mapping[str, Any]) -> str:
    """The arguments as an address writes them."""
    return urlencode(lists(arguments), doseq=True)
