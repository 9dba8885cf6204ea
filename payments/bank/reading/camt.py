"""Statements as ISO 20022 has them: camt.053, all versions from .02 on, read as a stream without entities.

Only the elements that a line needs are read, by their local names, which all versions share; where a later
version put one deeper (`Sts/Cd`, `Dbtr/Pty`), both places are looked at.
"""

import io
import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from marketplace.errors import Refused
from payments.bank.reading.entries import read_entry
from payments.bank.rules.cells import read_amount
from payments.bank.rules.statements import RefusedLine, Statement
from payments.bank.rules.words import FileFormat, Reason

_MESSAGE = re.compile(r"\{urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.\d{2}\}(\w+)")
_OPENING = ("OPBD", "PRCD")
_CLOSING = ("CLBD",)

# Deeper than any message of the family; a file that nests on and on is not one.
_DEEPEST = 40


def read(content: bytes, currency: str, *, most_lines: int) -> Statement:
    """The booked entries of the one account in the file.

    Raises:
        Refused: it is not well-formed camt.053, declares a document type, has too many entries, or speaks of
            several accounts.
    """
    statement = Statement(FileFormat.CAMT053)
    count = 0
    for element in _elements(content):
        match _name(element):
            case "Ntry":
                count += 1
                if count > most_lines:
                    raise Refused(Reason.TOO_MANY_LINES, "file", most=most_lines)
                _take_entry(statement, element, currency, count)
                element.clear()
            case "Bal":
                _take_balance(statement, element, currency)
            case "Acct":
                _take_account(statement, element)
            case "Stmt":
                statement.number = statement.number or (element.findtext("{*}Id") or "")[:60]
    return statement


def _elements(content: bytes) -> Iterator[Element]:
    """The elements directly below `Stmt`, and `Stmt` itself, each when it is complete."""
    depth = 0
    try:
        for event, element in ElementTree.iterparse(
            io.BytesIO(content), events=("start", "end"), forbid_dtd=True
        ):
            if event == "start":
                depth += 1
                if depth == 1:
                    _check_message(element)
                if depth > _DEEPEST:
                    raise Refused(Reason.FILE_UNREADABLE, "file", why="depth")
                continue
            depth -= 1
            if depth in {2, 3}:
                yield element
    except DefusedXmlException as error:
        raise Refused(Reason.XML_FORBIDDEN, "file") from error
    except (ParseError, LookupError, UnicodeError, ValueError) as error:
        raise Refused(Reason.FILE_UNREADABLE, "file", why=type(error).__name__) from error


def _check_message(root: Element) -> None:
    if _MESSAGE.fullmatch(root.tag) is None:
        raise Refused(Reason.NOT_CAMT, "file")


def _name(element: Element) -> str:
    match = _MESSAGE.fullmatch(element.tag)
    return match[1] if match else ""


def _take_entry(statement: Statement, element: Element, currency: str, number: int) -> None:
    status = element.findtext("{*}Sts/{*}Cd") or (element.findtext("{*}Sts") or "").strip() or "BOOK"
    if status.strip() != "BOOK":
        statement.not_booked += 1
        return
    try:
        statement.lines.extend(read_entry(element, currency, number))
    except Refused as why:
        statement.refused.append(RefusedLine(number, f"Ntry/{why.field}", why))


def _take_balance(statement: Statement, element: Element, currency: str) -> None:
    """The first opening balance and the last closing balance; an interim one counts for neither."""
    kind = element.findtext("{*}Tp/{*}CdOrPrtry/{*}Cd") or ""
    if kind not in {*_OPENING, *_CLOSING}:
        return
    amount = element.find("{*}Amt")
    if amount is None or amount.get("Ccy") != currency:
        raise Refused(Reason.OTHER_CURRENCY, "Bal/Amt", currency=currency)
    sign = -1 if element.findtext("{*}CdtDbtInd") == "DBIT" else 1
    minor = sign * read_amount((amount.text or "").strip(), currency, "Bal/Amt")
    if kind in _CLOSING:
        statement.closing = minor
    elif statement.opening is None:
        statement.opening = minor


def _take_account(statement: Statement, element: Element) -> None:
    number = element.findtext("{*}Id/{*}IBAN") or element.findtext("{*}Id/{*}Othr/{*}Id") or ""
    number = re.sub(r"[\s-]", "", number).upper()
    if statement.account_number and statement.account_number != number:
        raise Refused(Reason.SEVERAL_ACCOUNTS, "file", first=statement.account_number, other=number)
    statement.account_number = number
    statement.currency = (element.findtext("{*}Ccy") or "").strip()
