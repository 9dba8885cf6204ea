"""Tables that spreadsheets open: a text is never run as a formula."""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from io import StringIO

# A spreadsheet runs a cell that begins like this as a formula.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_NEGATIVE = re.compile(r"-[0-9]{1,18}(?:\.[0-9]{1,4})?")


def harmless(text: str) -> str:
    """The text; one that a spreadsheet would run as a formula gets an apostrophe before it.

    A plain negative number runs nothing, and stays a number.
    """
    runs = text.startswith(_FORMULA_STARTS) and not _NEGATIVE.fullmatch(text)
    return f"'{text}" if runs else text


def csv_text(head: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    """A table with a heading, whatever its texts begin with."""
    table = StringIO(newline="")
    writer = csv.DictWriter(table, list(head))
    writer.writeheader()
    writer.writerows({name: harmless(text) for name, text in row.items()} for row in rows)
    return table.getvalue()
