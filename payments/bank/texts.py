"""The words for bank accounts, statements, lines and payment files."""

from flask_babel import lazy_gettext as _

from payments.bank.rules.columns import Column, DateOrder
from payments.bank.rules.orders import OrderField
from payments.bank.rules.payers import Payer
from payments.bank.rules.words import (
    BatchStatus,
    Doubt,
    FileFormat,
    Found,
    LineStatus,
    MatchKind,
    OrderStatus,
    ProposalKind,
    Reason,
    StatementStatus,
)

REFUSALS = {
    Reason.ACCOUNT_EXISTS: _("This account has been entered already."),
    Reason.ACCOUNT_NUMBER_WRONG: _(
        "This is neither an IBAN with right check digits nor a number of 5 to 40 letters and digits."
    ),
    Reason.OTHER_ACCOUNT: _("The file is about account %(number)s, not about this one."),
    Reason.OTHER_CURRENCY: _("The account is kept in %(currency)s; this is in another currency."),
    Reason.FILE_TOO_LARGE: _("The file is too large: at most %(most)s MB are taken."),
    Reason.FILE_UNREADABLE: _("The file is damaged or is not what it seems to be (%(why)s)."),
    Reason.XML_FORBIDDEN: _("The file declares a document type or entities. No bank's statement does."),
    Reason.NOT_CAMT: _("This XML is not a statement in the form camt.053."),
    Reason.SEVERAL_ACCOUNTS: _("The file is about several accounts (%(first)s, %(other)s). Import one each."),
    Reason.TOO_MANY_LINES: _("There are more than %(most)s lines. Please import them in parts."),
    Reason.NO_LINES: _("There is no line to take."),
    Reason.NOT_MAPPED: _("Say which column is which: %(column)s is missing."),
    Reason.HEADER_MISSING: _("No row near the top has the heading %(heading)s."),
    Reason.COLUMN_MISSING: _("The heading %(heading)s is not in the file."),
    Reason.EMPTY_CELL: _("This may not be empty."),
    Reason.FORMULA_CELL: _("A formula or an error stands here instead of a value."),
    Reason.BAD_DATE: _("“%(value)s” is not a date of this form."),
    Reason.BAD_AMOUNT: _("“%(value)s” is not an amount in %(currency)s."),
    Reason.NO_AMOUNT: _("There is no amount, or it is zero."),
    Reason.TWO_AMOUNTS: _("Money cannot come in and go out in one row."),
    Reason.BAD_DIRECTION: _("“%(value)s” does not say whether money came in or went out."),
    Reason.TEXT_TOO_LONG: _("The text is longer than %(most)s characters."),
    Reason.REFERENCE_REPEATED: _("The bank's number %(reference)s stands in row %(row)s already."),
    Reason.REFERENCE_DIFFERS: _(
        "The bank's number %(reference)s was imported before with another amount or day."
    ),
    Reason.BALANCE_DIFFERS: _(
        "The balances do not fit the lines: these lead to %(reached)s, the file says %(closing)s."
    ),
    Reason.ROWS_REFUSED: _("Nothing was imported: %(count)s rows are refused."),
    Reason.LEDGER_SHORT: _(
        "The file pays out %(missing)s more than the books know of. "
        "Import the earlier statements first, or enter the opening balance of the account."
    ),
    Reason.LINE_MATCHED: _("This line is matched already."),
    Reason.LINE_NOT_MATCHED: _("This line is not matched to anything."),
    Reason.LINE_ON_STATEMENT: _(
        "This line is on an imported statement. Assign it there instead of confirming it by hand."
    ),
    Reason.WRONG_DIRECTION: _("The money went the other way."),
    Reason.AMOUNT_DIFFERS: _("The amount is another one."),
    Reason.ALREADY_PROPOSED: _("Something about this waits for a second person already."),
    Reason.MONEY_USED: _(
        "The money has gone on: it is part of a price, released or paid out. It has to be claimed back."
    ),
    Reason.NO_BANK_DETAILS: _("It is not known where %(payee)s is paid to. Enter the bank details first."),
    Reason.NOTHING_TO_EXPORT: _(
        "A payment file needs approved payouts, at most %(most)s, that are in no other file."
    ),
    Reason.BATCH_STARTED: _("The bank has begun to carry this file out; it cannot be cancelled any more."),
    Reason.BATCH_CANCELLED: _("This payment file has been cancelled."),
    Reason.IN_A_BATCH: _("One of the payouts is in another payment file."),
}

