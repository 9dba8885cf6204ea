"""The shared record from the command line. Exit codes: 0 fine, 1 differs, 2 bad input."""

import json
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup
from flask_babel import force_locale

from marketplace.config import Config
from marketplace.db import atomic, db
from marketplace.errors import NotFound, Refused
from marketplace.web import refusal_text
from transactions import service
from transactions.backtest.on_command_line import backtest
from transactions.hedonics.on_command_line import fit
from transactions.importing.cells import RowError
from transactions.importing.rates import read_rates
from transactions.importing.sales import read_sales
from transactions.log import printing
from transactions.models import TransactionRecord
from transactions.rules.words import SaleOutcome
from transactions.rules.written import field_of, read_value
from transactions.sharing import on_command_line
from transactions.valuations.on_command_line import revalue

group = AppGroup("transactions", help="The shared record of sales, its log, and the rates it converts by.")

for command in (*on_command_line.COMMANDS, revalue, fit, backtest):
    group.add_command(command)

BYTES_LIMIT = 64 * 1024 * 1024

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@group.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--file", type=_FILE, help="Check a downloaded proof instead; asks no database.")
@click.option("--key", default="", help="With --file: the signer's public key that you trust, base64.")
def verify(file: Path | None, key: str, *, as_json: bool) -> None:
    """Recompute the log's root, every record's leaf, every inclusion proof, checkpoint and signature."""
    lines = printing.of_file(file, key) if file else printing.of_log(db.session(), _settings())
    if as_json:
        click.echo(json.dumps(lines.facts, ensure_ascii=False))
    else:
        click.echo("\n".join(lines.text))
    raise SystemExit(lines.exit_code)


@group.command("import-sales")
@click.argument("file", type=_FILE)
@click.option("--source", default="published", show_default=True, help="Name of the collection.")
@click.option("--partial", is_flag=True, help="Load the good rows even if others are refused.")
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def import_sales(file: Path, source: str, *, partial: bool, dry_run: bool, as_json: bool) -> None:
    """Load prior sales from FILE; a row that was loaded before is passed over."""
    found, errors = read_sales(_read(file), source)
    loaded = 0
    if not dry_run and (partial or not errors):
        try:
            with atomic() as session:
                loaded = len(service.append(session, found))
        except Refused as refused:
            _stop(refused)
    _report(file, {"rows": len(found) + len(errors), "good": len(found), "loaded": loaded}, errors, as_json)


@group.command("load-rates")
@click.argument("file", type=_FILE)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def load_rates(file: Path, *, as_json: bool) -> None:
    """Load exchange rates from FILE with the columns date, currency, base, rate, source; all or nothing."""
    found, errors = read_rates(_read(file))
    loaded = 0
    if not errors:
        try:
            with atomic() as session:
                loaded = service.load_rates(session, found)
        except Refused as refused:
            _stop(refused)
    _report(file, {"rows": len(found) + len(errors), "good": len(found), "loaded": loaded}, errors, as_json)


@group.command()
@click.argument("record_id", type=click.UUID)
@click.option("--reason", required=True, help="Why; it is published with the correction.")
@click.option("--price", help="The right price, a plain decimal.")
@click.option("--rights", type=int, help="The right number of rights.")
@click.option("--reverse", is_flag=True, help="The sale was rescinded.")
@click.option("--exclude", help="Why it may no longer serve as a comparable.")
@click.option("--set", "settings", multiple=True, metavar="FIELD=VALUE", help="Any field, several times.")
def correct(
    record_id: uuid.UUID,
    *,
    reason: str,
    price: str | None,
    rights: int | None,
    exclude: str | None,
    settings: tuple[str, ...],
    reverse: bool,
) -> None:
    """Append a record that replaces RECORD_ID; the old one stays for everybody to see."""
    split = (text.partition("=") for text in settings)
    written = [(name.strip(), value) for name, _, value in split]
    written += [("price", price)] if price is not None else []
    written += [("number_of_rights", str(rights))] if rights is not None else []
    written += [("usable", "no"), ("exclusion_reason", exclude)] if exclude is not None else []
    written += [("outcome", SaleOutcome.REVERSED.value)] if reverse else []
    try:
        with atomic() as session:
            changes = _changes(session.get(TransactionRecord, record_id), dict(written))
            new = service.correct(session, record_id, reason=reason, **changes)
    except NotFound:
        click.echo(f"there is no record {record_id}", err=True)
        raise SystemExit(2) from None
    except Refused as refused:
        _stop(refused)
    click.echo(str(new.id))


def _changes(record: TransactionRecord | None, written: dict[str, str]) -> dict[str, Any]:
    if record is None:
        return {}
    fields = {field_of(name): text for name, text in written.items()}
    return {field: read_value(field, text, record.currency) for field, text in fields.items()}


def _read(file: Path) -> str:
    if file.stat().st_size > BYTES_LIMIT:
        click.echo(f"{file}: larger than {BYTES_LIMIT} bytes", err=True)
        raise SystemExit(2)
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        click.echo(f"{file}: not UTF-8", err=True)
        raise SystemExit(2) from None


def _report(file: Path, counts: dict[str, int], errors: Sequence[RowError], as_json: bool) -> None:  # noqa: FBT001
    if as_json:
        refused = [{"row": error.row, "column": error.column, "reason": error.reason} for error in errors]
        click.echo(json.dumps({"file": file.name, **counts, "refused": refused}))
    else:
        for error in errors:
            click.echo(f"{file.name}: {error}", err=True)
        click.echo(f"{counts['good']} of {counts['rows']} rows are good, {counts['loaded']} new ones loaded")
    raise SystemExit(2 if errors else 0)


def _stop(refused: Refused) -> None:
    # A terminal has no reader whose language is known.
    with force_locale("en"):
        field = f"{refused.field}: " if refused.field else ""
        click.echo(f"{field}{refusal_text(refused)}", err=True)
    raise SystemExit(2)


def _settings() -> Config:
    settings: Config = current_app.extensions["settings"]
    return settings
