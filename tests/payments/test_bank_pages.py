"""The pages of the bank room: what an operator does there, and what nobody else sees."""

import io
import uuid

import pytest
from builders import a_person, an_institution, signed_in
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from marketplace.access import InstitutionKind, Role
from marketplace.clock import FixedClock
from marketplace.db import atomic
from payments import service as money
from payments.bank import working
from payments.bank.models import (
    BankLine,
    BankStatement,
    LineProposal,
    PayeeDetails,
    PaymentBatch,
)
from payments.models import Deposit, Payout
from payments.rules import DepositStatus

from .bank_cast import Desk
from .bank_scene import a_camt, a_csv, bring_in, holds, line_with, numbers
from .scene import DEPOSIT, close_auction, deposit_of, open_auction, receive, work

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def upload(page: FlaskClient, path: str, content: bytes, **more: str) -> TestResponse:
    data = {"file": (io.BytesIO(content), "statement.csv"), **more}
    return page.post(path, data=data, content_type="multipart/form-data")


def test_an_account_is_entered_and_seen(desk: Desk) -> None:
    olga = desk.browser(desk.scene.olga)
    entered = {
        "holder": "Escrow", "bank": "East", "bank_code": "102100099996", "number": "6225 8801 2345 6789",
        "currency": "CNY", "amount": "1,000.00",
    }  # fmt: skip
    assert olga.post("/money/bank", data=entered).status_code == 303
    assert olga.post("/money/bank", data=entered).status_code == 409
    assert olga.post("/money/bank", data=entered | {"number": "no"}).status_code == 422
    assert olga.post("/money/bank", data={}).status_code == 422
    page = olga.get("/money/bank").text
    assert "6225880123456789" in page
    assert "1,000.00 CNY" in page
    holds()


def test_money_confirmed_by_hand_stands_with_its_payer(desk: Desk) -> None:
    with atomic() as session:
        deposit = deposit_of(session, desk.registration)
        payer = deposit.institution.name
        money.confirm_receipt(
            session,
            desk.scene.olga,
            reference=deposit.reference,
            minor=DEPOSIT,
            currency=deposit.currency,
            bank_reference="ICBC-7",
        )
    page = desk.browser(desk.scene.olga).get("/money/bank").text
    by_hand = page.partition('data-label="Payer or payee"')[2] or page.partition("付款人或收款人")[2]
    assert payer in by_hand
    assert "ICBC-7" in by_hand


def test_what_goes_back_to_a_bidder_names_its_lot(desk: Desk, clock: FixedClock) -> None:
    with atomic() as session:
        deposit, title = deposit_of(session, desk.registration), desk.scene.lot.title
    receive(desk.scene, deposit, DEPOSIT)
    open_auction(desk.scene, clock)
    close_auction(desk.scene, clock)
    work()
    for reader, page in ((desk.carol, "/money"), (desk.scene.olga, "/money/desk")):
        assert f"back to the buyer · {title}" in desk.browser(reader).get(page).text


def test_a_statement_is_uploaded_worked_off_and_read(desk: Desk) -> None:
    olga, path = desk.browser(desk.scene.olga), f"/money/bank/accounts/{desk.account.id}"
    lines = [desk.paid(), desk.paid(5, purpose="who knows", name="?")]
    answer = upload(olga, f"{path}/statements", a_csv(lines, opening=0))
    assert answer.status_code == 303
    address = answer.headers["Location"]
    assert "hx-get" in olga.get(address).text
    while working.work_off():
        pass
    page = olga.get(address)
    assert "hx-get" not in page.text
    assert "Nothing here is known by it." in page.text
    assert "hx-get" not in olga.get(f"{address}/progress").text
    assert lines[0].name in olga.get(f"{address}?status=matched").text
    assert olga.get(f"{address}?status=nothing").status_code == 404
    assert upload(olga, f"{path}/statements", a_csv(lines, opening=0)).headers["Location"] == address
    later = a_camt([desk.paid(7)], opening=DEPOSIT + 105)
    assert upload(olga, f"{path}/statements", later).status_code == 303
    assert "Something is missing between" in olga.get(path).text
    reader = desk.browser(desk.carol)
    assert lines[0].reference in reader.get(f"/money/registrations/{desk.registration.id}/deposit").text


