"""Named selects of the bank room; those that start with `lock_` hold the row until the transaction ends."""

from payments.bank.queries.lines import (
    is_on_statement,
    known_lines,
    lines_awaiting,
    lock_line,
    matches_of,
    next_lines,
    open_proposal,
    standing_matches_for,
)
from payments.bank.queries.parties import ByHand, with_parties
from payments.bank.queries.reconciling import bank_beside_ledger, booked_by_hand
from payments.bank.queries.targets import (
    awaited_rows,
    booked_is_shown,
    by_hand,
    newest_row_of,
    orders_by_reference,
    receipts_without_line,
    rows_by_reference,
    virtual_accounts,
)

__all__ = [
    "ByHand",
    "awaited_rows",
    "bank_beside_ledger",
    "booked_by_hand",
    "booked_is_shown",
    "by_hand",
    "is_on_statement",
    "known_lines",
    "lines_awaiting",
    "lock_line",
    "matches_of",
    "newest_row_of",
    "next_lines",
    "open_proposal",
    "orders_by_reference",
    "receipts_without_line",
    "rows_by_reference",
    "standing_matches_for",
    "virtual_accounts",
    "with_parties",
]
