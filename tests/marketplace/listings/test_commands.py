"""`flask listings import`: its report and its exit statuses are a promise."""

import json
from pathlib import Path

import pytest
from builders import an_institution
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.access import InstitutionKind
from marketplace.audit import AuditEntry
from marketplace.db import atomic
from marketplace.listings.models import DefaultCase, Lot
from marketplace.listings.rules import LotStatus
from marketplace.rights.models import Right

EXAMPLE = Path(__file__).parents[3] / "demo" / "portfolio-example.csv"
HEADER = "lot_reference,right_type,number,title\n"


@pytest.fixture
def portfolio(tmp_path: Path) -> Path:
    return tmp_path / "portfolio.csv"


@pytest.fixture
def bank(session: Session) -> str:
    with atomic():
        an_institution(session, InstitutionKind.BUYER)
        return an_institution(session, InstitutionKind.BANK).name


def run(app: Flask, *arguments: object) -> tuple[int, str, str]:
    result = app.test_cli_runner().invoke(args=["listings", "import", *map(str, arguments)])
    return result.exit_code, result.stdout, result.stderr


def count(session: Session, model: type) -> int | None:
    return session.scalar(select(func.count()).select_from(model))


def test_the_example_is_imported_once(app: Flask, session: Session, bank: str) -> None:
    code, out, _ = run(app, EXAMPLE, "--json")
    assert code == 0
    assert json.loads(out) == {
        "file": str(EXAMPLE),
        "rows": 5,
        "accepted": 5,
        "refused": [],
        "lots": 3,
        "dry_run": False,
    }
    assert (count(session, Lot), count(session, Right), count(session, DefaultCase)) == (3, 5, 2)
    lot = session.scalars(select(Lot).where(Lot.reference == "2026-001")).one()
    assert lot.status is LotStatus.DRAFTED
    assert lot.rule_pack_version
    assert lot.default_case is not None
    assert lot.default_case.outstanding_minor == 280_000_000 + 9_650_040 + 2_134_000 + 1_200_000
    audited = session.scalars(select(AuditEntry).where(AuditEntry.act == "listings.import")).one()
    assert (audited.person_id, audited.facts["rights"]) == (None, 5)

    code, out, _ = run(app, EXAMPLE, "--bank", bank, "--json", "--partial")
    report = json.loads(out)
    assert (code, report["accepted"], report["lots"]) == (1, 0, 0)
    assert {row["column"] for row in report["refused"]} == {"lot_reference"}
    assert "duplicate" in report["refused"][0]["reason"]
    assert count(session, Lot) == 3


def test_one_refused_row_stops_everything(app: Flask, session: Session, bank: str, portfolio: Path) -> None:
    portfolio.write_text(HEADER + "A,invention,202010123456.7,Winding\nB,trademark,12345678,Mark\n")
    code, out, _ = run(app, portfolio, "--json")
    report = json.loads(out)
    assert (code, report["rows"], report["accepted"], report["lots"]) == (1, 2, 1, 0)
    (refused,) = report["refused"]
    assert (refused["row"], refused["column"]) == (2, "number")
    assert "CN202010123456.2" in refused["reason"]
    assert count(session, Lot) == 0


def test_a_partial_import_leaves_out_whole_lots(
    app: Flask, session: Session, bank: str, portfolio: Path
) -> None:
    portfolio.write_text(
        HEADER + "A,invention,202010123456.7,Winding\nA,trademark,1234567,Mark\nB,trademark,12345678,Mark\n"
    )
    code, out, _ = run(app, portfolio, "--partial", "--json")
    report = json.loads(out)
    assert (code, report["rows"], report["accepted"], report["lots"]) == (1, 3, 1, 1)
    assert [(row["row"], row["column"]) for row in report["refused"]] == [(2, "number"), (3, "lot_reference")]
    assert session.scalars(select(Lot.reference)).all() == ["B"]
    code, out, _ = run(app, portfolio, "--partial")
    assert "row 4: lot_reference" in out
    assert "3 rows, 0 accepted, 3 refused; 0 lots stored" in out


def test_a_dry_run_needs_no_bank_and_stores_nothing(app: Flask, session: Session) -> None:
    code, out, _ = run(app, EXAMPLE, "--dry-run")
    assert code == 0
    assert "5 rows, 5 accepted, 0 refused; 3 lots would be stored" in out
    assert count(session, Lot) == 0


def test_a_dry_run_knows_duplicates_when_it_knows_the_bank(app: Flask, bank: str) -> None:
    assert run(app, EXAMPLE)[0] == 0
    code, out, _ = run(app, EXAMPLE, "--dry-run", "--json")
    assert (code, len(json.loads(out)["refused"])) == (1, 5)


def test_a_loan_known_otherwise_and_a_right_known_already_are_refused(
    app: Flask, bank: str, portfolio: Path
) -> None:
    assert run(app, EXAMPLE)[0] == 0
    portfolio.write_text(
        "lot_reference,right_type,number,title,loan_reference,principal,debtor,pledgor\n"
        "X,trademark,1234567,Mark,LOAN-2022-0311,1.00,Example Beverages Co.,Example Holding Ltd.\n"
        "Y,trademark,12345678,Mark,,,,\n"
    )
    code, out, _ = run(app, portfolio, "--json")
    columns = [row["column"] for row in json.loads(out)["refused"]]
    assert (code, columns) == (1, ["loan_reference", "number"])


@pytest.mark.parametrize(
    ("text", "field"),
    [(HEADER, "file"), ("lot_reference,right_type,number,name\nA,B,C,D\n", "name"), (None, "file")],
)
def test_an_unreadable_file_names_file_field_and_reason(
    app: Flask, bank: str, portfolio: Path, text: str | None, field: str
) -> None:
    if text is not None:
        portfolio.write_text(text)
    code, out, err = run(app, portfolio)
    assert (code, out) == (2, "")
    assert err.startswith(f"{portfolio}: {field}: ")
    code, out, _ = run(app, portfolio, "--json")
    assert code == 2
    assert json.loads(out).keys() == {"file", "field", "reason"}
    assert json.loads(out)["field"] == field


def test_the_bank_must_be_known(app: Flask, session: Session) -> None:
    code, _, err = run(app, EXAMPLE)
    assert (code, err.split(": ")[1]) == (2, "bank")
    code, _, err = run(app, EXAMPLE, "--bank", "No Bank", "--dry-run")
    assert (code, err) == (2, "No Bank: bank: There is no bank of this name.\n")
