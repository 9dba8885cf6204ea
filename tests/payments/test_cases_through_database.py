"""Every settlement case as a real deal in a scratch database: the live service answers as the rules do."""

import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from payments import invariants, settlement_cases
from payments.commands import group
from payments.rehearsal.through_database import settle_through_database

CASES = Path(__file__).parent / "cases"
ON_SQLITE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def nothing_is_broken(session: Session) -> None:
    """Every invariant of money holds once the case is paid out."""
    for name, question in invariants.CHECKS:
        assert not question(session), name


@ON_SQLITE
@pytest.mark.parametrize("file", sorted(CASES.glob("*.json")), ids=lambda file: file.stem)
def test_a_case_through_the_database_settles_as_by_the_rules(app: Flask, file: Path) -> None:
    case = settlement_cases.read(file)
    with app.app_context():
        answer = settlement_cases.run(case, lambda event: settle_through_database(event, nothing_is_broken))
    assert answer["differences"] == []
    assert answer == settlement_cases.run(case)


@ON_SQLITE
def test_the_command_settles_every_case_beside_the_checkout(
    app: Flask, shared_settlements: list[Path]
) -> None:
    files = [str(file) for file in shared_settlements]
    result = app.test_cli_runner().invoke(group, ["settle", "--through", "database", *files])
    assert result.exit_code == 0, result.output
    assert [json.loads(line)["ok"] for line in result.output.splitlines()] == [True] * len(files)


@ON_SQLITE
def test_a_difference_shows_through_the_database_too(app: Flask, tmp_path: Path) -> None:
    content = json.loads((CASES / "agency-split.json").read_text())
    content["expect"]["payouts"]["bank:A"] = "1.00"
    file = tmp_path / "case.json"
    file.write_text(json.dumps(content))
    result = app.test_cli_runner().invoke(group, ["settle", "--through", "database", str(file)])
    assert result.exit_code == 1
    assert json.loads(result.output)["differences"][0]["field"] == "payouts.bank:A"
