"""Batches: files and everything of one's own, row by row; kills, races, revaluations and what is told."""

import csv
import io
from datetime import date

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.clock import FixedClock
from marketplace.db import atomic, db
from marketplace.errors import NotFound, Refused
from marketplace.notices.models import Notice
from marketplace.notices.rules import NoticeKind
from marketplace.outbox import Mail
from transactions.valuations import invariants, reading, working
from transactions.valuations.models import RevaluationAlert, Valuation, ValuationBatch, ValuationRow
from transactions.valuations.rules.watching import Thresholds
from transactions.valuations.rules.words import (
    AlertKind,
    Basis,
    BatchStatus,
    Frequency,
    RowStatus,
    Scope,
    ValuationReason,
)
from transactions.valuations.service import batches, revaluing, taking

from .valuing_cast import a_bank, a_lot_of, a_model, browser_of, keep_model, sales

ON = date(2026, 3, 2)
FILE = """编号,类型,数量,分类号,申请日,币种,担保债权,价值类型,名称
A-1,发明,1,H02K17/02,2018-05-04,CNY,"150,000.00",有序清算,Pump
A-2,实用新型,2,H02K17/02,2019/5/4,人民币,90000,,=1+1
A-3,boat,1,,,,,,
A-1,发明,1,,,,,,again
A-5,发明,x,,,,,,
A-6,发明,1,,2003-01-01,,,,
,发明,1,,,,,,
A-8,invention,1,,,CNY,1e5,,
"""


def broken() -> list[str]:
    return [problem for _, question in invariants.CHECKS for problem in question(db.session())]


def count(session: Session, table: type) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_each_row_is_read_or_names_its_fault() -> None:
    rows = reading.read_file(FILE.encode(), on=ON)
    faults = {row.number: (row.refused.field, row.refused.reason) for row in rows if row.refused}
    assert faults == {
        4: ("asset_type", ValuationReason.NOT_A_CHOICE),
        5: ("reference", ValuationReason.REPEATED),
        6: ("number_of_rights", ValuationReason.NOT_A_NUMBER),
        7: ("filed_on", ValuationReason.EXPIRED),
        8: ("reference", ValuationReason.EMPTY),
        9: ("claim", ValuationReason.NOT_AN_AMOUNT),
    }
    asked = reading.asked_of(rows[0].cells, ON)
    assert (asked.claim_minor, asked.basis) == (15_000_000, Basis.ORDERLY_LIQUIDATION)
    assert (asked.subject.remaining_life_months, asked.subject.technology_field) == (146, 1)
    assert reading.asked_of(rows[1].cells, ON).subject.remaining_life_months == 38


@pytest.mark.parametrize(
    ("content", "reason", "field"),
    [
        ("reference,asset_type,colour\n1,patent,red\n", ValuationReason.COLUMN_UNKNOWN, "colour"),
        ("reference,编号,asset_type\n1,1,patent\n", ValuationReason.COLUMN_REPEATED, "编号"),
        ("reference\n1\n", ValuationReason.COLUMN_MISSING, "asset_type"),
    ],
)
def test_a_heading_that_is_not_understood_stops_the_file(content: str, reason: str, field: str) -> None:
    with pytest.raises(Refused) as refused:
        reading.read_file(content.encode(), on=ON)
    assert (refused.value.reason, refused.value.field) == (reason, field)


@pytest.mark.parametrize(
    ("cells", "field"),
    [
        ({"forward_citations": "9999999"}, "forward_citations"),
        ({"filed_on": "2018-13-40"}, "filed_on"),
        ({"filed_on": "soon"}, "filed_on"),
        ({"expires_on": "9999-01-01"}, "expires_on"),
        ({"currency": "XYZ"}, "currency"),
        ({"technology_field": "36"}, "technology_field"),
        ({"reference": "x" * 81}, "reference"),
    ],
)
def test_a_cell_out_of_its_limits_is_named(cells: dict[str, str], field: str) -> None:
    with pytest.raises(Refused) as refused:
        reading.asked_of({"reference": "1", "asset_type": "invention"} | cells, ON)
    assert refused.value.field == field