def test_a_wrong_file_says_where_it_is_wrong(desk: Desk) -> None:
    olga, path = desk.browser(desk.scene.olga), f"/money/bank/accounts/{desk.account.id}/statements"
    broken = a_csv([desk.paid(5), desk.paid(6)]).replace(b"2026-03-02", b"2026-02-30", 1)
    page = upload(olga, path, broken)
    assert page.status_code == 422
    assert "2026-02-30" in page.text
    assert "Nothing was imported" in page.text
    assert olga.post(path, data={}).status_code == 422
    assert upload(olga, path, b"<x/>").status_code == 422
    assert upload(olga, path, broken, partial="y").status_code == 303
    with atomic() as session:
        assert session.scalars(select(BankStatement.lines)).all() == [1]


def test_columns_are_mapped_once_for_an_account(desk: Desk) -> None:
    olga, path = desk.browser(desk.scene.olga), f"/money/bank/accounts/{desk.account.id}"
    table = b"Preamble\nTag;Summe;Wer;Zweck\n02.03.2026;1.234,56;Somebody;x\n"
    assert olga.get(f"{path}/mapping").status_code == 200
    page = upload(olga, f"{path}/mapping/preview", table)
    assert "Somebody" in page.text
    assert upload(olga, f"{path}/mapping/preview", b"%PDF").status_code == 422
    assert olga.post(f"{path}/mapping/preview", data={}).status_code == 422
    chosen = {
        "booked_on": "Tag", "amount": "Summe", "counterparty": "Wer", "purpose": "Zweck",
        "date_order": "day_first", "decimal_comma": "y",
    }  # fmt: skip
    assert olga.post(f"{path}/mapping", data=chosen | {"amount": ""}).status_code == 422
    assert olga.post(f"{path}/mapping", data=chosen).status_code == 303
    assert upload(olga, f"{path}/statements", table).status_code == 303
    while working.work_off():
        pass
    with atomic() as session:
        assert session.scalars(select(BankLine.amount_minor)).one() == 123456


def test_two_persons_assign_a_line_on_the_pages(desk: Desk) -> None:
    line = desk.paid(purpose="no word")
    bring_in(desk.scene, desk.account, a_camt([line]))
    olga, otto = desk.browser(desk.scene.olga), desk.browser(desk.scene.otto)
    path = f"/money/bank/lines/{line_with(line.reference).id}"
    assert desk.reference() in olga.get(path).text
    assert path in olga.get("/money/bank/lines").text
    proposed = {"kind": "buyer", "reference": desk.reference(), "reason": "They called"}
    assert olga.post(f"{path}/proposal", data={}).status_code == 422
    assert olga.post(f"{path}/proposal", data=proposed | {"reference": "x"}).status_code == 422
    assert olga.post(f"{path}/proposal", data=proposed).status_code == 303
    assert olga.post(f"{path}/proposal", data=proposed).status_code == 409
    with atomic() as session:
        proposal = session.scalars(select(LineProposal.id)).one()
    assert "They called" in otto.get(path).text
    answer = f"/money/bank/proposals/{proposal}"
    assert olga.post(answer, data={"agreed": "yes", "reason": "me"}).status_code == 403
    assert otto.post(answer, data={"agreed": "yes"}).status_code == 422
    assert otto.post(answer, data={"agreed": "yes", "reason": "ok"}).status_code == 303
    with atomic() as session:
        session.expire_all()
        assert session.scalars(select(Deposit.status)).one() is DepositStatus.HELD
    assert olga.post(f"{path}/undoing", data={"reason": "wrong one"}).status_code == 303
    assert "wrong one" in otto.get("/money/bank/lines").text
    assert otto.post(f"/money/bank/proposals/{uuid.uuid4()}", data={}).status_code == 404


def test_a_bidder_reads_a_number_of_its_own(desk: Desk) -> None:
    olga, carol = desk.browser(desk.scene.olga), desk.browser(desk.carol)
    path = f"/money/bank/accounts/{desk.account.id}/numbers"
    assert olga.post(path, data={"numbers": "88001\n88002,88003"}).status_code == 303
    assert olga.post(path, data={"numbers": "账"}).status_code == 422
    assert olga.post(path, data={}).status_code == 422
    numbers(desk.scene, desk.account, "88001")
    deposit = f"/money/registrations/{desk.registration.id}/deposit"
    carol.post(deposit, data={"method": "bank_transfer"})
    page = carol.get(deposit).text
    assert "8800" in page
    assert "yours alone" in page


