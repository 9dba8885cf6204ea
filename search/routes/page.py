"""The page of the search: a form that is an address, so that a search can be kept and passed on."""

from datetime import datetime
from typing import Any

from flask import render_template, request
from flask_babel import get_locale

from marketplace.db import db
from marketplace.errors import Refused
from marketplace.listings.texts import LOT_TONES
from marketplace.web import limiter, public, refusal_text
from search import facets, finding, highlight, presentation, queries, rules, seen, suggesting, texts
from search.classification import suggested_classes
from search.comparison import MOST
from search.engines import Unavailable
from search.exporting import ROWS_LIMIT
from search.labels import class_label
from search.language.reading import explained
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
        wrong = highlight.place(request.args.get("q", "").strip(), refused.details)
        return _form(errors={refused.field: refusal_text(refused)}, wrong=wrong), refused.status
    except Unavailable as unavailable:
        return _form(unavailable=True), unavailable.status


def _results(question: Question, found: finding.Page, now: datetime) -> str:
    counted = facets.counts(found)
    sellers = queries.institution_names(db.session(), facets.sellers_named(counted, question))
    understood = explained(question.text)
    return _form(
        question=question,
        found=found,
        rows=presentation.rows(found.lots, found.auctions, question.words.marks, now),
        facets=facets.facets(counted, question, sellers),
        chips=facets.chips(question, sellers),
        paging=presentation.paging(found, question),
        number_meant=suggesting.right_number(question, found),
        understood=understood,
        classes=_classes(question, understood),
        class_label=class_label,
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


def _classes(question: Question, understood: str) -> list[tuple[str, str]]:
    """Classes that plain words may mean, symbol and title; none where the text already says what it means."""
    if not question.text or understood or question.symbol:
        return []
    return suggested_classes(question.text, str(get_locale() or "zh"))
