"""Money out by payment files: to whom, in which form, once, and paid when the statement says so."""

import io
import uuid
from datetime import UTC, date, datetime
from xml.etree.ElementTree import Element

import openpyxl
import pytest
from defusedxml import ElementTree
from sqlalchemy import select

from marketplace.db import atomic
from marketplace.errors import Conflict, NotAllowed, NotFound, Refused
from marketplace.money import parse_minor
from payments.bank import service
from payments.bank.models import PaymentBatch, PaymentOrder
from payments.bank.rules.orders import OrderField
from payments.bank.rules.words import Doubt, Found, LineStatus, MatchKind, OrderStatus, Reason
from payments.bank.writing import tables
from payments.bank.writing.pain001 import pain001
from payments.models import Payout
from payments.rules import PayoutStatus

from .bank_cast import Owing, batch_of, paid_line, release
from .bank_scene import (
    FIELD_KEY,
    Booked,
    a_camt,
    bring_in,
    holds,
    match_of,
    settle_line,
    state_of,
    unique,
)
from .scene import DEPOSIT, work

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def test_case_31_a_losers_deposit_goes_back_to_the_accounts_it_came_from(owing: Owing) -> None:
    """A loser's deposit went to whichever account was asked for elsewhere."""
    batch = batch_of(owing)
    tails = {order.number_tail: order.amount_minor for order in batch.orders}
    assert tails == {"2111": DEPOSIT - 300, "2999": 300}
    assert (batch.count, batch.total_minor) == (2, DEPOSIT)
    assert all("6222" not in order.number for order in batch.orders)


def test_a_payout_is_paid_when_its_last_line_appears(owing: Owing) -> None:
    batch = batch_of(owing)
    first, second = batch.orders
    bring_in(owing.scene, owing.account, a_camt([paid_line(first)], opening=DEPOSIT))
    assert owing.fresh().status is PayoutStatus.APPROVED
    line = paid_line(second)
    bring_in(owing.scene, owing.account, a_camt([line], opening=300))
    paid = owing.fresh()
    assert (paid.status, paid.bank_reference) == (PayoutStatus.PAID, line.reference)
    found = match_of(line.reference)
    assert (found.kind, found.found) == (MatchKind.PAYOUT, Found.ORDER)
    with pytest.raises(Refused) as refused, atomic() as session:
        service.cancel_batch(session, owing.scene.olga, batch.id, "too late")
    assert refused.value.reason is Reason.BATCH_STARTED
    work()


@pytest.mark.parametrize("changed", ["amount", "carried_out_before"])
def test_a_line_that_is_not_the_order_waits_for_a_person(owing: Owing, changed: str) -> None:
    order = min(batch_of(owing).orders, key=lambda one: one.amount_minor)
    wrong = paid_line(order, minor=-299)
    if changed == "carried_out_before":
        bring_in(owing.scene, owing.account, a_camt([paid_line(order)], opening=DEPOSIT))
        wrong = paid_line(order)
    bring_in(owing.scene, owing.account, a_camt([wrong], opening=DEPOSIT))
    doubts = {"amount": Doubt.PAYOUT_DIFFERS, "carried_out_before": Doubt.UNKNOWN}
    state = state_of(wrong.reference)
    assert (state.status, state.doubt) == (LineStatus.UNASSIGNED, doubts[changed])


def test_a_payout_is_in_one_file_until_that_is_cancelled(owing: Owing) -> None:
    batch = batch_of(owing)
    with pytest.raises(Conflict) as refused:
        batch_of(owing)
    assert refused.value.reason is Reason.IN_A_BATCH
    with atomic() as session:
        service.cancel_batch(session, owing.scene.olga, batch.id, "The bank refused the file")
    holds()
    with pytest.raises(Conflict), atomic() as session:
        service.note_export(session, owing.scene.olga, batch.id, "xml")
    again = batch_of(owing)
    assert {order.reference for order in again.orders}.isdisjoint({order.reference for order in batch.orders})
    with atomic() as session:
        statuses = session.scalars(select(PaymentOrder.status).where(PaymentOrder.batch_id == batch.id)).all()
        assert set(statuses) == {OrderStatus.WITHDRAWN}


