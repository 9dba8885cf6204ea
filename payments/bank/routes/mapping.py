"""Which column of the bank's table is what: an officer looks at the first rows and says so, once."""

import uuid
from typing import Any

from flask import redirect, render_template, url_for

from marketplace.access import Verb
from marketplace.db import atomic
from marketplace.errors import Refused
from marketplace.web import allowed, current_actor, show_refusal
from payments.bank import service
from payments.bank.forms import MappingForm, TableForm, mapping_form
from payments.bank.models import BankAccount
from payments.bank.reading import MOST_BYTES_ON_PAGE, MOST_LINES, tables
from payments.bank.routes.shared import Page, blueprint, reading
from payments.bank.rules.columns import ColumnMapping, guess_mapping, read_mapping
from payments.bank.service.accounts import find_account

ROWS_SHOWN = 12


@blueprint.get("/money/bank/accounts/<uuid:account_id>/mapping")
@allowed(Verb.CONFIRM_MONEY)
def choose_table(account_id: uuid.UUID) -> Page:
    """Choose a file whose columns are to be mapped."""
    return _page(find_account(reading(), account_id), TableForm(formdata=None))


@blueprint.post("/money/bank/accounts/<uuid:account_id>/mapping/preview")
@allowed(Verb.CONFIRM_MONEY)
def preview_table(account_id: uuid.UUID) -> Page:
    """The first rows of a file, and what its headings seem to mean."""
    account, form = find_account(reading(), account_id), TableForm()
    if not form.validate_on_submit():
        return _page(account, form), 422
    file: Any = form.file.data
    try:
        content = file.stream.read(MOST_BYTES_ON_PAGE + 1)
        rows, header = tables.preview(content, most_lines=MOST_LINES, most_bytes=MOST_BYTES_ON_PAGE)
    except Refused as refused:
        show_refusal(form, refused)
        return _page(account, form), refused.status
    start = header or 0
    headings = [text for text in rows[start][1] if text]
    guessed = guess_mapping(rows[start][1])
    shown = rows[start : start + ROWS_SHOWN]
    return _page(account, form, mapping=mapping_form(headings, guessed), rows=shown)


@blueprint.post("/money/bank/accounts/<uuid:account_id>/mapping")
@allowed(Verb.CONFIRM_MONEY)
def save_mapping(account_id: uuid.UUID) -> Page:
    """Keep the mapping for the account's next statements."""
    account, form = find_account(reading(), account_id), MappingForm()
    try:
        mapping = read_mapping(form.values())
        with atomic() as session:
            service.save_mapping(session, current_actor(), account_id, mapping)
    except Refused as refused:
        chosen = [str(text) for text in form.values()["headings"].values() if text]
        again = mapping_form(chosen, ColumnMapping())
        for name, text in form.values()["headings"].items():
            again[str(name)].data = text
        show_refusal(again, refused)
        return _page(account, TableForm(formdata=None), mapping=again), refused.status
    return redirect(url_for("bank.account", account_id=account_id), code=303)


def _page(
    account: BankAccount,
    form: TableForm,
    *,
    mapping: MappingForm | None = None,
    rows: list[tuple[int, list[str]]] | None = None,
) -> str:
    return render_template(
        "bank/mapping.html", bank_account=account, form=form, mapping=mapping, rows=rows or []
    )
