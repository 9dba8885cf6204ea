"""`flask listings import FILE`: a bank's portfolio from the command line."""

import json
import sys
import uuid
from pathlib import Path
from typing import NoReturn

import click
from flask.cli import AppGroup
from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.access import InstitutionKind
from marketplace.db import atomic, db
from marketplace.errors import Refused
from marketplace.listings import service
from marketplace.listings.portfolio import MOST_BYTES, Portfolio, read_portfolio
from marketplace.listings.report import Report, report_on
from marketplace.parties.models import Institution
from marketplace.web import refusal_text

group = AppGroup("listings", help="Lots and the portfolios they come from.")

REFUSED, UNREADABLE = 1, 2


class BadInput(Exception):
    """What stops the command: where (a file or option), in which field, and why."""

    def __init__(self, file: str, field: str, reason: str) -> None:
        super().__init__(file, field, reason)
        self.file, self.field, self.reason = file, field, reason


@group.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--bank", help="Name of the bank; may be left out when there is only one.")
@click.option("--dry-run", is_flag=True, help="Check every row and store nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
@click.option("--partial", is_flag=True, help="Store the lots without a refused row.")
def import_file(file: Path, bank: str | None, *, dry_run: bool, as_json: bool, partial: bool) -> None:
    """Import a portfolio (CSV or XLSX) as draft lots: every row accepted or refused with its reason.

    Exit status 0 when every row is fine, 1 when a row is refused, 2 when the file, its header or the bank
    cannot be read or found.
    """
    with force_locale("en"):
        try:
            portfolio = _read(file)
            institution_id = _bank(db.session(), bank, needed=not dry_run)
        except BadInput as bad:
            _stop(bad, as_json=as_json)
        if institution_id is not None:
            _store(portfolio, institution_id, file, dry_run=dry_run, partial=partial)
        report = report_on(portfolio, refusal_text, file=str(file), partial=partial, dry_run=dry_run)
    _print(report, as_json=as_json)
    sys.exit(REFUSED if report.refused else 0)


def _store(
    portfolio: Portfolio, institution_id: uuid.UUID, file: Path, *, dry_run: bool, partial: bool
) -> None:
    if dry_run:
        service.mark_duplicates(db.session(), institution_id, portfolio)
        return
    with atomic() as session:
        name = file.name
        service.store_portfolio(session, None, institution_id, portfolio, partial=partial, file_name=name)


def _read(file: Path) -> Portfolio:
    try:
        with file.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
        return read_portfolio(content, now=clock.now())
    except OSError as error:
        raise BadInput(str(file), "file", error.strerror or str(error)) from error
    except Refused as refused:
        raise BadInput(str(file), refused.field or "file", refusal_text(refused)) from refused


def _bank(session: Session, name: str | None, *, needed: bool) -> uuid.UUID | None:
    banks = select(Institution.id).where(Institution.kind == InstitutionKind.BANK)
    if name is not None:
        banks = banks.where(Institution.name == name)
    found = session.scalars(banks.limit(2)).all()
    if len(found) == 1:
        return found[0]
    if name is not None:
        raise BadInput(name, "bank", "There is no bank of this name.")
    if needed:
        raise BadInput("--bank", "bank", "Name the bank: there is none, or more than one.")
    return None


def _stop(bad: BadInput, *, as_json: bool) -> NoReturn:
    if as_json:
        click.echo(
            json.dumps({"file": bad.file, "field": bad.field, "reason": bad.reason}, ensure_ascii=False)
        )
    click.echo(f"{bad.file}: {bad.field}: {bad.reason}", err=True)
    sys.exit(UNREADABLE)


def _print(report: Report, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(report.as_json(), ensure_ascii=False))
        return
    for one in report.refused:
        click.echo(f"{report.file}: row {one.row}: {one.column}: {one.reason}")
    stored = "would be stored" if report.dry_run else "stored"
    click.echo(
        f"{report.rows} rows, {report.accepted} accepted, {len(report.refused)} refused; "
        f"{report.lots} lots {stored}"
    )
