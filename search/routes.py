"""The page of the search: a form that is an address, so that a search can be kept and passed on."""

from typing import Any

from flask import Blueprint, render_template, request

from marketplace import clock
from marketplace.db import db
from marketplace.errors import Refused
from marketplace.listings.texts import LOT_TONES
from marketplace.rights import numbers
from marketplace.web import limiter, public, refusal_text
from search import facets, presentation, rules, service, texts
from search.engines import Unavailable
from search.parsing import LENGTH_LIMIT
from search.prices import CURRENCIES
from search.rules import Question

blueprint = Blueprint("search", __name__, template_folder="templates")


@blueprint.get("/search")
@limiter.limit("120/minute")
@public
def page() -> tuple[str, int]:
    """Lots that answer the arguments; a malformed argument is explained beside its field."""
    arguments = request.args.to_dict(flat=False)
    try:
        question = rules.read(arguments)
        return _results(question, service.find(db.session(), question)), 200
    except Refused as refused:
        return _form(errors={refused.field: refusal_text(refused)}), refused.status
    except Unavailable as unavailable:
        return _form(unavailable=True), unavailable.status


def _results(question: Question, found: service.Page) -> str:
    return _form(
        question=question,
        found=found,
        rows=presentation.rows(found, question, clock.now()),
        facets=facets.facets(found.facets, question),
        paging=presentation.paging(found, question),
        suggestion="" if found.total else _right_number(question.text),
        tones=LOT_TONES,
    )


def _form(**variables: Any) -> str:
    return render_template(
        "search/page.html",
        asked=request.args,
        kept=[(name, value) for name in facets.FACET_NAMES for value in request.args.getlist(name)],
        orders=texts.ORDERS,
        headings=texts.FACETS,
        statuses=texts.STATUSES,
        currencies=CURRENCIES,
        limit=LENGTH_LIMIT,
        **variables,
    )


def _right_number(text: str) -> str:
    """The number that was probably meant where only its check digit is wrong; empty for none."""
    try:
        numbers.parse(text)
    except Refused as refused:
        return str(refused.details.get("suggestion", ""))
    return ""
