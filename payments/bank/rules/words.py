"""The codes of the bank room."""

from enum import StrEnum

from marketplace.status import Moves


class Reason(StrEnum):
    ACCOUNT_EXISTS = "account_exists"
    ACCOUNT_NUMBER_WRONG = "account_number_wrong"
    OTHER_ACCOUNT = "other_account"
    OTHER_CURRENCY = "other_currency"
    FILE_TOO_LARGE = "file_too_large"
    FILE_UNREADABLE = "file_unreadable"
    XML_FORBIDDEN = "xml_forbidden"
    NOT_CAMT = "not_camt"
    SEVERAL_ACCOUNTS = "several_accounts"
    TOO_MANY_LINES = "too_many_lines"
    NO_LINES = "no_lines"
    NOT_MAPPED = "not_mapped"
    HEADER_MISSING = "header_missing"
    COLUMN_MISSING = "column_missing"
    EMPTY_CELL = "empty_cell"
    FORMULA_CELL = "formula_cell"
    BAD_DATE = "bad_date"
    BAD_AMOUNT = "bad_amount"
    NO_AMOUNT = "no_amount"
    TWO_AMOUNTS = "two_amounts"
    BAD_DIRECTION = "bad_direction"
    TEXT_TOO_LONG = "text_too_long"
    REFERENCE_REPEATED = "reference_repeated"
    REFERENCE_DIFFERS = "reference_differs"
    BALANCE_DIFFERS = "balance_differs"
    ROWS_REFUSED = "rows_refused"
    LEDGER_SHORT = "ledger_short"
    LINE_MATCHED = "line_matched"
    LINE_NOT_MATCHED = "line_not_matched"
    LINE_ON_STATEMENT = "line_on_statement"
    WRONG_DIRECTION = "wrong_direction"
    AMOUNT_DIFFERS = "amount_differs"
    ALREADY_PROPOSED = "already_proposed"
    MONEY_USED = "money_used"
    NO_BANK_DETAILS = "no_bank_details"
    NOTHING_TO_EXPORT = "nothing_to_export"
    BATCH_STARTED = "batch_started"
    BATCH_CANCELLED = "batch_cancelled"
    IN_A_BATCH = "in_a_batch"


class StatementStatus(StrEnum):
    """Received: checked whole, its lines are being written. Written: they are being matched. Then done."""

    RECEIVED = "received"
    WRITTEN = "written"
    DONE = "done"


class LineStatus(StrEnum):
    NEW = "new"
    """Written, not yet looked at by the matching."""
    UNASSIGNED = "unassigned"
    """Nothing certain was found: an officer decides."""
    MATCHED = "matched"


class Doubt(StrEnum):
    """Why a line waits for a person."""

    NONE = "none"
    UNKNOWN = "unknown"
    THIRD_PARTY = "third_party"
    PAYER_UNKNOWN = "payer_unknown"
    OTHER_CURRENCY = "other_currency"
    PAYOUT_DIFFERS = "payout_differs"
    RECEIPT_DIFFERS = "receipt_differs"
    SEVERAL_REFERENCES = "several_references"
    UNDONE = "undone"


class MatchKind(StrEnum):
    """What a line turned out to be."""

    BUYER = "buyer"
    """Money of a bidder or buyer, for a deposit or a balance."""
    LIMIT = "limit"
    """A bidder's deposit for several lots."""
    RETURN = "return"
    """Money that nobody here is owed: it goes back to where it came from."""
    GATEWAY = "gateway"
    """What the card gateway collected and has paid to the bank."""
    OPERATOR = "operator"
    """The operator's own money: interest, a transfer between its accounts."""
    PAYOUT = "payout"
    """One of our payment orders, carried out by the bank."""
    FEE = "fee"
    """What the bank took for itself."""
    BY_HAND = "by_hand"
    """What an officer had confirmed by hand before the statement came."""


INCOMING = frozenset(
    {MatchKind.BUYER, MatchKind.LIMIT, MatchKind.RETURN, MatchKind.GATEWAY, MatchKind.OPERATOR}
)
OUTGOING = frozenset({MatchKind.PAYOUT, MatchKind.FEE})


class Found(StrEnum):
    """How a match was found."""

    VIRTUAL_ACCOUNT = "virtual_account"
    REFERENCE = "reference"
    ORDER = "order"
    FEE_CODE = "fee_code"
    BANK_REFERENCE = "bank_reference"
    PERSONS = "persons"


class ProposalKind(StrEnum):
    ASSIGN = "assign"
    UNDO = "undo"


class BatchStatus(StrEnum):
    EXPORTED = "exported"
    CANCELLED = "cancelled"


# A batch that the bank has not carried out may be withdrawn; its payouts are then free for another one.
BATCH_MOVES: Moves[BatchStatus] = {
    BatchStatus.EXPORTED: frozenset({BatchStatus.CANCELLED}),
    BatchStatus.CANCELLED: frozenset(),
}


class OrderStatus(StrEnum):
    SENT = "sent"
    CARRIED_OUT = "carried_out"
    WITHDRAWN = "withdrawn"


class FileFormat(StrEnum):
    CAMT053 = "camt053"
    CSV = "csv"
    XLSX = "xlsx"
