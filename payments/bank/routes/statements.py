"""Statements: uploaded and checked whole, then written and matched by the worker, with its progress."""

import uuid
from typing import Any

from flask import abort, redirect, render_template, request, url_for

from marketplace.access import Verb
from marketplace.db import atomic, db
from marketplace.errors import NotFound, Refused
from marketplace.web import allowed, current_actor, refusal_text, show_refusal
from payments.bank import service
from payments.bank.forms import UploadForm
from payments.bank.models import BankStatement
from payments.bank.queries import pages
from payments.bank.reading import MOST_BYTES_ON_PAGE, is_xml, read_statement
from payments.bank.routes.accounts import account_page
from payments.bank.routes.shared import PER_PAGE, Page, blueprint, page_number, reading
from payments.bank.rules.columns import read_mapping
from payments.bank.rules.statements import RefusedLine
from payments.bank.rules.words import LineStatus, StatementStatus
from payments.bank.service.accounts import find_account
from payments.bank.service.importing import examine

# A page does not list more wrong rows than anybody reads; the command line prints all.
ROWS_SHOWN = 100


@blueprint.post("/money/bank/accounts/<uuid:account_id>/statements")
@allowed(Verb.CONFIRM_MONEY)
def upload(account_id: uuid.UUID) -> Page:
    """Check a file whole and hand it to the worker."""
    account, form = find_account(reading(), account_id), UploadForm()
    if not form.validate_on_submit():
        return account_page(account, upload=form), 422
    file: Any = form.file.data
    content = file.stream.read(MOST_BYTES_ON_PAGE + 1)
    refused_rows: list[RefusedLine] = []
    try:
        saved = read_mapping(account.column_mapping) if account.column_mapping else None
        mapping = None if is_xml(content) else saved
        read = read_statement(content, account.currency, mapping, most_bytes=MOST_BYTES_ON_PAGE)
        refused_rows = read.refused
        examine(reading(), account, read)
        with atomic() as session:
            row = service.receive(
                session,
                current_actor(),
                account_id,
                read,
                content,
                file_name=file.filename or "",
                mapping=mapping,
                partial=bool(form.partial.data),
            )
    except Refused as refused:
        show_refusal(form, refused)
        shown = told(refused_rows)
        return account_page(find_account(reading(), account_id), upload=form, refused_rows=shown), 422
    return redirect(url_for("bank.statement", statement_id=row.id), code=303)


def told(refused: list[RefusedLine]) -> list[tuple[int, str, str]]:
    """Row, column and reason of what is wrong, in the reader's words."""
    ordered = sorted(refused, key=lambda one: one.row)[:ROWS_SHOWN]
    return [(one.row, one.column, refusal_text(one.why)) for one in ordered]


@blueprint.get("/money/bank/statements/<uuid:statement_id>")
@allowed(Verb.SEE_OPERATIONS)
def statement(statement_id: uuid.UUID) -> Page:
    """One statement: how far it is, and its lines."""
    row = _found(statement_id)
    wanted = request.args.get("status", "")
    if wanted not in {"", *LineStatus}:
        abort(404)
    lines = pages.lines_of(statement_id)
    if wanted:
        lines = lines.filter_by(status=LineStatus(wanted))
    return render_template(
        "bank/statement.html",
        statement=row,
        counts=pages.counts_of(reading(), statement_id),
        lines=db.paginate(lines, page=page_number(), per_page=PER_PAGE, error_out=False),
        wanted=wanted,
        running=row.status is not StatementStatus.DONE,
        statuses=list(LineStatus),
    )


@blueprint.get("/money/bank/statements/<uuid:statement_id>/progress")
@allowed(Verb.SEE_OPERATIONS)
def progress(statement_id: uuid.UUID) -> Page:
    """How far the worker is with a statement; asked for again until it is done."""
    row = _found(statement_id)
    return render_template(
        "bank/_progress.html", statement=row, running=row.status is not StatementStatus.DONE
    )


def _found(statement_id: uuid.UUID) -> BankStatement:
    row = reading().get(BankStatement, statement_id)
    if row is None:
        raise NotFound("bank_statement")
    return row