def test_payouts_go_to_the_bank_in_a_file(desk: Desk, clock: FixedClock) -> None:
    bring_in(desk.scene, desk.account, a_camt([desk.paid()]))
    open_auction(desk.scene, clock)
    close_auction(desk.scene, clock)
    work()
    with atomic() as session:
        payout = session.scalars(select(Payout.id)).one()
    with atomic() as session:
        money.prepare_payout(session, desk.scene.olga, payout, "x")
    with atomic() as session:
        money.approve_payout(session, desk.scene.otto, payout, "y")
    olga, path = desk.browser(desk.scene.olga), f"/money/bank/accounts/{desk.account.id}/payments"
    assert str(payout) in olga.get(path).text
    assert olga.post(path, data={"payouts": "x"}).status_code == 422
    assert olga.post(path, data={}).status_code == 422
    answer = olga.post(path, data={"payouts": str(payout)})
    address = answer.headers["Location"]
    assert olga.get(address).status_code == 200
    xml = olga.post(f"{address}/xml")
    assert xml.data.startswith(b"<?xml")
    assert "attachment" in xml.headers["Content-Disposition"]
    assert olga.post(f"{address}/csv").status_code == 200
    assert olga.post(f"{address}/xlsx").data.startswith(b"PK")
    with atomic() as session:
        session.expire_all()
        assert session.scalars(select(PaymentBatch.exports)).one() == 3
    columns = f"/money/bank/accounts/{desk.account.id}/columns"
    assert olga.post(columns, data={"columns": "x"}).status_code == 422
    assert olga.post(columns, data={}).status_code == 422
    assert (
        olga.post(columns, data={"columns": "a=number\nb=holder\nc=amount\nd=reference"}).status_code == 303
    )
    assert b"a,b,c,d" in olga.post(f"{address}/csv").data
    assert olga.post(f"{address}/cancel", data={}).status_code == 422
    assert olga.post(f"{address}/cancel", data={"reason": "bank said no"}).status_code == 303
    assert "bank said no" in olga.get(address).text
    assert olga.post(f"{address}/xml").status_code == 409
    assert olga.post(f"{address}/cancel", data={"reason": "again"}).status_code == 409


def test_bank_details_on_the_pages(desk: Desk) -> None:
    alice, otto, olga = (desk.browser(one) for one in (desk.scene.bank, desk.scene.otto, desk.scene.olga))
    entered = {
        "holder": "Alice",
        "bank": "Own",
        "bank_code": "ABCDEFGH",
        "number": "622288889999",
        "reason": "x",
    }
    assert alice.post("/money/bank-details", data={}).status_code == 422
    assert alice.post("/money/bank-details", data=entered | {"number": "1"}).status_code == 422
    assert alice.post("/money/bank-details", data=entered).status_code == 303
    assert alice.post("/money/bank-details", data=entered).status_code == 409
    with atomic() as session:
        details = session.scalars(select(PayeeDetails.id)).one()
    page = alice.get("/money/bank-details").text
    assert "****9999" in page
    assert "622288889999" not in page
    answer = {"agreed": "yes", "reason": "called them"}
    assert alice.post(f"/money/bank-details/{details}", data=answer).status_code == 403
    assert desk.browser(desk.carol).post(f"/money/bank-details/{details}", data=answer).status_code == 404
    assert otto.post(f"/money/bank-details/{details}", data={}).status_code == 422
    assert "****9999" in otto.get("/money/bank/payees").text
    assert otto.post(f"/money/bank-details/{details}", data=answer).status_code == 303
    assert "In force since" in alice.get("/money/bank-details").text
    outside = entered | {"party": "Appraiser Ltd"}
    assert olga.post("/money/bank/payees", data={}).status_code == 422
    assert olga.post("/money/bank/payees", data=outside).status_code == 303
    assert olga.post("/money/bank/payees", data=outside).status_code == 409


def test_nobody_else_sees_the_bank(desk: Desk) -> None:
    line = desk.paid()
    statement = bring_in(desk.scene, desk.account, a_camt([line]))
    with atomic() as session:
        stranger = a_person(
            session, an_institution(session, InstitutionKind.BUYER), "Mallory", frozenset(Role)
        )
    mallory = signed_in(desk.app.test_client(), stranger)
    for path in (
        "/money/bank",
        f"/money/bank/accounts/{desk.account.id}",
        f"/money/bank/statements/{statement.id}",
        f"/money/bank/lines/{line_with(line.reference).id}",
        "/money/bank/lines",
        "/money/bank/payees",
    ):
        assert mallory.get(path).status_code == 403
    olga = desk.browser(desk.scene.olga)
    for path in ("accounts", "statements", "lines", "batches"):
        assert olga.get(f"/money/bank/{path}/{uuid.uuid4()}").status_code == 404
