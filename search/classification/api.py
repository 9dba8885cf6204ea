"""The classes for other systems and for fields that complete what is typed."""

from typing import Any

from flask import Blueprint

from marketplace.web import limiter, public
from search.classification.finding import search_titles
from search.classification.routes import OPTIONS, asked_text, reader_language

blueprint = Blueprint("classification_api", __name__)


@blueprint.get("/api/classes")
@limiter.limit("300/minute")
@public
def classes() -> dict[str, Any]:
    """At most 20 classes whose titles have the words of `q`, or whose symbols begin so.

    Each has its title in the reader's language and its reading, the title with those above it. Too long a
    text is answered with 422.
    """
    text = asked_text()
    found = search_titles(text, reader_language(), OPTIONS) if text else []
    return {
        "classes": [
            {"symbol": match.symbol, "title": match.title, "reading": match.reading} for match in found
        ]
    }