COLUMNS = {
    Column.BOOKED_ON: _("Day of booking"),
    Column.VALUE_ON: _("Value date"),
    Column.AMOUNT: _("Amount, one column"),
    Column.CREDIT: _("Money in"),
    Column.DEBIT: _("Money out"),
    Column.DIRECTION: _("In or out"),
    Column.BALANCE: _("Balance after it"),
    Column.BANK_REFERENCE: _("Bank's number of the line"),
    Column.END_TO_END: _("Payer's number (end to end)"),
    Column.COUNTERPARTY: _("Name of the other side"),
    Column.COUNTERPARTY_NUMBER: _("Account of the other side"),
    Column.COUNTERPARTY_BANK: _("Bank of the other side"),
    Column.VIRTUAL_NUMBER: _("Virtual account paid to"),
    Column.PURPOSE: _("Purpose"),
    Column.NOTE: _("Further purpose"),
}

DATE_ORDERS = {
    DateOrder.YEAR_FIRST: _("year first, 2026-03-02"),
    DateOrder.DAY_FIRST: _("day first, 02/03/2026"),
    DateOrder.MONTH_FIRST: _("month first, 03/02/2026"),
}

PAYERS = {
    Payer.SAME: _("the bidder"),
    Payer.OTHER: _("somebody else"),
    Payer.NOT_NAMED: _("not named by the bank"),
}

STATEMENTS = {
    StatementStatus.RECEIVED: _("being written"),
    StatementStatus.WRITTEN: _("being matched"),
    StatementStatus.DONE: _("imported"),
}
STATEMENT_TONES = {
    StatementStatus.RECEIVED: "waiting",
    StatementStatus.WRITTEN: "waiting",
    StatementStatus.DONE: "done",
}

LINES = {
    LineStatus.NEW: _("to be looked at"),
    LineStatus.UNASSIGNED: _("not assigned"),
    LineStatus.MATCHED: _("matched"),
}
LINE_TONES = {
    LineStatus.NEW: "waiting",
    LineStatus.UNASSIGNED: "decision",
    LineStatus.MATCHED: "done",
}

DOUBTS = {
    Doubt.NONE: "",
    Doubt.UNKNOWN: _("Nothing here is known by it."),
    Doubt.THIRD_PARTY: _("The payer is not the bidder: money has to come in the bidder's own name."),
    Doubt.PAYER_UNKNOWN: _("The bank does not say who paid."),
    Doubt.OTHER_CURRENCY: _("It came in another currency than was asked."),
    Doubt.PAYOUT_DIFFERS: _("It names a payment order of ours, and amount or state differ."),
    Doubt.RECEIPT_DIFFERS: _("It looks like what an officer has confirmed by hand already."),
    Doubt.SEVERAL_REFERENCES: _("It names several things at once."),
    Doubt.UNDONE: _("An earlier match was undone."),
}

KINDS = {
    MatchKind.BUYER: _("Money of a bidder or buyer"),
    MatchKind.LIMIT: _("Deposit for several lots"),
    MatchKind.RETURN: _("Goes back to where it came from"),
    MatchKind.GATEWAY: _("Collected by the card gateway"),
    MatchKind.OPERATOR: _("Operator's own money, or interest"),
    MatchKind.PAYOUT: _("Payout"),
    MatchKind.FEE: _("Bank fee"),
    MatchKind.BY_HAND: _("Confirmed by hand before"),
}

FOUND = {
    Found.VIRTUAL_ACCOUNT: _("by the virtual account"),
    Found.REFERENCE: _("by the reference"),
    Found.ORDER: _("by the payment order"),
    Found.FEE_CODE: _("by the bank's code or words"),
    Found.BANK_REFERENCE: _("by the bank's number"),
    Found.PERSONS: _("by two persons"),
}

PROPOSALS = {
    ProposalKind.ASSIGN: _("Assign the line"),
    ProposalKind.UNDO: _("Undo the match"),
}

BATCHES = {
    BatchStatus.EXPORTED: _("with the bank"),
    BatchStatus.CANCELLED: _("cancelled"),
}
ORDERS = {
    OrderStatus.SENT: _("with the bank"),
    OrderStatus.CARRIED_OUT: _("carried out"),
    OrderStatus.WITHDRAWN: _("withdrawn"),
}

FORMATS = {
    FileFormat.CAMT053: "camt.053",
    FileFormat.CSV: "CSV",
    FileFormat.XLSX: "XLSX",
}

ORDER_FIELDS = {
    OrderField.POSITION: _("number of the row"),
    OrderField.NUMBER: _("payee's account"),
    OrderField.HOLDER: _("payee's name"),
    OrderField.BANK: _("payee's bank"),
    OrderField.BANK_CODE: _("CNAPS number or BIC of the payee's bank"),
    OrderField.AMOUNT: _("amount"),
    OrderField.CURRENCY: _("currency"),
    OrderField.REFERENCE: _("our reference"),
    OrderField.PURPOSE: _("purpose, with our reference"),
    OrderField.PAYER_NUMBER: _("our own account"),
    OrderField.EMPTY: _("stays empty"),
}
