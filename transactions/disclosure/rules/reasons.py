"""Why disclosure refuses something."""

from enum import StrEnum


class Reason(StrEnum):
    BUDGET_SPENT = "budget_spent"
    NO_SUCH_TABLE = "no_such_table"
    NO_SUCH_STEP = "no_such_step"
    NOTHING_RELEASED = "nothing_released"
    REASON_MISSING = "reason_missing"
    SAME_PERSON = "same_person"
    DECIDED_ALREADY = "decided_already"
    TOO_LATE = "too_late"
