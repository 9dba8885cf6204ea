"""A batch as ISO 20022 has it: customer credit transfer initiation, pain.001.001.09."""

import re
from datetime import date, datetime
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from marketplace.money import decimal_text
from payments.bank.models import PaymentBatch, PaymentOrder
from payments.bank.service.batches import number_of_order

_NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
_IBAN = re.compile(r"[A-Z]{2}\d{2}[0-9A-Z]{11,30}")
_BIC = re.compile(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")

# The longest texts that the schema takes.
_NAME, _PURPOSE, _MEMBER = 140, 140, 35


def pain001(batch: PaymentBatch, field_key: str, *, made_at: datetime, execute_on: date) -> bytes:
    """The whole message; every order carries our code as end-to-end id and in the purpose line.

    A number that is an IBAN goes as such, any other as the account's own number; a bank's code that is no BIC
    goes as its number in CNAPS.
    """
    root = Element("Document", xmlns=_NAMESPACE)
    message = SubElement(root, "CstmrCdtTrfInitn")
    account = batch.bank_account
    total, count = decimal_text(batch.total_minor, batch.currency), str(batch.count)
    header = SubElement(message, "GrpHdr")
    _texts(header, MsgId=batch.number, CreDtTm=made_at.isoformat(timespec="seconds"))
    _texts(header, NbOfTxs=count, CtrlSum=total)
    _texts(SubElement(header, "InitgPty"), Nm=account.holder[:_NAME])
    payment = SubElement(message, "PmtInf")
    _texts(payment, PmtInfId=batch.number, PmtMtd="TRF", NbOfTxs=count, CtrlSum=total)
    _texts(SubElement(payment, "ReqdExctnDt"), Dt=execute_on.isoformat())
    _texts(SubElement(payment, "Dbtr"), Nm=account.holder[:_NAME])
    _account(SubElement(payment, "DbtrAcct"), account.number, account.currency)
    _bank(SubElement(payment, "DbtrAgt"), account.bank_code, account.bank)
    for order in batch.orders:
        _order(SubElement(payment, "CdtTrfTxInf"), order, number_of_order(order, field_key))
    indent(root)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def _order(parent: Element, order: PaymentOrder, number: str) -> None:
    code = order.reference.replace("-", "")
    _texts(SubElement(parent, "PmtId"), InstrId=code, EndToEndId=code)
    amount = SubElement(SubElement(parent, "Amt"), "InstdAmt", Ccy=order.currency)
    amount.text = decimal_text(order.amount_minor, order.currency)
    if order.bank or order.bank_code:
        _bank(SubElement(parent, "CdtrAgt"), order.bank_code, order.bank)
    _texts(SubElement(parent, "Cdtr"), Nm=order.holder[:_NAME])
    _account(SubElement(parent, "CdtrAcct"), number, "")
    _texts(SubElement(parent, "RmtInf"), Ustrd=order.reference[:_PURPOSE])


def _account(parent: Element, number: str, currency: str) -> None:
    identity = SubElement(parent, "Id")
    if _IBAN.fullmatch(number):
        _texts(identity, IBAN=number)
    else:
        _texts(SubElement(identity, "Othr"), Id=number)
    if currency:
        _texts(parent, Ccy=currency)


def _bank(parent: Element, code: str, name: str) -> None:
    institution = SubElement(parent, "FinInstnId")
    if _BIC.fullmatch(code):
        _texts(institution, BICFI=code)
    elif code:
        member = SubElement(institution, "ClrSysMmbId")
        _texts(SubElement(member, "ClrSysId"), Cd="CNAPS")
        _texts(member, MmbId=code[:_MEMBER])
    if name:
        _texts(institution, Nm=name[:_NAME])


def _texts(parent: Element, **texts: str) -> None:
    for name, text in texts.items():
        SubElement(parent, name).text = text
