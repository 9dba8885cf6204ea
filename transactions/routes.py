"""Pages of prior sales, of one record with its proof, and of a lot's comparables."""

import uuid
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request
from flask_babel import get_locale

from marketplace import charts
from marketplace.clock import LOCAL_ZONE
from marketplace.db import db
from marketplace.errors import NotFound
from marketplace.listings.models import Lot
from marketplace.listings.rules import PUBLIC_STATUSES
from marketplace.rights import fields
from marketplace.web import limiter, optional_actor, public
from transactions import exporting, proofs, queries, texts
from transactions.comparables.estimate import Verdict
from transactions.comparables.values import DEFAULT
from transactions.forms import SalesFilterForm
from transactions.models import TransactionRecord
from transactions.rules.words import SaleOutcome
from transactions.valuing import REJECTED_SHOWN, Valuation, value_lot

blueprint = Blueprint("transactions", __name__, template_folder="templates")

DOWNLOAD_LIMIT = 5000
CHART_LIMIT = 500


@blueprint.get("/sales")
@public
def sales() -> str:
    """Prior sales and failed attempts, the latest first."""
    form = _filter_form()
    page = queries.page_of(form.filters(), request.args.get("page", 1, type=int))
    shown = db.session().scalars(queries.filtered(form.filters()).limit(CHART_LIMIT)).all()
    chart, currency = _chart(shown)
    return render_template(
        "transactions/sales.html",
        form=form,
        page=page,
        chart=chart,
        currency=currency,
        charted=len(shown),
        asked={name: form[name].data for name in form.shown if form[name].data},
        **_words(),
    )


