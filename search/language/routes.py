"""The page that explains how to ask."""

from flask import Blueprint, render_template

from marketplace.web import limiter, public
from search import parsing
from search.language import examples, grammar, nearness, terms, texts
from search.language.fields import FIELDS
from search.language.reading import explained

blueprint = Blueprint("search_language", __name__, template_folder="templates")

LIMITS = {
    "length": parsing.LENGTH_LIMIT,
    "plain_terms": parsing.TERM_LIMIT,
    "terms": grammar.TERM_LIMIT,
    "depth": grammar.DEPTH_LIMIT,
    "distance": grammar.DISTANCE_LIMIT,
    "pairs": nearness.PAIRS_LIMIT,
    "letters": terms.PREFIX_LETTERS,
    "characters": terms.PREFIX_CHARACTERS,
}


@blueprint.get("/search/help")
@limiter.limit("120/minute")
@public
def page() -> str:
    """Fields, operators, limits and examples, each a link that asks it."""
    return render_template(
        "search_language/help.html",
        fields=[
            (field, texts.FIELD_NAMES[code], texts.FIELD_HINTS[code], examples.FIELDS[code])
            for code, field in FIELDS.items()
        ],
        operators=[
            (*row, example) for row, example in zip(texts.OPERATOR_HINTS, examples.OPERATORS, strict=True)
        ],
        whole=[(query, explained(query)) for query in examples.WHOLE],
        limits=LIMITS,
    )
