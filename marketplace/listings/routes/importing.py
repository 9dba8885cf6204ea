"""A portfolio file through the browser: upload, preview with every problem, confirm."""

import uuid
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from marketplace import clock
from marketplace.access import Verb
from marketplace.db import atomic
from marketplace.errors import Refused
from marketplace.listings import service
from marketplace.listings.forms import ConfirmImportForm, UploadForm
from marketplace.listings.models import PortfolioUpload
from marketplace.listings.portfolio import MOST_BYTES, read_portfolio
from marketplace.listings.report import report_on
from marketplace.listings.routes.shared import blueprint, reading
from marketplace.listings.rules import ListingReason
from marketplace.listings.service import uploads
from marketplace.web import allowed, current_actor, refusal_text, show_refusal

Page = str | Response | tuple[str, int]

MOST_SHOWN = 200


@blueprint.route("/portfolio/import", methods=["GET", "POST"])
@allowed(Verb.IMPORT_PORTFOLIO)
def import_page() -> Page:
    """Choose a file; a readable one is kept for the preview."""
    form = UploadForm()
    if not form.validate_on_submit():
        return _upload_page(form)
    file: Any = form.file.data
    content = file.stream.read(MOST_BYTES + 1)
    try:
        read_portfolio(content, now=clock.now())
    except Refused as refused:
        where = "" if refused.field in {None, "file"} else f"{refused.field}: "
        form.file.errors = [*form.file.errors, f"{where}{refusal_text(refused)}"]
        return _upload_page(form)
    with atomic() as session:
        upload = uploads.keep(session, current_actor(), file.filename or "", content)
    return redirect(url_for("listings.preview_import", upload_id=upload.id), code=303)


def _upload_page(form: UploadForm) -> Page:
    page = render_template("listings/import.html", form=form)
    return (page, 422) if form.is_submitted() else page


@blueprint.get("/portfolio/import/<uuid:upload_id>")
@allowed(Verb.IMPORT_PORTFOLIO)
def preview_import(upload_id: uuid.UUID) -> Page:
    """Every lot the file would make, and every row that is wrong."""
    return _preview(uploads.find(reading(), current_actor(), upload_id), ConfirmImportForm())


def _preview(upload: PortfolioUpload, form: ConfirmImportForm) -> str:
    portfolio = read_portfolio(upload.content, now=clock.now())
    service.mark_duplicates(reading(), upload.institution_id, portfolio)
    report = report_on(portfolio, refusal_text, file=upload.file_name, dry_run=True)
    return render_template(
        "listings/import_preview.html",
        upload=upload,
        report=report,
        refused=report.refused[:MOST_SHOWN],
        good=portfolio.good_lots[:MOST_SHOWN],
        good_count=len(portfolio.good_lots),
        form=form,
    )


@blueprint.post("/portfolio/import/<uuid:upload_id>")
@allowed(Verb.IMPORT_PORTFOLIO)
def confirm_import(upload_id: uuid.UUID) -> Page:
    """Store what the preview showed, by the same rules, in one transaction."""
    form, actor = ConfirmImportForm(), current_actor()
    if not form.validate_on_submit():
        return _preview(uploads.find(reading(), actor, upload_id), form), 422
    with atomic() as session:
        upload = uploads.find(session, actor, upload_id)
        portfolio = read_portfolio(upload.content, now=clock.now())
        imported = service.store_portfolio(
            session,
            actor,
            actor.institution_id,
            portfolio,
            partial=form.partial.data,
            file_name=upload.file_name,
        )
        if imported.lots:
            uploads.forget(session, upload)
    if not imported.lots:
        show_refusal(form, Refused(ListingReason.NOTHING_IMPORTED))
        return _preview(uploads.find(reading(), actor, upload_id), form), 422
    stored = ngettext("%(num)d lot stored as a draft.", "%(num)d lots stored as drafts.", imported.lots)
    flash(f"{stored} {gettext('Complete and submit them.')}", "success")
    return redirect(url_for("listings.portfolio"), code=303)