def test_a_file_is_valued_row_by_row_and_survives_a_kill(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    _bank, alice, actor = a_bank()
    sales(8)
    with atomic() as writing:
        batch = taking.take_file(writing, actor, "things.csv", FILE.encode())
    with atomic() as writing:
        assert taking.take_file(writing, actor, "things.csv", FILE.encode()).id == batch.id
    working.step(batch.id, count=1)

    def kill(*_arguments: object, **_values: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as killing:
        killing.setattr(revaluing, "watch", kill)
        with pytest.raises(KeyboardInterrupt):
            working.step(batch.id, count=1)
    session.rollback()
    assert count(session, Valuation) == 1
    while working.work_off():
        pass
    done = session.get_one(ValuationBatch, batch.id, populate_existing=True)
    assert (done.status, done.rows, done.valued, done.refused) == (BatchStatus.DONE, 8, 2, 6)
    assert working.step(batch.id) is False
    assert count(session, Valuation) == 2
    assert broken() == []
    browser = browser_of(app, alice)
    page = browser.get(f"/valuations/batches/{batch.id}").text
    assert "Row 2 has this reference already." in page
    assert "8 / 8" in page
    assert browser.get(f"/valuations/batches/{batch.id}/progress").headers["HX-Refresh"] == "true"
    text = browser.get(f"/valuations/batches/{batch.id}/results.csv").text.removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["status"] for row in rows] == ["valued", "valued", *["refused"] * 6]
    assert rows[1]["title"] == "'=1+1"
    assert float(rows[0]["loan_to_value_percent"]) > 0
    book = openpyxl.load_workbook(
        io.BytesIO(browser.get(f"/valuations/batches/{batch.id}/results.xlsx").data)
    )
    sheet = book.worksheets[0]
    assert sheet.max_row == 9
    assert sheet["C3"].value == "=1+1"
    assert sheet["C3"].data_type == "s"
    _other, mallory, _ = a_bank()
    foreign = browser_of(app, mallory)
    for path in ("", "/progress", "/results.csv", "/results.xlsx"):
        assert foreign.get(f"/valuations/batches/{batch.id}{path}").status_code == 404


def test_a_batch_looks_at_the_log_as_it_was_taken_in(session: Session) -> None:
    _bank, _alice, actor = a_bank()
    sales(8)
    with atomic() as writing:
        batch = taking.take_file(writing, actor, "things.csv", FILE.encode())
    sales(6, title="later", price_minor=900_000_00, sold_on=date(2026, 1, 5))
    keep_model(a_model())
    working.finish(batch.id)
    assert {one.tree_size for one in session.scalars(select(Valuation))} == {8}
    assert {one.model_version for one in session.scalars(select(Valuation))} == {""}


def test_two_workers_value_no_row_twice(session: Session) -> None:
    _bank, _alice, actor = a_bank()
    sales(6)
    with atomic() as writing:
        batch = taking.take_file(writing, actor, "things.csv", FILE.encode())
    prepared = batches.prepare(session, session.get_one(ValuationBatch, batch.id), 5)
    working.finish(batch.id)
    with atomic() as writing:
        again = batches.write(writing, writing.get_one(ValuationBatch, batch.id), prepared)
    assert again == []
    assert count(session, Valuation) == 2
    assert broken() == []


def test_everything_of_ones_own(app: Flask, session: Session) -> None:
    bank, alice, _actor = a_bank()
    sales(6)
    a_lot_of(bank, claim_minor=5_000_000)
    a_lot_of(bank)
    browser = browser_of(app, alice)
    assert browser.get("/valuations/batches").status_code == 200
    for scope, rows in (("lots", 2), ("rights", 2)):
        answer = browser.post("/valuations/batches/own", data={"scope": scope})
        assert answer.status_code == 303, answer.text
        while working.work_off():
            pass
        assert f"{rows} / {rows}" in browser.get(answer.headers["Location"]).text
    assert session.scalar(select(func.count()).where(ValuationRow.status == RowStatus.VALUED)) == 4
    uploaded = browser.post("/valuations/batches", data={"file": (io.BytesIO(b"reference\n1\n"), "x.csv")})
    assert uploaded.status_code == 422
    assert "The column asset_type is missing." in uploaded.text
    good = browser.post("/valuations/batches", data={"file": (io.BytesIO(FILE.encode()), "x.csv")})
    assert good.status_code == 303
    _other, empty_handed, _ = a_bank()
    nothing = browser_of(app, empty_handed).post("/valuations/batches/own", data={"scope": "lots"})
    assert (nothing.status_code, "nothing to value" in nothing.text) == (422, True)


@pytest.mark.usefixtures("app")
def test_only_so_many_run_at_once() -> None:
    _bank, _alice, actor = a_bank()
    for number in range(taking.RUNNING_MOST):
        with atomic() as session:
            taking.take_file(session, actor, "x", f"reference,asset_type\n{number},patent\n".encode())
    with pytest.raises(Refused) as refused, atomic() as session:
        taking.take_file(session, actor, "x", b"reference,asset_type\n9,patent\n")
    assert refused.value.reason is ValuationReason.TOO_MANY_RUNNING


def work() -> None:
    with atomic() as session:
        while revaluing.begin_due(session):
            pass
    while working.work_off():
        pass


def test_collateral_is_valued_again_and_the_bank_is_told(
    app: Flask, session: Session, clock: FixedClock
) -> None:
    bank, alice, _actor = a_bank()
    sales(8)
    lot = a_lot_of(bank, claim_minor=9_000_000)
    browser = browser_of(app, alice)
    form = {
        "name": "All lots", "scope": "lots", "frequency": "monthly", "first_on": "2026-03-02",
        "fall": "20", "limit": "80", "life_months": "36",
    }  # fmt: skip
    assert browser.get("/valuations/schedules").status_code == 200
    assert browser.post("/valuations/schedules", data=form | {"limit": "0"}).status_code == 422
    answer = browser.post("/valuations/schedules", data=form)
    assert answer.status_code == 303, answer.text
    address = answer.headers["Location"]
    work()
    first = session.scalars(select(Valuation)).one()
    assert (first.lot_id, first.claim_minor, first.made_by_id) == (lot.id, 9_000_000, None)
    told = {alert.kind for alert in session.scalars(select(RevaluationAlert))}
    assert told <= {AlertKind.OVER_LIMIT, AlertKind.UNDER_CLAIM}
    work()
    assert count(session, Valuation) == 1
    clock.advance(days=40)
    sales(12, title="cheap", price_minor=20_000_00, sold_on=date(2026, 4, 1))
    work()
    before, after = session.scalars(select(Valuation).order_by(Valuation.made_at)).all()
    assert (before.value_minor or 0) * 8 > (after.value_minor or 0) * 10
    fell = session.scalars(select(RevaluationAlert).where(RevaluationAlert.kind == AlertKind.FELL)).one()
    assert (fell.valuation_id, fell.previous_id) == (after.id, before.id)
    assert fell.figure >= 2_000
    notice = session.scalars(select(Notice).where(Notice.kind == NoticeKind.COLLATERAL_FELL)).one()
    assert (notice.institution_id, notice.subject_url) == (bank.id, f"/valuations/{after.id}")
    mails = session.scalars(select(Mail).where(Mail.recipient == alice.email)).all()
    assert any(address in mail.body for mail in mails)
    browser = browser_of(app, alice)
    page = browser.get(address).text
    assert "The value fell" in page
    assert "<svg" in page
    assert "2026-05-02" in page
    assert "The value fell" in browser.get("/valuations").text
    assert "−" in browser.get(f"/valuations/{after.id}/series").text
    changed = browser.post(address, data={"fall": "30", "limit": "90", "life_months": "12"})
    assert changed.status_code == 303
    clock.advance(days=60)
    work()
    assert count(session, Valuation) == 2
    assert broken() == []


def test_a_foreign_schedule_is_not_known(app: Flask) -> None:
    _bank, _alice, actor = a_bank()
    with atomic() as session:
        row = revaluing.set_up(
            session, actor, name="Ours", scope=Scope.LOTS, frequency=Frequency.QUARTERLY, first_on=ON,
            thresholds=Thresholds(),
        )  # fmt: skip
    _other, mallory, foreign = a_bank()
    assert browser_of(app, mallory).get(f"/valuations/schedules/{row.id}").status_code == 404
    with pytest.raises(NotFound), atomic() as session:
        revaluing.change(session, foreign, row.id, Thresholds(), active=False)
