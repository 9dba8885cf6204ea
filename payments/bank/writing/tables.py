"""A batch as a table for a bank's enterprise system: CSV or XLSX, every cell text, no cell a formula."""

import csv
import io

import openpyxl

from marketplace.money import decimal_text
from marketplace.spreadsheets import harmless
from payments.bank.models import PaymentBatch, PaymentOrder
from payments.bank.rules.orders import USUAL, OrderField
from payments.bank.service.batches import number_of_order


def rows(batch: PaymentBatch, field_key: str) -> list[list[str]]:
    """The headings and a row per order, in the account's columns."""
    saved = [(heading, OrderField(name)) for heading, name in batch.bank_account.order_columns]
    columns = saved or list(USUAL)
    values = [_values(order, batch, field_key) for order in batch.orders]
    return [[heading for heading, _ in columns], *([one[name] for _, name in columns] for one in values)]


def as_csv(batch: PaymentBatch, field_key: str) -> bytes:
    """UTF-8 with a byte order mark, which spreadsheets need to read Chinese."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([harmless(cell) for cell in row] for row in rows(batch, field_key))
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(batch: PaymentBatch, field_key: str) -> bytes:
    """Numbers of accounts are text, so that no figure of them is rounded away."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(batch.number)
    for row in rows(batch, field_key):
        sheet.append([harmless(cell) for cell in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _values(order: PaymentOrder, batch: PaymentBatch, field_key: str) -> dict[OrderField, str]:
    return {
        OrderField.POSITION: str(order.position),
        OrderField.NUMBER: number_of_order(order, field_key),
        OrderField.HOLDER: order.holder,
        OrderField.BANK: order.bank,
        OrderField.BANK_CODE: order.bank_code,
        OrderField.AMOUNT: decimal_text(order.amount_minor, order.currency),
        OrderField.CURRENCY: order.currency,
        OrderField.REFERENCE: order.reference,
        OrderField.PURPOSE: order.reference,
        OrderField.PAYER_NUMBER: batch.bank_account.number,
        OrderField.EMPTY: "",
    }
