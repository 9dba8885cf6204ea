"""From the bytes of a statement file to its lines: camt.053, CSV or XLSX, told by what is in it."""

from marketplace.errors import Refused
from payments.bank.reading import camt, tables
from payments.bank.rules.columns import ColumnMapping
from payments.bank.rules.statements import Statement, check_balance, refuse_repeated
from payments.bank.rules.words import Reason

# What a person uploads, and what the command line reads: a hundred thousand entries of camt.053 are 60 MB.
MOST_BYTES_ON_PAGE = 10 * 1024**2
MOST_BYTES = 96 * 1024**2
MOST_LINES = 200_000


def is_xml(content: bytes) -> bool:
    """Whether a file starts as XML does; tables never do."""
    return content[:200].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def read_statement(
    content: bytes, currency: str, mapping: ColumnMapping | None, *, most_bytes: int = MOST_BYTES
) -> Statement:
    """Read a whole file. Lines that are wrong stand in `refused`; nothing is looked up or stored.

    Args:
        content: the file.
        currency: of the account that it is imported for.
        mapping: for CSV and XLSX; None takes what the headings say themselves.
        most_bytes: the largest file taken.

    Raises:
        Refused: the file cannot be read, has no lines, or its balances do not fit its lines.
    """
    if len(content) > most_bytes:
        raise Refused(Reason.FILE_TOO_LARGE, "file", most=most_bytes // 1024**2)
    if is_xml(content):
        statement = camt.read(content, currency, most_lines=MOST_LINES)
    else:
        statement = tables.read(content, currency, mapping, most_lines=MOST_LINES, most_bytes=most_bytes)
    if not (statement.lines or statement.refused or statement.not_booked):
        raise Refused(Reason.NO_LINES, "file")
    refuse_repeated(statement)
    check_balance(statement, currency)
    return statement
