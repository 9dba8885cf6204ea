"""Pages of prior sales, and of one record with its proof."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, time
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request

from marketplace.access import Verb, may
from marketplace.clock import LOCAL_ZONE
from marketplace.db import db
from marketplace.errors import NotFound
from marketplace.rights.particulars import LegalEvent
from marketplace.rights.texts import LEGAL_EVENTS
from marketplace.web import limiter, optional_actor, public
from transactions import exporting, texts
from transactions.disclosure.doors import note_at_door
from transactions.disclosure.readers import name_of, reader_of
from transactions.disclosure.rules import ANYBODY
from transactions.disclosure.rules.words import Purpose
from transactions.disclosure.service.noting import By
from transactions.log import proofs
from transactions.market import explorer, facets
from transactions.market.filters import Filters, Question
from transactions.market.forms import SalesFilterForm
from transactions.market.queries import COUNTED_LIMIT, PAGE_SIZE, PAGES_LIMIT, log_size, part_of
from transactions.market.texts import field_names, region_name

blueprint = Blueprint("transactions", __name__, template_folder="templates")

DOWNLOAD_LIMIT = 5000


@blueprint.get("/sales")
@public
def sales() -> str:
    """Prior sales and failed attempts, the latest first, with counts of what they could be narrowed to."""
    form = _filter_form()
    question, session = _question(form), db.session()
    found = explorer.counts(session, question)
    page = explorer.page_of(session, question, _page_number(explorer.total(found)), found)
    _note(question, Purpose.LIST, page.items)
    chart, currency, charted = explorer.picture(session, replace(question, reader=ANYBODY))
    regions = facets.places(form, found)
    return render_template(
        "transactions/sales.html",
        form=form,
        page=page,
        chart=chart,
        currency=currency,
        charted=charted,
        facets=facets.facets(form, found),
        chosen=facets.chosen(form),
        regions=regions,
        tiles=facets.tiles(form, regions),
        asked=form.asked(),
        counted_all=log_size(session) <= COUNTED_LIMIT,
        **_words(),
    )


def _page_number(total: int) -> int:
    """The page asked for.

    Raises:
        NotFound: when the list does not reach so far.
    """
    number = request.args.get("page", 1, type=int)
    last = min(-(-total // PAGE_SIZE), PAGES_LIMIT)
    if number != 1 and not 1 <= number <= last:
        raise NotFound(str(number))
    return number


@blueprint.get("/sales.csv")
@limiter.limit("30/minute")
@public
def sales_csv() -> Response:
    """The filtered list as a table, at most DOWNLOAD_LIMIT rows."""
    rows = [exporting.row_of(sale.record, sale.shown) for sale in _download()]
    answer = Response("\ufeff" + exporting.csv_of(rows), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="sales.csv"'
    return answer


@blueprint.get("/sales.json")
@limiter.limit("30/minute")
@public
def sales_json() -> Response:
    """The filtered list as JSON, at most DOWNLOAD_LIMIT records; `complete` says whether that was all."""
    found = _download(one_more=True)
    rows = [exporting.row_of(sale.record, sale.shown) for sale in found[:DOWNLOAD_LIMIT]]
    return jsonify(sales=rows, complete=len(found) <= DOWNLOAD_LIMIT, limit=DOWNLOAD_LIMIT)


def _download(*, one_more: bool = False) -> Sequence[explorer.Sale]:
    question = _question(_filter_form())
    records = part_of(db.session(), question, DOWNLOAD_LIMIT + one_more)
    found = explorer.sales_of(records, question)
    _note(question, Purpose.DOWNLOAD, found)
    return found


@blueprint.get("/sales/<uuid:record_id>")
@public
def record(record_id: uuid.UUID) -> str:
    """One record: its facts as far as they are shown, its history, how it is proved and that it stands."""
    session = db.session()
    actor = optional_actor()
    question = Question(Filters(), explorer.today(), reader_of(session, actor))
    sale = explorer.sale_of(session, question, record_id)
    _note(question, Purpose.RECORD, [sale])
    return render_template(
        "transactions/record.html",
        sale=sale,
        record=sale.facts,
        history=explorer.history_of(session, question, sale.record),
        attempts=explorer.attempts_of(session, question, sale.record),
        proof=proofs.of_record(session, sale.record),
        region_name=region_name,
        legal_events=[LEGAL_EVENTS[LegalEvent(event)] for event in sale.facts.legal_events],
        may_correct=actor is not None and may(actor, Verb.PROPOSE_CORRECTION),
        **_words(),
    )


def _noon(day: Any) -> datetime:
    return datetime.combine(day, time(12), LOCAL_ZONE)


def _filter_form() -> SalesFilterForm:
    form = SalesFilterForm(request.args)
    form.offer(field_names(), explorer.years(db.session()))
    form.validate()
    return form


def _question(form: SalesFilterForm) -> Question:
    return Question(form.filters(), explorer.today(), reader_of(db.session(), optional_actor()))


def _note(question: Question, purpose: Purpose, read: Iterable[explorer.Sale]) -> None:
    """Note that confidential sales, which are the reader's own, were read exactly."""
    actor, own = optional_actor(), [sale.record for sale in read if sale.shown.confidential]
    if actor is not None and own:
        by = By(name_of(actor.institution_id), question.reader.kind, actor.person_id)
        note_at_door(by, purpose, [(record.id, record.facts()) for record in own])


def _words() -> dict[str, Any]:
    return {
        "families": texts.FAMILIES,
        "asset_types": texts.ASSET_TYPES,
        "rights_sold": texts.RIGHTS_SOLD,
        "outcomes": texts.OUTCOMES,
        "tones": texts.TONES,
        "channels": texts.CHANNELS,
        "precisions": texts.PRECISIONS,
        "tiers": texts.TIERS,
        "licence_kinds": texts.LICENCE_KINDS,
        "payment_terms": texts.PAYMENT_TERMS,
        "tax_bearers": texts.TAX_BEARERS,
        "own_words": texts.OWN_WORDS,
        "grades": texts.GRADES,
        "lines": texts.LINES,
        "rejections": texts.REJECTIONS,
        "field_names": field_names(),
    }
