"""What became of each row of a portfolio file, for the command line and the page alike."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from marketplace.errors import Refused
from marketplace.listings.portfolio import CellReason, Portfolio
from marketplace.listings.portfolio.cells import Cells


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A refused row: its first problem's column as the file writes it, and all its problems in words."""

    row: int
    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """Every row is either accepted or in `refused`; `lots` were stored, or would be in a dry run."""

    file: str
    rows: int
    refused: list[RefusedRow]
    lots: int
    dry_run: bool

    @property
    def accepted(self) -> int:
        return self.rows - len(self.refused)

    def as_json(self) -> dict[str, Any]:
        """The promised form of `flask listings import --json`."""
        return {
            "file": self.file,
            "rows": self.rows,
            "accepted": self.accepted,
            "refused": [{"row": one.row, "column": one.column, "reason": one.reason} for one in self.refused],
            "lots": self.lots,
            "dry_run": self.dry_run,
        }


def report_on(
    portfolio: Portfolio,
    words: Callable[[Refused], str],
    *,
    file: str,
    partial: bool = False,
    dry_run: bool = False,
) -> Report:
    """Say what became of each row; in a partial import the other rows of a refused lot are refused too."""
    if partial:
        _refuse_whole_lots(portfolio)
    refused = [_refused(cells, words) for cells in portfolio.rows if cells.problems]
    all_in = partial or not refused
    lots = len(portfolio.good_lots) if all_in else 0
    return Report(file, len(portfolio.rows), refused, lots, dry_run)


def _refuse_whole_lots(portfolio: Portfolio) -> None:
    for lot in portfolio.lots:
        row = lot.first_refused_row
        for cells in lot.cells:
            if row is not None and not cells.problems:
                cells.refuse("lot_reference", CellReason.LOT_HAS_REFUSED_ROW, row=row)


def _refused(cells: Cells, words: Callable[[Refused], str]) -> RefusedRow:
    named = [(cells.written(column), words(refused)) for column, refused in cells.problems.items()]
    (column, first), others = named[0], named[1:]
    reason = " ".join([first, *(f"{name}: {text}" for name, text in others)])
    return RefusedRow(cells.number, column, reason)
