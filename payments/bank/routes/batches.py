"""Payment files: made of approved payouts, fetched in the bank's form, cancelled where it refused them."""

import uuid

from flask import Response as FlaskResponse
from flask import redirect, render_template, request, url_for

from marketplace import clock
from marketplace.access import Verb
from marketplace.clock import LOCAL_ZONE
from marketplace.db import atomic, db
from marketplace.errors import NotFound, Refused
from marketplace.web import allowed, current_actor, refusal_text
from payments.bank import service
from payments.bank.models import PaymentBatch
from payments.bank.queries import pages
from payments.bank.routes.shared import PER_PAGE, Page, blueprint, field_key, page_number, reading
from payments.bank.service.accounts import find_account
from payments.bank.writing import tables
from payments.bank.writing.pain001 import pain001
from payments.forms import ReasonForm

_TYPES = {
    "xml": "application/xml",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@blueprint.get("/money/bank/accounts/<uuid:account_id>/payments")
@allowed(Verb.SEE_OPERATIONS)
def payments(account_id: uuid.UUID) -> Page:
    """Approved payouts to hand to the bank, and the files made before."""
    return _payments(account_id)


@blueprint.post("/money/bank/accounts/<uuid:account_id>/payments")
@allowed(Verb.CONFIRM_MONEY)
def make_batch(account_id: uuid.UUID) -> Page:
    """Make one file of the chosen payouts."""
    try:
        chosen = [uuid.UUID(text) for text in request.form.getlist("payouts")[:1000]]
    except ValueError:
        return _payments(account_id), 422
    try:
        with atomic() as session:
            batch = service.make_batch(session, current_actor(), account_id, chosen, field_key())
    except Refused as refused:
        return _payments(account_id, problem=refusal_text(refused)), refused.status
    return redirect(url_for("bank.batch", batch_id=batch.id), code=303)


@blueprint.get("/money/bank/batches/<uuid:batch_id>")
@allowed(Verb.SEE_OPERATIONS)
def batch(batch_id: uuid.UUID) -> Page:
    """One payment file and its orders."""
    return _batch(batch_id, ReasonForm(formdata=None))


@blueprint.post("/money/bank/batches/<uuid:batch_id>/<any(xml, csv, xlsx):kind>")
@allowed(Verb.CONFIRM_MONEY)
def export(batch_id: uuid.UUID, kind: str) -> Page:
    """Fetch the file; every time is noted."""
    try:
        with atomic() as session:
            row = service.note_export(session, current_actor(), batch_id, kind)
            content = _content(row, kind)
            name = row.number
    except Refused as refused:
        return _batch(batch_id, ReasonForm(formdata=None), problem=refusal_text(refused)), refused.status
    answer = FlaskResponse(content, mimetype=_TYPES[kind].split(";")[0])
    answer.headers["Content-Type"] = _TYPES[kind]
    answer.headers["Content-Disposition"] = f"attachment; filename={name}.{kind}"
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("/money/bank/batches/<uuid:batch_id>/cancel")
@allowed(Verb.CONFIRM_MONEY)
def cancel(batch_id: uuid.UUID) -> Page:
    """The bank did not take the file."""
    form = ReasonForm()
    if not form.validate_on_submit():
        return _batch(batch_id, form), 422
    try:
        with atomic() as session:
            service.cancel_batch(session, current_actor(), batch_id, str(form.reason.data))
    except Refused as refused:
        return _batch(batch_id, form, problem=refusal_text(refused)), refused.status
    return redirect(url_for("bank.batch", batch_id=batch_id), code=303)


def _content(row: PaymentBatch, kind: str) -> bytes:
    if kind == "xml":
        execute_on = row.made_at.astimezone(LOCAL_ZONE).date()
        return pain001(row, field_key(), made_at=clock.now().astimezone(LOCAL_ZONE), execute_on=execute_on)
    return tables.as_csv(row, field_key()) if kind == "csv" else tables.as_xlsx(row, field_key())


def _payments(account_id: uuid.UUID, problem: str = "") -> str:
    account = find_account(reading(), account_id)
    made = pages.batches().where(PaymentBatch.bank_account_id == account_id)
    return render_template(
        "bank/payments.html",
        bank_account=account,
        problem=problem,
        payouts=pages.ready_payouts(reading(), account.currency),
        batches=db.paginate(made, page=page_number(), per_page=PER_PAGE, error_out=False),
    )


def _batch(batch_id: uuid.UUID, form: ReasonForm, problem: str = "") -> str:
    row = reading().get(PaymentBatch, batch_id)
    if row is None:
        raise NotFound("payment_batch")
    return render_template("bank/batch.html", batch=row, form=form, problem=problem)
