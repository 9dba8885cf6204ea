"""One entry of camt.053 as lines: itself, or its transactions where the bank has booked several as one."""

import re
from collections.abc import Iterator
from datetime import date
from xml.etree.ElementTree import Element

from marketplace.errors import Refused
from payments.bank.rules.cells import LONGEST, read_amount, read_day
from payments.bank.rules.columns import Column, DateOrder
from payments.bank.rules.statements import StatementLine
from payments.bank.rules.words import Reason

# Bank transaction codes of the ISO list that mean the bank's own charges.
_FEE_FAMILIES = frozenset({"CHRG", "FEES", "COMM"})
_SIGNS = {"CRDT": 1, "DBIT": -1}

# The texts below an element by the path of local names; `path@Ccy` is the currency of an amount.
Texts = dict[str, list[str]]


def read_entry(entry: Element, currency: str, number: int) -> list[StatementLine]:
    """The lines of a booked entry.

    Transactions become lines of their own only where all of them say amounts that make the entry's.

    Raises:
        Refused: the field names the element that cannot be read.
    """
    details = [one for parent in entry if _local(parent) == "NtryDtls" for one in parent]
    transactions = [_texts(one) for one in details if _local(one) == "TxDtls"]
    texts = _texts(entry, leave_out="NtryDtls")
    sign = _SIGNS.get(_first(texts, "CdtDbtInd"))
    if sign is None:
        raise Refused(Reason.BAD_DIRECTION, "CdtDbtInd", value=_first(texts, "CdtDbtInd")[:20])
    whole = sign * _amount(texts, "Amt", currency)
    if not whole:
        raise Refused(Reason.NO_AMOUNT, "Amt")
    amounts = [_amount_of(one, currency, sign) for one in transactions]
    if len(transactions) > 1 and all(amounts) and sum(filter(None, amounts)) == whole:
        parts = enumerate(zip(transactions, amounts, strict=True), start=1)
        return [_line(texts, one, minor or 0, number, part) for part, (one, minor) in parts]
    return [_line(texts, transactions[0] if transactions else {}, whole, number, 0)]


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _texts(element: Element, leave_out: str = "") -> Texts:
    found: Texts = {}
    for path, one in _walk(element, "", leave_out):
        found.setdefault(path, []).append(" ".join((one.text or "").split()))
        if "Ccy" in one.attrib:
            found.setdefault(f"{path}@Ccy", []).append(one.attrib["Ccy"])
    return found


def _walk(element: Element, start: str, leave_out: str) -> Iterator[tuple[str, Element]]:
    for child in element:
        name = child.tag.rpartition("}")[2]
        if name == leave_out:
            continue
        path = f"{start}/{name}" if start else name
        if len(child):
            yield from _walk(child, path, leave_out)
        else:
            yield path, child


def _first(texts: Texts, path: str) -> str:
    return texts.get(path, [""])[0]


def _amount(texts: Texts, path: str, currency: str) -> int:
    if path not in texts:
        raise Refused(Reason.NO_AMOUNT, path)
    if _first(texts, f"{path}@Ccy") != currency:
        raise Refused(Reason.OTHER_CURRENCY, path, currency=currency)
    return read_amount(_first(texts, path), currency, path)


def _amount_of(details: Texts, currency: str, sign: int) -> int | None:
    """What one transaction moved, or None where it does not say so in the account's currency."""
    for path in ("Amt", "AmtDtls/TxAmt/Amt"):
        if path in details and _first(details, f"{path}@Ccy") == currency:
            own = _SIGNS.get(_first(details, "CdtDbtInd"), sign)
            return own * read_amount(_first(details, path), currency, path)
    return None


def _line(entry: Texts, details: Texts, minor: int, number: int, part: int) -> StatementLine:
    """`part` is the number of a transaction within its entry, 0 for an entry that is one line."""
    booked_on = _day(entry, "BookgDt")
    if booked_on is None:
        raise Refused(Reason.EMPTY_CELL, "BookgDt")
    other = "Dbtr" if minor > 0 else "Cdtr"
    return StatementLine(
        row=number,
        booked_on=booked_on,
        value_on=_day(entry, "ValDt"),
        minor=minor,
        bank_reference=_bank_reference(entry, details, part),
        end_to_end=_told(details, Column.END_TO_END, "Refs/EndToEndId"),
        counterparty=_told(
            details, Column.COUNTERPARTY, f"RltdPties/{other}/Nm", f"RltdPties/{other}/Pty/Nm"
        ),
        counterparty_number=_account(details, f"{other}Acct"),
        counterparty_bank=_bank(details, f"{other}Agt"),
        virtual_number=_account(details, "CdtrAcct") if minor > 0 else "",
        purpose=_purpose(entry, details),
        fee=minor < 0 and _is_fee(entry),
    )


def _bank_reference(entry: Texts, details: Texts, part: int) -> str:
    """The bank's number of the transaction; of the entry, with the part where it has several."""
    own = _told(details, Column.BANK_REFERENCE, "Refs/AcctSvcrRef")
    if own and part:
        return own
    whole = _told(entry, Column.BANK_REFERENCE, "AcctSvcrRef") or own
    return f"{whole}/{part}" if whole and part else whole


def _account(details: Texts, which: str) -> str:
    paths = (f"RltdPties/{which}/Id/IBAN", f"RltdPties/{which}/Id/Othr/Id")
    return re.sub(r"[\s-]", "", _told(details, Column.COUNTERPARTY_NUMBER, *paths)).upper()


def _bank(details: Texts, which: str) -> str:
    start = f"RltdAgts/{which}/FinInstnId"
    paths = (f"{start}/BICFI", f"{start}/BIC", f"{start}/ClrSysMmbId/MmbId", f"{start}/Nm")
    return _told(details, Column.COUNTERPARTY_BANK, *paths)


def _purpose(entry: Texts, details: Texts) -> str:
    told = [*details.get("RmtInf/Ustrd", []), *details.get("RmtInf/Strd/CdtrRefInf/Ref", [])]
    told += [_first(details, "AddtlTxInf"), _first(entry, "AddtlNtryInf")]
    text, most = " ".join(" ".join(told).split()), 2 * LONGEST[Column.PURPOSE]
    if len(text) > most:
        raise Refused(Reason.TEXT_TOO_LONG, "RmtInf", most=most)
    return text


def _is_fee(entry: Texts) -> bool:
    codes = {_first(entry, f"BkTxCd/Domn/Fmly/{name}") for name in ("Cd", "SubFmlyCd")}
    return bool(codes & _FEE_FAMILIES)


def _told(texts: Texts, column: Column, *paths: str) -> str:
    """The text at the first of these places that has one."""
    path, text = next(((path, text) for path in paths if (text := _first(texts, path))), ("", ""))
    if len(text) > LONGEST[column]:
        raise Refused(Reason.TEXT_TOO_LONG, path, most=LONGEST[column])
    return "" if text == "NOTPROVIDED" else text


def _day(entry: Texts, which: str) -> date | None:
    text = _first(entry, f"{which}/Dt") or _first(entry, f"{which}/DtTm")
    return read_day(text[:10], DateOrder.YEAR_FIRST, which) if text else None
