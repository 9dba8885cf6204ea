"""Reading exchange rates from a CSV file: every row is accepted, or refused with its reason."""

from transactions.importing import cells
from transactions.importing.cells import BadCell, Problem, Row, RowError
from transactions.rates import Rate, is_rate
from transactions.rules.words import DatePrecision

RATE_COLUMNS = frozenset({"date", "currency", "base", "rate", "source"})


def read_rates(text: str) -> tuple[list[Rate], list[RowError]]:
    """The rates of a file, and what is wrong with its other rows."""
    rates: list[Rate] = []
    errors: list[RowError] = []
    for number, row in cells.rows(text, RATE_COLUMNS, errors):
        try:
            rates.append(_rate(row))
        except BadCell as bad:
            errors.append(RowError(number, bad.column, bad.reason))
    return rates, errors


def _rate(row: Row) -> Rate:
    day, precision = cells.day(row, "date")
    if day is None or precision is not DatePrecision.DAY:
        raise BadCell("date", Problem.NOT_A_DATE)
    currency, base = cells.currency(row, "currency"), cells.currency(row, "base")
    if currency == base:
        raise BadCell("base", Problem.UNKNOWN_CURRENCY)
    if not is_rate(row["rate"]):
        raise BadCell("rate", Problem.NOT_A_RATE)
    return Rate(day, currency, base, row["rate"], cells.text(row["source"], 300, "source", needed=True))
