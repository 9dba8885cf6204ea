"""The words of valuations: bases of value, grades, approaches, what was decided, what is watched."""

from enum import StrEnum


class Basis(StrEnum):
    """What is estimated (IVS: bases and premises of value).

    A bank that enforces does not ask for market value: the seller is not free to wait.
    """

    MARKET = "market"
    ORDERLY_LIQUIDATION = "orderly_liquidation"
    FORCED_LIQUIDATION = "forced_liquidation"


class Grade(StrEnum):
    """How far an estimate carries; E says that there is none."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"


class Approach(StrEnum):
    """Where the value comes from."""

    GRID_AND_MODEL = "grid_and_model"
    GRID = "grid"
    MODEL = "model"
    NONE = "none"


class Note(StrEnum):
    """What a reader of an estimate has to know; each has its sentence in `texts`."""

    NO_MODEL = "no_model"
    NO_GRID = "no_grid"
    FEW_COMPARABLES = "few_comparables"
    GAP = "gap"
    INSUFFICIENT = "insufficient"
    LIQUIDATION_TOGETHER = "liquidation_together"
    SOLD_ONLY = "sold_only"
    APPRAISAL_EXPECTED = "appraisal_expected"
    SHORT_LIFE = "short_life"
    EXPIRED = "expired"
    LIFE_UNKNOWN = "life_unknown"
    INCOME_ABOVE_RANGE = "income_above_range"
    INCOME_BELOW_RANGE = "income_below_range"
    NO_AMORTISATION = "no_amortisation"
    BEFORE_TAX = "before_tax"
    NO_CURVE = "no_curve"


class Income(StrEnum):
    """How the income approach measures what the right earns."""

    ROYALTY = "royalty"
    PROFIT_SHARE = "profit_share"


class DecisionKind(StrEnum):
    """What a person made of a suggestion; it never binds."""

    ACCEPTED = "accepted"
    OVERRIDDEN = "overridden"


class SubjectKind(StrEnum):
    LOT = "lot"
    RIGHT = "right"
    ROW = "row"


class BatchSource(StrEnum):
    FILE = "file"
    LOTS = "lots"
    RIGHTS = "rights"
    SCHEDULE = "schedule"


class BatchStatus(StrEnum):
    RUNNING = "running"
    DONE = "done"


class RowStatus(StrEnum):
    WAITING = "waiting"
    VALUED = "valued"
    REFUSED = "refused"


class Frequency(StrEnum):
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"


class Scope(StrEnum):
    """Which of the bank's things a schedule values again."""

    LOTS = "lots"
    RIGHTS = "rights"


class AlertKind(StrEnum):
    """Why a revaluation is worth a person's look."""

    FELL = "fell"
    UNDER_CLAIM = "under_claim"
    OVER_LIMIT = "over_limit"
    LIFE_SHORT = "life_short"
    ANNUITY_DUE = "annuity_due"
    EXPIRED = "expired"
    NO_LONGER_VALUED = "no_longer_valued"


class ValuationReason(StrEnum):
    """Why something is refused."""

    NUMBER_OUT_OF_RANGE = "number_out_of_range"
    AMOUNT_OUT_OF_RANGE = "amount_out_of_range"
    NO_FORECAST = "no_forecast"
    FORECAST_TOO_LONG = "forecast_too_long"
    RATE_OUT_OF_RANGE = "rate_out_of_range"
    DISCOUNT_OUT_OF_RANGE = "discount_out_of_range"
    SCORE_OUT_OF_RANGE = "score_out_of_range"
    UNKNOWN_FACTOR = "unknown_factor"
    REASON_NEEDED = "reason_needed"
    NOTHING_SUGGESTED = "nothing_suggested"
    OVERRIDE_NEEDED = "override_needed"
    TOO_MANY_ROWS = "too_many_rows"
    NOTHING_TO_VALUE = "nothing_to_value"
    TOO_MANY_RUNNING = "too_many_running"
    TOO_MANY_SCHEDULES = "too_many_schedules"
    THRESHOLD_OUT_OF_RANGE = "threshold_out_of_range"
    COLUMN_UNKNOWN = "column_unknown"
    COLUMN_REPEATED = "column_repeated"
    COLUMN_MISSING = "column_missing"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    NOT_READABLE = "not_readable"
    NOT_A_NUMBER = "not_a_number"
    NOT_AN_AMOUNT = "not_an_amount"
    NOT_A_DATE = "not_a_date"
    NOT_A_CHOICE = "not_a_choice"
    REPEATED = "repeated"
    EXPIRED = "expired"
    NOT_VALUED = "not_valued"