@blueprint.get("/sales.csv")
@limiter.limit("30/minute")
@public
def sales_csv() -> Response:
    """The filtered list as a table, at most DOWNLOAD_LIMIT rows."""
    text = exporting.csv_of(_download())
    answer = Response("\ufeff" + text, mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="sales.csv"'
    return answer


@blueprint.get("/sales.json")
@limiter.limit("30/minute")
@public
def sales_json() -> Response:
    """The filtered list as JSON, at most DOWNLOAD_LIMIT records; `complete` says whether that was all."""
    found = _download(one_more=True)
    rows = [exporting.row_of(record) for record in found[:DOWNLOAD_LIMIT]]
    return jsonify(sales=rows, complete=len(found) <= DOWNLOAD_LIMIT, limit=DOWNLOAD_LIMIT)


def _download(*, one_more: bool = False) -> Sequence[TransactionRecord]:
    query = queries.filtered(_filter_form().filters()).limit(DOWNLOAD_LIMIT + one_more)
    return db.session().scalars(query).all()


@blueprint.get("/sales/<uuid:record_id>")
@public
def record(record_id: uuid.UUID) -> str:
    """One record: its facts, how it is proved, and that it stands in the log."""
    found = _find(record_id)
    session = db.session()
    return render_template(
        "transactions/record.html",
        record=found,
        older=session.get(TransactionRecord, found.corrects) if found.corrects else None,
        newer=queries.correction_of(session, found.id),
        proof=proofs.of_record(session, found),
        **_words(),
    )


@blueprint.get("/sales/<uuid:record_id>/proof.json")
@limiter.limit("60/minute")
@public
def proof(record_id: uuid.UUID) -> Response:
    """Everything somebody outside needs to check that the record stands in the signed log."""
    found = _find(record_id)
    return jsonify(proofs.as_json(found, proofs.of_record(db.session(), found)))


@blueprint.get("/sales/checkpoint.json")
@limiter.limit("60/minute")
@public
def checkpoint() -> Response:
    """The latest signed checkpoint; with `?since=SIZE` also the proof that the log of that size only grew."""
    return jsonify(proofs.checkpoint_json(db.session(), request.args.get("since", type=int)))


def _find(record_id: uuid.UUID) -> TransactionRecord:
    found = db.session().get(TransactionRecord, record_id)
    if found is None:
        raise NotFound(str(record_id))
    return found


@blueprint.get("/lots/<uuid:lot_id>/comparables")
@public
def comparables_fragment(lot_id: uuid.UUID) -> str:
    """What earlier sales say about a lot: a page of its own, or a part of the lot's page that asks for it."""
    lot = _visible_lot(lot_id)
    valuation = value_lot(db.session(), lot)
    inside = request.headers.get("HX-Request") == "true"
    template = "transactions/_comparables.html" if inside else "transactions/comparables.html"
    rejected = Counter(item.reason for item in valuation.comparison.rejected)
    return render_template(
        template,
        lot=lot,
        valuation=valuation,
        comparison=valuation.comparison,
        verdicts=Verdict,
        settings=DEFAULT,
        chart=_comparables_chart(valuation),
        rejected_counts=rejected.most_common(),
        rejected_shown=_rejected_shown(valuation),
        **_words(),
    )


def _visible_lot(lot_id: uuid.UUID) -> Lot:
    """Published lots for everybody; others for the bank that prepares them, and for nobody else."""
    lot, actor = queries.lot_of(db.session(), lot_id), optional_actor()
    if lot is None:
        raise NotFound(str(lot_id))
    own = actor is not None and actor.institution_id == lot.institution_id
    if lot.status not in PUBLIC_STATUSES and not own:
        raise NotFound(str(lot_id))
    return lot


def _rejected_shown(valuation: Valuation) -> list[tuple[TransactionRecord, Any]]:
    """The first of the rejected, each with its reason."""
    return [
        (valuation.records[item.candidate.identity], texts.REJECTIONS[item.reason])
        for item in valuation.comparison.rejected[:REJECTED_SHOWN]
    ]


def _comparables_chart(valuation: Valuation) -> charts.PriceChart | None:
    comparison = valuation.comparison
    dots = [
        charts.Dot(
            _noon(one.candidate.sold_on), one.adjusted_minor, valuation.records[one.candidate.identity].title
        )
        for one in comparison.comparables
        if one.candidate.sold_on
    ]
    figure = comparison.figure
    return (
        charts.scatter(dots, band=(figure.low_minor, figure.high_minor) if figure else None) if dots else None
    )


def _chart(records: Sequence[TransactionRecord]) -> tuple[charts.PriceChart | None, str]:
    """Dots of the currency that most of the records are in: two currencies have no common scale."""
    dated = [(record, _asked_or_paid(record)) for record in records if record.sold_on]
    priced = [(record, minor) for record, minor in dated if minor]
    if not priced:
        return None, ""
    currency = Counter(record.currency for record, _ in priced).most_common(1)[0][0]
    dots = [
        charts.Dot(
            _noon(record.sold_on), minor, record.title, "plain" if record.price_minor == minor else "open"
        )
        for record, minor in priced
        if record.currency == currency
    ]
    return charts.scatter(dots), currency


def _asked_or_paid(record: TransactionRecord) -> int | None:
    return record.price_minor if record.outcome is SaleOutcome.SOLD else record.start_price_minor


def _noon(day: Any) -> datetime:
    return datetime.combine(day, time(12), LOCAL_ZONE)


def _filter_form() -> SalesFilterForm:
    form = SalesFilterForm(request.args)
    form.offer(_field_names(), queries.years(db.session()))
    form.validate()
    return form


def _field_names() -> dict[int, str]:
    language = str(get_locale() or "zh")
    return {one.number: fields.field_name(one.number, language) for one in fields.all_fields()}


def _words() -> dict[str, Any]:
    return {
        "families": texts.FAMILIES,
        "asset_types": texts.ASSET_TYPES,
        "rights_sold": texts.RIGHTS_SOLD,
        "outcomes": texts.OUTCOMES,
        "tones": texts.TONES,
        "channels": texts.CHANNELS,
        "precisions": texts.PRECISIONS,
        "own_words": texts.OWN_WORDS,
        "grades": texts.GRADES,
        "lines": texts.LINES,
        "rejections": texts.REJECTIONS,
        "field_names": _field_names(),
    }
