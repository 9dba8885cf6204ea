"""The page of the search: a form that is an address, so that a search can be kept and passed on."""

from datetime import datetime
from typing import Any

from flask import render_template, request

from marketplace.db import db
from marketplace.errors import Refused
from marketplace.listings.texts import LOT_TONES
from marketplace.rights import numbers
from marketplace.web import limiter, public, refusal_text
from search import facets, finding, presentation, queries, rules, seen, suggesting, texts
from search.comparison import MOST
from search.engines import Unavailable
from search.exporting import ROWS_LIMIT
from search.parsing import LENGTH_LIMIT
from search.prices import CURRENCIES
from search.routes.shared import blueprint, now_here
from search.rules import Question


@blueprint.get("/search")
@limiter.limit("120/minute")
@public
def page() -> tuple[str, int]:
    """Lots that answer the arguments; a malformed argument is explained beside its field."""
    arguments, now = request.args.to_dict(flat=False), now_here()
    try:
        question = rules.read(arguments)
        return _results(question, finding.find(db.session(), question, now), now), 200
    except Refused as refused:
        return _form(errors={refused.field: refusal_text(refused)}), refused.status
    except Unavailable as unavailable:
        return _form(unavailable=True), unavailable.status


def _results(question: Question, found: finding.Page, now: datetime) -> str:
    counted = facets.counts(found)
    sellers = queries.institution_names(db.session(), facets.sellers_named(counted, question))
    return _form(
        question=question,
        found=found,
        rows=presentation.rows(found.lots, found.auctions, question.words.marks, now),
        facets=facets.facets(counted, question, sellers),
        chips=facets.chips(question, sellers),
        paging=presentation.paging(found, question),
        number_meant="" if found.total else _right_number(question.text),
        meant=suggesting.did_you_mean(question, found, now),
        arguments=facets.arguments(question),
        exported=ROWS_LIMIT,
        most_compared=MOST,
        tones=LOT_TONES,
    )


def _form(**variables: Any) -> str:
    kept = [name for name in texts.FACETS if name in request.args]
    return render_template(
        "search/page.html",
        asked=request.args,
        kept=[(name, value) for name in kept for value in request.args.getlist(name)],
        orders=texts.ORDERS,
        statuses=texts.STATUSES,
        currencies=CURRENCIES,
        limit=LENGTH_LIMIT,
        seen=queries.public_titles(db.session(), seen.ids()),
        lot_url=presentation.lot_url,
        **variables,
    )


def _right_number(text: str) -> str:
    """The number that was probably meant where only its check digit is wrong; empty for none."""
    try:
        numbers.parse(text)
    except Refused as refused:
        return str(refused.details.get("suggestion", ""))
    return ""