def test_only_what_two_persons_released_goes_into_a_file(owing: Owing) -> None:
    with atomic() as session:
        row = session.get_one(Payout, owing.payout.id)
        row.status = PayoutStatus.PREPARED
    for ids in ([owing.payout.id], []):
        with pytest.raises(Refused), atomic() as session:
            service.make_batch(session, owing.scene.olga, owing.account.id, ids, FIELD_KEY)
    with pytest.raises(NotFound), atomic() as session:
        service.make_batch(session, owing.scene.olga, uuid.uuid4(), [owing.payout.id], FIELD_KEY)
    with pytest.raises(NotAllowed), atomic() as session:
        service.make_batch(session, owing.carol, owing.account.id, [owing.payout.id], FIELD_KEY)


def test_unknown_money_goes_back_by_a_file_too(owing: Owing) -> None:
    stray = Booked(777, name="A Stranger", reference=unique(), number="6222333", purpose="?")
    bring_in(owing.scene, owing.account, a_camt([stray], opening=DEPOSIT))
    settle_line(owing.scene, stray.reference, MatchKind.RETURN)
    with atomic() as session:
        payout = session.scalars(select(Payout).where(Payout.lot_id.is_(None))).one()
    release(owing.scene, payout)
    (order,) = batch_of(owing, payout).orders
    assert (order.holder, order.number_tail, order.amount_minor) == ("A Stranger", "2333", 777)
    bring_in(owing.scene, owing.account, a_camt([paid_line(order)], opening=DEPOSIT + 777))
    with atomic() as session:
        session.expire_all()
        assert session.get_one(Payout, payout.id).status is PayoutStatus.PAID


def test_the_files_say_what_the_batch_is(owing: Owing) -> None:
    made = batch_of(owing)
    with atomic() as session:
        batch = session.get_one(PaymentBatch, made.id)
        message = pain001(
            batch, FIELD_KEY, made_at=datetime(2026, 3, 2, 2, tzinfo=UTC), execute_on=date(2026, 3, 2)
        )
        rows = tables.rows(batch, FIELD_KEY)
        book = openpyxl.load_workbook(io.BytesIO(tables.as_xlsx(batch, FIELD_KEY)))
        text = tables.as_csv(batch, FIELD_KEY).decode("utf-8-sig")
        batch_total = batch.total_minor
    root = ElementTree.fromstring(message)
    said = found(root, "GrpHdr/NbOfTxs")[0].text, found(root, "GrpHdr/CtrlSum")[0].text
    assert said == ("2", "10000.00")
    amounts = [parse_minor(one.text or "", "CNY") for one in found(root, "PmtInf/CdtTrfTxInf/Amt/InstdAmt")]
    assert sum(amounts) == batch_total
    numbers = {one.text for one in found(root, "PmtInf/CdtTrfTxInf/CdtrAcct/Id/Othr/Id")}
    assert numbers == {"6222111", "6222999"}
    assert [row[2] for row in rows[1:]] == [row[2].value for row in list(book.active.iter_rows())[1:]]  # type: ignore[union-attr]
    assert "收款账号" in text
    assert "6222111" in text


def found(root: Element, path: str) -> list[Element]:
    return root.findall("./{*}CstmrCdtTrfInitn/" + "/".join(f"{{*}}{step}" for step in path.split("/")))


def test_a_table_has_the_columns_that_the_bank_wants(owing: Owing) -> None:
    fields = (OrderField.NUMBER, OrderField.HOLDER, OrderField.AMOUNT, OrderField.REFERENCE)
    chosen = list(zip("ABCD", fields, strict=True))
    with atomic() as session:
        service.save_order_columns(session, owing.scene.olga, owing.account.id, chosen)
    batch = batch_of(owing)
    with atomic() as session:
        rows = tables.rows(session.get_one(PaymentBatch, batch.id), FIELD_KEY)
    assert rows[0] == ["A", "B", "C", "D"]
    assert rows[1][0] == "6222999"
