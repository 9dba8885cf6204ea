"""Batches: a file or everything of one's own, its progress, and its results as a file."""

import uuid
from typing import Any

from flask import Response, redirect, render_template, url_for
from flask_babel import gettext

from marketplace.access import Verb
from marketplace.db import atomic
from marketplace.errors import Refused
from marketplace.web import allowed, current_actor, limiter, refusal_text, show_refusal
from transactions.valuations import sheets
from transactions.valuations.forms import OwnForm, UploadForm
from transactions.valuations.models import ValuationBatch
from transactions.valuations.queries import batches as queries
from transactions.valuations.reading import BYTES_MOST
from transactions.valuations.routes.shared import XLSX, Page, as_file, blueprint, reading
from transactions.valuations.rules.words import BatchStatus, RowStatus
from transactions.valuations.service import taking
from transactions.valuations.texts import SCOPES

ROWS_SHOWN = 50


@blueprint.route("/valuations/batches", methods=["GET", "POST"])
@allowed(Verb.MAKE_VALUATION)
def batches() -> Page:
    """The institution's batches, and the form for a file."""
    form = UploadForm()
    if not form.validate_on_submit():
        return _list(form, OwnForm(formdata=None))
    file: Any = form.file.data
    content = file.stream.read(BYTES_MOST + 1)
    try:
        with atomic() as session:
            batch = taking.take_file(session, current_actor(), (file.filename or "")[:200], content)
    except Refused as refused:
        where = "" if refused.field in {None, "file"} else f"{refused.field}: "
        form.file.errors = [*form.file.errors, f"{where}{refusal_text(refused)}"]
        return _list(form, OwnForm(formdata=None))
    return redirect(url_for("valuations.batch", batch_id=batch.id), code=303)


@blueprint.post("/valuations/batches/own")
@allowed(Verb.MAKE_VALUATION)
def batch_of_own() -> Page:
    """Everything of the institution's own."""
    form = OwnForm()
    if not form.validate_on_submit():
        return _list(UploadForm(formdata=None), form)
    try:
        with atomic() as session:
            name = str(SCOPES[form.chosen])
            batch = taking.take_own(session, current_actor(), form.chosen, name)
    except Refused as refused:
        show_refusal(form, refused)
        return _list(UploadForm(formdata=None), form)
    return redirect(url_for("valuations.batch", batch_id=batch.id), code=303)


def _list(form: UploadForm, own_form: OwnForm) -> Page:
    found = queries.batches_of(reading(), current_actor().institution_id)
    page = render_template("valuations/batches.html", form=form, own_form=own_form, batches=found)
    return (page, 422) if form.errors or own_form.errors or own_form.form_errors else page


@blueprint.get("/valuations/batches/<uuid:batch_id>")
@allowed(Verb.SEE_VALUATION)
def batch(batch_id: uuid.UUID) -> str:
    """One batch: how far it is, its first rows, and those that were refused."""
    found = _find(batch_id)
    rows = queries.rows_of(found.id)
    refused = queries.rows_of(found.id, status=RowStatus.REFUSED)
    return render_template(
        "valuations/batch.html",
        batch=found,
        rows=reading().scalars(rows.limit(ROWS_SHOWN)).all(),
        refused=reading().scalars(refused.limit(ROWS_SHOWN)).all(),
        running=found.status is BatchStatus.RUNNING,
        shown=ROWS_SHOWN,
    )


@blueprint.get("/valuations/batches/<uuid:batch_id>/progress")
@allowed(Verb.SEE_VALUATION)
def progress(batch_id: uuid.UUID) -> Response | str:
    """How far a batch is, for the page that shows it; when it is done the page is loaded anew."""
    found = _find(batch_id)
    running = found.status is BatchStatus.RUNNING
    page = render_template("valuations/_progress.html", batch=found, running=running)
    if running:
        return page
    answer = Response(page)
    answer.headers["HX-Refresh"] = "true"
    return answer


@blueprint.get("/valuations/batches/<uuid:batch_id>/results.csv")
@allowed(Verb.SEE_VALUATION)
@limiter.limit("30/minute")
def results_csv(batch_id: uuid.UUID) -> Page:
    """Every row with its value or the reason why it has none."""
    found = _find(batch_id)
    rows = reading().scalars(queries.rows_of(found.id)).all()
    return as_file("\ufeff" + sheets.csv_of(rows), "text/csv", f"valuations-{found.valued_on}.csv")


@blueprint.get("/valuations/batches/<uuid:batch_id>/results.xlsx")
@allowed(Verb.SEE_VALUATION)
@limiter.limit("30/minute")
def results_xlsx(batch_id: uuid.UUID) -> Page:
    """The same as a workbook."""
    found = _find(batch_id)
    rows = reading().scalars(queries.rows_of(found.id)).all()
    content = sheets.xlsx_of(rows, gettext("Valuations"))
    return as_file(content, XLSX, f"valuations-{found.valued_on}.xlsx")


def _find(batch_id: uuid.UUID) -> ValuationBatch:
    return queries.find_own_batch(reading(), current_actor().institution_id, batch_id)
