"""What an operator does from the command line, with exit codes that scripts rely on."""

import json
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.db import atomic
from transactions import queries, service
from transactions.models import Checkpoint, ExchangeRate, TransactionRecord

from .sale_builders import a_sale_of
from .test_importing import HEADING, table


def run(app: Flask, *arguments: object) -> Result:
    return app.test_cli_runner().invoke(args=["transactions", *map(str, arguments)])


def count(session: Session, model: type[TransactionRecord | Checkpoint | ExchangeRate]) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(model)) or 0


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "sales.csv"
    path.write_text(table({}, {"id": "T2"}), encoding="utf-8")
    return path


def test_sales_are_imported_once(app: Flask, session: Session, file: Path) -> None:
    first, second = run(app, "import-sales", file), run(app, "import-sales", file)
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "2 of 2 rows are good, 2 new ones loaded" in first.output
    assert "0 new ones loaded" in second.output
    assert (count(session, TransactionRecord), count(session, Checkpoint)) == (2, 1)
    assert run(app, "import-sales", file, "--source", "others").exit_code == 0
    assert count(session, TransactionRecord) == 4


def test_a_bad_row_stops_the_import_unless_it_may_be_partial(
    app: Flask, session: Session, file: Path
) -> None:
    file.write_text(table({}, {"id": "T2", "price": "5,0"}).replace('"', ""), encoding="utf-8")
    answer = run(app, "import-sales", file, "--json")
    facts = json.loads(answer.output)
    assert (answer.exit_code, facts["good"], facts["loaded"]) == (2, 1, 0)
    assert facts["refused"][0]["row"] == 3
    assert count(session, TransactionRecord) == 0
    answer = run(app, "import-sales", file, "--partial")
    assert answer.exit_code == 2
    assert "sales.csv: row 3, column" in answer.output
    assert count(session, TransactionRecord) == 1


def test_a_rehearsal_loads_nothing(app: Flask, session: Session, file: Path) -> None:
    assert run(app, "import-sales", file, "--dry-run").exit_code == 0
    assert count(session, TransactionRecord) == 0


def test_a_row_that_changed_since_asks_for_a_correction(app: Flask, session: Session, file: Path) -> None:
    run(app, "import-sales", file)
    file.write_text(table({"price": "1"}), encoding="utf-8")
    answer = run(app, "import-sales", file)
    assert answer.exit_code == 2
    assert count(session, TransactionRecord) == 2


def test_a_file_that_is_no_text(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "sales.csv"
    path.write_bytes(b"\xff\xfe\x00")
    assert "not UTF-8" in run(app, "import-sales", path).output
    path.write_text(HEADING)
    monkeypatch.setattr("transactions.commands.BYTES_LIMIT", 3)
    assert run(app, "import-sales", path).exit_code == 2


def test_rates_are_loaded_once_and_never_replaced(app: Flask, session: Session, tmp_path: Path) -> None:
    path = tmp_path / "rates.csv"
    path.write_text("date,currency,base,rate,source\n2020-04-10,USD,CNY,7.05,central bank\n")
    assert run(app, "load-rates", path).exit_code == 0
    assert run(app, "load-rates", path).exit_code == 0
    assert count(session, ExchangeRate) == 1
    path.write_text(
        "date,currency,base,rate,source\n2020-04-09,USD,CNY,7,x\n2020-04-10,USD,CNY,8,another bank\n"
    )
    assert run(app, "load-rates", path).exit_code == 2
    assert count(session, ExchangeRate) == 1
    path.write_text("date,currency,base,rate,source\n2020-04-10,USD,CNY,much,x\n")
    assert "row 2, column rate" in run(app, "load-rates", path).output


def test_corrections(app: Flask, session: Session) -> None:
    with atomic() as writing:
        (old,) = service.append(writing, [a_sale_of(1)])
    answer = run(app, "correct", old.id, "--reason", "a slip", "--price", "5.00", "--rights", 2)
    assert answer.exit_code == 0, answer.output
    again = run(app, "correct", old.id, "--reason", "a slip", "--price", "6.00")
    assert again.exit_code == 2
    last = run(
        app, "correct", answer.output.strip(), "--reason", "rescinded", "--reverse", "--exclude", "void"
    )
    assert last.exit_code == 0
    session.rollback()
    (record,) = session.scalars(queries.current_records()).all()
    assert (record.price_minor, record.number_of_rights, record.outcome) == (500, 2, "reversed")
    assert (record.usable, record.exclusion_reason) == (False, "void")


def test_corrections_that_cannot_be(app: Flask, session: Session) -> None:
    with atomic() as writing:
        (old,) = service.append(writing, [a_sale_of(1)])
    nobody = "00000000-0000-4000-8000-000000000000"
    assert run(app, "correct", nobody, "--reason", "x", "--price", "5").exit_code == 2
    assert run(app, "correct", old.id, "--reason", "x", "--price", "five").exit_code == 2
    assert run(app, "correct", old.id, "--reason", "x").exit_code == 2
