"""`flask payments import-statement`: a bank statement from the command line, with its progress."""

import json
import sys
from pathlib import Path
from typing import Any, NoReturn

import click
from flask.cli import with_appcontext
from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.db import atomic, db
from marketplace.errors import Refused
from marketplace.web import refusal_text
from payments.bank import working
from payments.bank.models import BankAccount, BankStatement
from payments.bank.queries import pages
from payments.bank.reading import MOST_BYTES, is_xml, read_statement
from payments.bank.rules.columns import ColumnMapping, read_mapping
from payments.bank.rules.statements import Statement
from payments.bank.rules.words import LineStatus
from payments.bank.service.importing import examine, receive

REFUSED, UNREADABLE = 1, 2


class BadInput(Exception):
    """What stops the command: where (a file or option), in which field, and why."""

    def __init__(self, file: str, field: str, reason: str) -> None:
        super().__init__(file, field, reason)
        self.file, self.field, self.reason = file, field, reason


@click.command("import-statement")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--account", required=True, help="Number of the account, as it was entered.")
@click.option("--currency", default="CNY", show_default=True, help="Currency of the account.")
@click.option("--mapping", type=click.Path(path_type=Path), help="JSON file: which heading is which column.")
@click.option("--dry-run", is_flag=True, help="Check every line and store nothing.")
@click.option("--partial", is_flag=True, help="Leave out refused rows and import the others.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
@with_appcontext
def import_statement(
    file: Path,
    account: str,
    currency: str,
    mapping: Path | None,
    *,
    dry_run: bool,
    partial: bool,
    as_json: bool,
) -> None:
    """Import a bank statement (camt.053, CSV or XLSX): every line accepted or refused with its reason.

    Lines that stand on an earlier statement are not booked again. Exit status 0 when every row is fine, 1
    when a row is refused, 2 when the file, the account or the mapping cannot be read or found.
    """
    with force_locale("en"):
        try:
            content = _read(file)
            row = _account(db.session(), account, currency)
            columns = _mapping(mapping, row, content)
            statement = _checked(file, content, row, columns)
            report = _report(file, statement, dry_run=dry_run)
            refused = statement.refused and not partial
            if not dry_run and not refused:
                name, show = file.name, not as_json
                report |= _store(row, statement, content, columns, name=name, partial=partial, show=show)
        except BadInput as bad:
            _stop(bad, as_json=as_json)
    _print(report, as_json=as_json)
    sys.exit(REFUSED if statement.refused else 0)


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise BadInput(str(file), "file", error.strerror or str(error)) from error


def _account(session: Session, number: str, currency: str) -> BankAccount:
    statement = select(BankAccount).where(BankAccount.number == number, BankAccount.currency == currency)
    row = session.scalars(statement).one_or_none()
    if row is None:
        raise BadInput("--account", "account", f"There is no account {number} in {currency}.")
    return row


def _mapping(file: Path | None, account: BankAccount, content: bytes) -> ColumnMapping | None:
    if is_xml(content):
        return None
    try:
        if file is not None:
            return read_mapping(json.loads(file.read_text(encoding="utf-8")))
        return read_mapping(account.column_mapping) if account.column_mapping else None
    except (OSError, ValueError, AttributeError) as error:
        raise BadInput(str(file), "mapping", str(error)) from error
    except Refused as refused:
        raise BadInput(str(file or "account"), refused.field or "mapping", refusal_text(refused)) from refused


def _checked(file: Path, content: bytes, account: BankAccount, columns: ColumnMapping | None) -> Statement:
    try:
        statement = read_statement(content, account.currency, columns)
        examine(db.session(), account, statement)
    except Refused as refused:
        raise BadInput(str(file), refused.field or "file", refusal_text(refused)) from refused
    return statement


def _store(
    account: BankAccount,
    statement: Statement,
    content: bytes,
    columns: ColumnMapping | None,
    *,
    name: str,
    partial: bool,
    show: bool,
) -> dict[str, Any]:
    """Receive the file and work it off; what became of its lines."""
    try:
        with atomic() as session:
            row = receive(
                session,
                None,
                account.id,
                statement,
                content,
                file_name=name,
                mapping=columns,
                partial=partial,
            )
        _finish(row, show=show)
    except Refused as refused:
        raise BadInput(name, refused.field or "file", refusal_text(refused)) from refused
    counts = pages.counts_of(db.session(), row.id)
    done = db.session().get_one(BankStatement, row.id, populate_existing=True)
    return {
        "statement": str(row.id),
        "new": done.new,
        "matched": counts.get(LineStatus.MATCHED, 0),
        "unassigned": counts.get(LineStatus.UNASSIGNED, 0),
    }


def _finish(row: BankStatement, *, show: bool) -> None:
    """Write and match the lines, with a bar for both on standard error."""
    whole = 2 * row.lines
    with click.progressbar(
        length=whole, label="Writing and matching", file=sys.stderr, hidden=not show
    ) as bar:

        def say() -> None:
            now = db.session().get_one(BankStatement, row.id, populate_existing=True)
            known = now.written - now.new
            bar.update(now.written + now.looked_at + known - bar.pos)

        working.finish(row.id, say)
        bar.update(whole - bar.pos)


def _report(file: Path, statement: Statement, *, dry_run: bool) -> dict[str, Any]:
    ordered = sorted(statement.refused, key=lambda one: one.row)
    return {
        "file": str(file),
        "format": str(statement.file_format),
        "lines": len(statement.lines) + len(statement.refused),
        "accepted": len(statement.lines),
        "refused": [
            {"row": one.row, "column": one.column, "reason": refusal_text(one.why)} for one in ordered
        ],
        "not_booked": statement.not_booked,
        "new": statement.new,
        "opening_minor": statement.opening,
        "closing_minor": statement.closing,
        "dry_run": dry_run,
    }


def _stop(bad: BadInput, *, as_json: bool) -> NoReturn:
    if as_json:
        answer = {"file": bad.file, "field": bad.field, "reason": bad.reason}
        click.echo(json.dumps(answer, ensure_ascii=False))
    click.echo(f"{bad.file}: {bad.field}: {bad.reason}", err=True)
    sys.exit(UNREADABLE)


def _print(report: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False))
        return
    for one in report["refused"]:
        click.echo(f"{report['file']}: row {one['row']}: {one['column']}: {one['reason']}")
    told = f"{report['lines']} lines, {report['accepted']} accepted, {len(report['refused'])} refused; "
    told += f"{report['new']} new"
    if "matched" in report:
        told += f", {report['matched']} matched, {report['unassigned']} wait for a person"
    click.echo(told)
