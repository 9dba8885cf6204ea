"""The operator's accounts: where they stand, their statements, gaps between them, virtual accounts."""

import uuid
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session

from marketplace.access import Verb
from marketplace.db import atomic, db
from marketplace.errors import Refused
from marketplace.web import allowed, current_actor, show_refusal
from payments.bank import queries, service
from payments.bank.forms import AccountForm, NumbersForm, OrderColumnsForm, UploadForm
from payments.bank.models import BankAccount
from payments.bank.queries import pages
from payments.bank.routes.shared import PER_PAGE, Page, blueprint, page_number, reading
from payments.bank.rules.orders import USUAL, OrderField, read_columns, write_columns
from payments.bank.rules.statements import gaps
from payments.bank.service.accounts import find_account

_SHOWN_BY_HAND = 20


@blueprint.get("/money/bank")
@allowed(Verb.SEE_OPERATIONS)
def index() -> Page:
    """All accounts, beside what the ledger says stands on them."""
    return _index(AccountForm())


@blueprint.post("/money/bank")
@allowed(Verb.CONFIRM_MONEY)
def add_account() -> Page:
    """Enter an account."""
    form = AccountForm()
    if not form.validate_on_submit():
        return _index(form), 422
    try:
        with atomic() as session:
            account = service.add_account(
                session,
                current_actor(),
                holder=str(form.holder.data),
                bank=str(form.bank.data),
                bank_code=str(form.bank_code.data),
                number=str(form.number.data),
                currency=str(form.currency.data),
                opening_minor=form.minor,
            )
    except Refused as refused:
        show_refusal(form, refused)
        return _index(form), refused.status
    return redirect(url_for("bank.account", account_id=account.id), code=303)


@blueprint.get("/money/bank/accounts/<uuid:account_id>")
@allowed(Verb.SEE_OPERATIONS)
def account(account_id: uuid.UUID) -> Page:
    """One account: import a statement, what was imported, what is missing in between."""
    return account_page(find_account(reading(), account_id))


@blueprint.post("/money/bank/accounts/<uuid:account_id>/numbers")
@allowed(Verb.CONFIRM_MONEY)
def add_numbers(account_id: uuid.UUID) -> Page:
    """Take over virtual account numbers."""
    found, form = find_account(reading(), account_id), NumbersForm()
    if not form.validate_on_submit():
        return account_page(found, numbers=form), 422
    try:
        with atomic() as session:
            lines = str(form.numbers.data).replace(",", "\n").splitlines()
            new, known = service.add_virtual_accounts(session, current_actor(), account_id, lines)
    except Refused as refused:
        show_refusal(form, refused)
        return account_page(find_account(reading(), account_id), numbers=form), refused.status
    flash(gettext("%(new)s new numbers, %(known)s known already.", new=new, known=known))
    return redirect(url_for("bank.account", account_id=account_id), code=303)


@blueprint.post("/money/bank/accounts/<uuid:account_id>/columns")
@allowed(Verb.CONFIRM_MONEY)
def save_columns(account_id: uuid.UUID) -> Page:
    """Say which columns the bank wants in a payment table."""
    found, form = find_account(reading(), account_id), OrderColumnsForm()
    if not form.validate_on_submit():
        return account_page(found, columns=form), 422
    try:
        with atomic() as session:
            columns = read_columns(str(form.columns.data))
            service.save_order_columns(session, current_actor(), account_id, columns)
    except Refused as refused:
        show_refusal(form, refused)
        return account_page(find_account(reading(), account_id), columns=form), refused.status
    return redirect(url_for("bank.account", account_id=account_id), code=303)


def account_page(found: BankAccount, **forms: Any) -> str:
    """The page of an account, with a form that was refused and what was wrong with its rows."""
    taken, free = pages.numbers_left(reading(), found.id)
    saved = [(str(heading), str(name)) for heading, name in found.order_columns]
    columns = saved or [(heading, str(name)) for heading, name in USUAL]
    listed = pages.statements_of(found.id)
    return render_template(
        "bank/account.html",
        bank_account=found,
        upload=forms.get("upload") or UploadForm(formdata=None),
        refused_rows=forms.get("refused_rows", ()),
        numbers=forms.get("numbers") or NumbersForm(formdata=None),
        columns=forms.get("columns") or OrderColumnsForm(formdata=None, columns=write_columns(columns)),
        order_fields=list(OrderField),
        statements=db.paginate(listed, page=page_number(), per_page=PER_PAGE, error_out=False),
        gaps=gaps(pages.spans_of(reading(), found.id)),
        taken=taken,
        free=free,
    )


def _index(form: AccountForm) -> str:
    session = reading()
    sides = queries.bank_beside_ledger(session)
    return render_template(
        "bank/index.html",
        accounts=pages.bank_accounts(session),
        sides=sides,
        most_by_hand=_SHOWN_BY_HAND,
        by_hand={side.currency: _by_hand(session, side.currency) for side in sides},
        waiting=pages.waiting_count(session),
        proposals=pages.open_proposals(session),
        form=form,
    )


def _by_hand(session: Session, currency: str) -> list[queries.ByHand]:
    return queries.with_parties(session, queries.booked_by_hand(session, currency, limit=_SHOWN_BY_HAND))
