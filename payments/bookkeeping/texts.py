"""The words of statements, and what the ledger's keys and parties are called."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _

from payments.bookkeeping.rules import BookReason
from payments.ledger import Phase
from payments.texts import CAUSES, METHODS

REFUSALS = {
    BookReason.PERIOD_BACKWARD: _("The period ends before it begins."),
    BookReason.PERIOD_TOO_LONG: _("A statement covers at most %(most)s days."),
    BookReason.TOO_MANY_LINES: _("There are more than %(most)s lines. Please choose a shorter period."),
    BookReason.NOT_A_DAY: _("Please write the day as 2026-03-02."),
}

PHASES = {
    Phase.POSTED: _("booked"),
    Phase.PENDING: _("promised"),
    Phase.VOIDED: _("let go"),
}

_OTHER = _("Booking")

STATEMENT = _("Statement of account")
# The facts at the head of a statement, and its columns.
LABELS = {
    "party": _("Account holder"),
    "period": _("Period"),
    "currency": _("Currency"),
    "opening": _("Opening balance"),
    "came": _("Came in"),
    "gone": _("Went out"),
    "closing": _("Closing balance"),
    "bound": _("Bound by what is pending now"),
    "promised": _("Promised by what is pending now"),
    "time": _("Time"),
    "cause": _("Because of"),
    "lot": _("Lot"),
    "account": _("Ledger account"),
    "against": _("Against"),
    "balance": _("Balance"),
    "key": _("Booking key"),
}
CLOSING = _("Every line stands in a ledger that is only added to; each entry is proven with all before it.")


def cause(word: str) -> Any:
    """What a transaction came from, in words."""
    return CAUSES.get(word, _OTHER)


def holder(party: str, names: Mapping[str, str]) -> Any:
    """Whose an account is: by name, for cash how it is kept, otherwise as it is written."""
    if party in names:
        return names[party]
    return next((words for method, words in METHODS.items() if method == party), party)
