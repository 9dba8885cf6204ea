"""Reading a file of offered lots: every row is taken, or refused with its field and its reason."""

import gzip
import math
import zlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from transactions.hedonics.attributes import LotAttributes, months_of_years
from transactions.hedonics.observations import Observation
from transactions.hedonics.prediction import log_units
from transactions.importing import cells
from transactions.importing.cells import BadCell, Problem, Row, RowError

# What every file has to have; the other attributes are unknown where their column is missing.
COLUMNS = frozenset(
    {
        "lot_id",
        "event_date",
        "right_type",
        "patent_count",
        "ipc_subclass",
        "start_price_cny",
        "outcome",
        "price_cny",
    }
)
CURRENCY = "CNY"

BYTES_LIMIT = 64 * 1024 * 1024
ERRORS_LIMIT = 100

_TYPES = frozenset({"invention", "utility_model", "design", "patent", "trademark", "copyright", "other"})
_TRUTHS = {"0": False, "1": True, "no": False, "yes": True}
_MOST_YEARS = 200


@dataclass(frozen=True, slots=True)
class OfferedLot:
    """A row: the observation, and the logarithm of the price that the seller named beforehand, if any."""

    observation: Observation
    log_reference: float | None


class Unreadable(Exception):
    """The file is no text, no archive, or too large; the message says which."""


def text_of(file: Path) -> str:
    """The text of a CSV file, packed by gzip or not.

    Raises:
        Unreadable: when it cannot be read as UTF-8 of at most `BYTES_LIMIT` bytes.
    """
    raw = file.read_bytes()[: BYTES_LIMIT + 1]
    try:
        if raw.startswith(b"\x1f\x8b"):
            with gzip.open(file) as packed:
                raw = packed.read(BYTES_LIMIT + 1)
        if len(raw) > BYTES_LIMIT:
            raise Unreadable(f"larger than {BYTES_LIMIT} bytes")
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable("not UTF-8") from None
    except (OSError, EOFError, zlib.error):
        raise Unreadable("not a whole gzip archive") from None


def read_lots(text: str) -> tuple[list[OfferedLot], list[RowError]]:
    """The lots of a file, and what is wrong with its other rows."""
    lots: list[OfferedLot] = []
    errors: list[RowError] = []
    seen: set[str] = set()
    for number, row in cells.rows(text, COLUMNS, errors):
        try:
            lot = _lot(row, seen)
        except BadCell as bad:
            errors.append(RowError(number, bad.column, bad.reason))
            continue
        lots.append(lot)
    return lots, errors


def _lot(row: Row, seen: set[str]) -> OfferedLot:
    sold = _sold(row)
    price, start = _amount(row, "price_cny"), _amount(row, "start_price_cny")
    if sold != (price is not None):
        raise BadCell("price_cny", Problem.MISSING if sold else Problem.UNKNOWN_WORD)
    if not sold and start is None:
        raise BadCell("start_price_cny", Problem.MISSING)
    identity = cells.text(row["lot_id"], 80, "lot_id", needed=True)
    if identity in seen:
        raise BadCell("lot_id", Problem.TWICE)
    observation = Observation(
        identity=identity,
        lot=_attributes(row),
        log_bid=price,
        log_start=start,
        sold=sold,
        seller=row.get("seller", ""),
        family=row.get("family_group", ""),
    )
    reference = _amount(row, "reference_price_cny")
    seen.add(identity)
    return OfferedLot(observation, reference)


def _attributes(row: Row) -> LotAttributes:
    if row["right_type"] not in _TYPES:
        raise BadCell("right_type", Problem.UNKNOWN_WORD if row["right_type"] else Problem.MISSING)
    return LotAttributes(
        asset_type=row["right_type"],
        number_of_rights=_at_least_one(row, "patent_count"),
        classes=(row["ipc_subclass"],) if row["ipc_subclass"] else (),
        claims=cells.number(row, "claims"),
        forward_citations=cells.number(row, "forward_citations"),
        family_size=cells.number(row, "family_size"),
        remaining_life_months=_months(row, "remaining_life_years"),
        evidence_of_use=_truth(row, "evidence_of_use"),
        seller_kind=row.get("seller_kind", ""),
        way=row.get("channel", ""),
        round=_at_least_one(row, "round"),
        forced=bool(_truth(row, "forced_sale")),
        on=_day(row),
    )


def _sold(row: Row) -> bool:
    if row["outcome"] not in {"sold", "unsold"}:
        raise BadCell("outcome", Problem.UNKNOWN_WORD if row["outcome"] else Problem.MISSING)
    return row["outcome"] == "sold"


def _amount(row: Row, column: str) -> float | None:
    minor = cells.amount(row, column, CURRENCY)
    if minor == 0:
        raise BadCell(column, Problem.NOT_AN_AMOUNT)
    return None if minor is None else log_units(minor, CURRENCY)


def _at_least_one(row: Row, column: str) -> int | None:
    count = cells.number(row, column)
    if count == 0:
        raise BadCell(column, Problem.NOT_A_NUMBER)
    return count


def _months(row: Row, column: str) -> int | None:
    if not row.get(column):
        return None
    try:
        years = float(row[column])
    except ValueError:
        raise BadCell(column, Problem.NOT_A_NUMBER) from None
    if not math.isfinite(years) or not 0 <= years <= _MOST_YEARS:
        raise BadCell(column, Problem.NOT_A_NUMBER)
    return months_of_years(years)


def _truth(row: Row, column: str) -> bool | None:
    text = row.get(column, "")
    if text and text not in _TRUTHS:
        raise BadCell(column, Problem.UNKNOWN_WORD)
    return _TRUTHS.get(text)


def _day(row: Row) -> date:
    try:
        return date.fromisoformat(row["event_date"])
    except ValueError:
        raise BadCell("event_date", Problem.NOT_A_DATE if row["event_date"] else Problem.MISSING) from None
