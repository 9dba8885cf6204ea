"""`flask transactions backtest`. Exit codes: 0 fine, 1 falls short of a target, 2 bad input."""

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

import click
from flask.cli import with_appcontext

from marketplace.db import atomic, db
from marketplace.money import EXPONENTS
from transactions.backtest import printing, reading, service
from transactions.hedonics.method import LEAST_PRICED
from transactions.hedonics.observations import TooFew
from transactions.rules.words import AssetFamily

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("backtest")
@click.option("--data", "file", type=_FILE, help="A CSV file, packed by gzip or not.")
@click.option("--records", is_flag=True, help="The shared record in place of a file; the run is kept.")
@click.option("--test-from", "day", help="Lots from this day on are estimated, as 2024-01-01.")
@click.option("--currency", default="", help="With --records: by default the one most records are in.")
@click.option(
    "--challenger/--no-challenger", default=True, show_default=True, help="Boosted trees beside it."
)
@click.option(
    "--family",
    type=click.Choice([one.value for one in AssetFamily]),
    default="patent",
    help="With --records.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@with_appcontext
def backtest(
    file: Path | None,
    day: str | None,
    currency: str,
    family: str,
    *,
    records: bool,
    challenger: bool,
    as_json: bool,
) -> None:
    """Estimate each lot from what was known before it, and say how far off the estimates were."""
    if (file is None) != records:
        _stop("--data FILE or --records, one of the two")
    test_from = _day(day)
    if currency and currency not in EXPONENTS:
        _stop(f"--currency: {currency} is not a currency traded here")
    if file is not None:
        result, source = _of_file(file, test_from, challenged=challenger), file.name
    else:
        session = db.session()
        result, source = (
            service.try_records(session, test_from, currency, AssetFamily(family), challenged=challenger),
            f"{family} records",
        )
        session.rollback()
        if result.scored:
            with atomic() as writing:
                service.keep(writing, result)
    click.echo(json.dumps(_facts(result, source)) if as_json else printing.text_of(result, source))
    raise SystemExit(0 if result.accepted else 1)


def _of_file(file: Path, test_from: date | None, *, challenged: bool) -> service.Result:
    if test_from is None:
        _stop("--test-from: missing, a file is tested from a day on")
    try:
        lots, errors = reading.read_lots(reading.text_of(file))
    except reading.Unreadable as unreadable:
        _stop(f"{file}: {unreadable}")
    if errors:
        shown = [f"{file.name}: {error}" for error in errors[: reading.ERRORS_LIMIT]]
        more = len(errors) - len(shown)
        _stop("\n".join([*shown, f"and {more} more"] if more else shown))
    if not any(one.observation.on >= test_from for one in lots):
        _stop(f"{file.name}: column event_date: no lot from {test_from} on")
    try:
        return service.try_lots(lots, test_from, reading.CURRENCY, challenged=challenged)
    except TooFew as few:
        _stop(f"{file.name}: column event_date: before {test_from} only {few.priced} lots with a price, "
              f"at least {LEAST_PRICED} are needed")  # fmt: skip


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text is not None else None
    except ValueError:
        _stop(f"--test-from: {text} is not a date as 2024-01-01")


def _stop(message: str) -> NoReturn:
    click.echo(message, err=True)
    raise SystemExit(2)


def _facts(result: service.Result, source: str) -> dict[str, Any]:
    return {
        "source": source,
        "test_from": result.test_from.isoformat() if result.test_from else None,
        "currency": result.currency,
        "priced": result.priced,
        "data_digest": result.data_digest,
        "notes": list(result.notes),
        **result.figures,
        "accepted": result.accepted,
        "missed": [asdict(miss) for miss in result.missed],
    }
