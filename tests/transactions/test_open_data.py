"""Open data and counts of outcomes, against both databases."""

import json
from datetime import date
from pathlib import Path

from flask import Flask
from sqlalchemy.orm import Session

from marketplace.db import atomic
from transactions import service as recording
from transactions.disclosure import opendata
from transactions.disclosure.service import releasing
from transactions.disclosure.statistics import tables
from transactions.rules.words import ConsentTier, SaleOutcome

from .disclosure_market import PARENTS, record, sales


def test_open_data_is_the_public_tier_and_every_line_can_be_checked(
    app: Flask, session: Session, tmp_path: Path
) -> None:
    with atomic() as writing:
        made = record(
            writing, [one for tier in ConsentTier for one in sales(tier, months=1, field=len(tier))]
        )
        recording.correct(writing, made[0].id, reason="typing error", price_minor=999_999)
    file = tmp_path / "sales.jsonl"
    run = app.test_cli_runner().invoke
    assert run(args=["disclosure", "open-data", str(file)]).exit_code == 0
    lines = [json.loads(text) for text in file.read_text().splitlines()]
    assert len(lines) == 4
    assert {line["record"]["consent_tier"] for line in lines} == {"public"}
    assert "seller_parent" not in lines[0]["record"]
    assert not any(parent in file.read_text() for parent in PARENTS)
    about = json.loads((tmp_path / "sales.jsonl.description.json").read_text())
    assert set(about["fields"]) == set(lines[0]["record"])
    assert about["checkpoint"]["tree_size"] == 13
    assert run(args=["disclosure", "verify-open-data", str(file)]).exit_code == 0
    lines[2]["record"]["price_minor"] = 1
    file.write_text("\n".join(json.dumps(line) for line in lines))
    assert run(args=["disclosure", "verify-open-data", str(file)]).exit_code == 1
    file.write_text("no json")
    assert run(args=["disclosure", "verify-open-data", str(file)]).exit_code == 2
    table = opendata.csv_of(opendata.lines(session, date(2026, 11, 22), after=0, limit=2))
    assert len(table.splitlines()) == 3
    assert run(args=["disclosure", "table", "all"]).exit_code == 1
    assert run(args=["disclosure", "release"]).exit_code == 0
    assert run(args=["disclosure", "release"]).exit_code == 1
    assert run(args=["disclosure", "table", "all"]).exit_code == 0


def test_outcomes_are_all_counted(app: Flask, session: Session) -> None:
    with atomic() as writing:
        record(writing, sales(ConsentTier.PUBLIC))
        releasing.release(writing)
    (cell,) = tables(session, "all").counts  # type: ignore[union-attr]
    assert cell.offered == sum(getattr(cell, outcome.value) for outcome in SaleOutcome) == 60
    assert cell.sale_rate == 75
    assert not cell.coarse
