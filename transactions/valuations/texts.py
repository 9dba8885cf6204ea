"""The words of valuations: bases, grades, approaches, notes, factors, and why something is refused."""

from enum import StrEnum
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from transactions.comparables.estimate import Verdict
from transactions.comparables.strata import Kind, Stop
from transactions.valuations.rules.scorecard import Factor, Part
from transactions.valuations.rules.words import (
    AlertKind,
    Approach,
    Basis,
    BatchSource,
    BatchStatus,
    DecisionKind,
    Frequency,
    Grade,
    Income,
    Note,
    RowStatus,
    Scope,
    SubjectKind,
    ValuationReason,
)

BASES: dict[Basis, Any] = {
    Basis.MARKET: _("Market value"),
    Basis.ORDERLY_LIQUIDATION: _("Liquidation value, orderly"),
    Basis.FORCED_LIQUIDATION: _("Liquidation value, forced"),
}

BASIS_SENTENCES: dict[Basis, Any] = {
    Basis.MARKET: _("What a willing buyer and a willing seller would agree on, each free to wait."),
    Basis.ORDERLY_LIQUIDATION: _(
        "What a sale for a creditor would bring with the usual time for notice and display."
    ),
    Basis.FORCED_LIQUIDATION: _(
        "What a sale by a court or under like pressure would bring; the seller cannot wait."
    ),
}

GRADE_SENTENCES: dict[Grade, Any] = {
    Grade.A: _("The top of the 80 in 100 range is at most 3 times its bottom."),
    Grade.B: _("The top of the 80 in 100 range is at most 6 times its bottom."),
    Grade.C: _("The top of the 80 in 100 range is at most 12 times its bottom."),
    Grade.D: _("A wide range, fewer than five comparables, or grid and model far apart."),
    Grade.E: _("Not enough evidence for a value."),
}

GRADE_TONES = {
    Grade.A: "done",
    Grade.B: "done",
    Grade.C: "plain",
    Grade.D: "waiting",
    Grade.E: "stopped",
}

APPROACHES: dict[Approach, Any] = {
    Approach.GRID_AND_MODEL: _("Comparables and model together"),
    Approach.GRID: _("Comparables alone"),
    Approach.MODEL: _("Range of the model alone"),
    Approach.NONE: _("No approach had enough evidence"),
}

NOTES: dict[Note, Any] = {
    Note.NO_MODEL: _("No price model is fitted for this currency yet; the value rests on the comparables."),
    Note.NO_GRID: _(
        "Fewer than three comparable sales are known, so no single value is given; the range is the model's."
    ),
    Note.FEW_COMPARABLES: _("Fewer than five comparable sales are known."),
    Note.GAP: _(
        "Comparables and model are more than 40 percent apart. Look for what one of them does not see."
    ),
    Note.INSUFFICIENT: _("There is not enough evidence for a value or a range."),
    Note.LIQUIDATION_TOGETHER: _(
        "The record knows whether a sale was forced, and no more: orderly and forced liquidation are "
        "estimated alike, adjusted to sales for creditors."
    ),
    Note.SOLD_ONLY: _(
        "The value is what is paid if the lot sells. Some lots like it did not; what bidding would reach, "
        "sold or not, is told beside it."
    ),
    Note.APPRAISAL_EXPECTED: _(
        "More than 10 million yuan: practice in the pilot areas expects an appraisal by a third party here; "
        "internal assessment or negotiation is for up to that amount."
    ),
    Note.SHORT_LIFE: _("The right ends within three years; its value falls from year to year."),
    Note.EXPIRED: _("The right has ended by its dates; its value stands and falls with that."),
    Note.LIFE_UNKNOWN: _("How long the right lives is not known; nothing was adjusted for it."),
    Note.INCOME_ABOVE_RANGE: _(
        "The income approach lies above the range: the forecast counts on more than buyers have paid."
    ),
    Note.INCOME_BELOW_RANGE: _("The income approach lies below the range of what buyers have paid."),
    Note.NO_AMORTISATION: _("The income approach leaves out the benefit of writing the price off for tax."),
    Note.BEFORE_TAX: _("The income approach is before tax."),
    Note.NO_CURVE: _("Without a fitted model there is no chance of sale and no suggested start price."),
}

INCOMES: dict[Income, Any] = {
    Income.ROYALTY: _("Royalty on revenue"),
    Income.PROFIT_SHARE: _("Share of the profit"),
}

PARTS: dict[Part, Any] = {
    Part.LEGAL: _("Legal"),
    Part.TECHNICAL: _("Technical"),
    Part.MARKET: _("Market"),
    Part.ECONOMIC: _("Economic"),
}

FACTORS: dict[Factor, Any] = {
    Factor.STABILITY: _("Stability of the right"),
    Factor.SCOPE: _("Scope of protection"),
    Factor.DETECTABILITY: _("Infringement can be detected"),
    Factor.INDEPENDENCE_OF_RIGHTS: _("Independent of others' rights"),
    Factor.ADVANCE: _("Advance over the prior art"),
    Factor.SUBSTITUTES: _("Few substitutes"),
    Factor.MATURITY: _("Maturity"),
    Factor.RANGE_OF_USE: _("Range of use"),
    Factor.DEMAND: _("Demand"),
    Factor.COMPETITION: _("Room among competitors"),
    Factor.BUYERS: _("Number of likely buyers"),
    Factor.TREND: _("Trend of the field"),
    Factor.REMAINING_LIFE: _("Remaining economic life"),
    Factor.EARNINGS: _("Earnings so far"),
    Factor.LICENCES: _("Licences granted"),
    Factor.COST_OF_USE: _("Low cost of use"),
}

VERDICTS: dict[Verdict, Any] = {
    Verdict.RANGE: _("enough comparables"),
    Verdict.TOO_FEW_FOR_A_RANGE: _("few comparables"),
    Verdict.INSUFFICIENT: _("not enough comparables"),
}

STRATA: dict[Kind, Any] = {
    Kind.SAME_FIELD: _("same type and technology field"),
    Kind.SAME_FIELD_OTHER_TYPE: _("same technology field, other type"),
    Kind.SAME_SECTOR: _("same type and sector"),
    Kind.SAME_TYPE: _("same type"),
    Kind.OTHER_TYPE: _("other type"),
    Kind.SAME_OFFICE: _("same office"),
}

STOPS: dict[Stop, Any] = {
    Stop.ENOUGH: _("The search ended when there were enough."),
    Stop.EVERYTHING: _("Everything there is was searched."),
}

DECISIONS: dict[DecisionKind, Any] = {
    DecisionKind.ACCEPTED: _("accepted"),
    DecisionKind.OVERRIDDEN: _("overridden"),
}

SUBJECTS: dict[SubjectKind, Any] = {
    SubjectKind.LOT: _("Lot"),
    SubjectKind.RIGHT: _("Right"),
    SubjectKind.ROW: _("Row of a file"),
}

SOURCES: dict[BatchSource, Any] = {
    BatchSource.FILE: _("File"),
    BatchSource.LOTS: _("All lots"),
    BatchSource.RIGHTS: _("All rights"),
    BatchSource.SCHEDULE: _("Revaluation"),
}

BATCHES: dict[BatchStatus, Any] = {BatchStatus.RUNNING: _("running"), BatchStatus.DONE: _("done")}
BATCH_TONES = {BatchStatus.RUNNING: "live", BatchStatus.DONE: "done"}

ROWS: dict[RowStatus, Any] = {
    RowStatus.WAITING: _("waiting"),
    RowStatus.VALUED: _("valued"),
    RowStatus.REFUSED: _("refused"),
}

FREQUENCIES: dict[Frequency, Any] = {
    Frequency.MONTHLY: _("every month"),
    Frequency.QUARTERLY: _("every quarter"),
}

SCOPES: dict[Scope, Any] = {
    Scope.LOTS: _("all lots that are neither sold nor withdrawn"),
    Scope.RIGHTS: _("all rights that have not ended"),
}

ALERTS: dict[AlertKind, Any] = {
    AlertKind.FELL: _("The value fell"),
    AlertKind.UNDER_CLAIM: _("The value is under the claim"),
    AlertKind.OVER_LIMIT: _("Loan to value over the limit"),
    AlertKind.LIFE_SHORT: _("Little life left"),
    AlertKind.ANNUITY_DUE: _("A yearly fee falls due"),
    AlertKind.EXPIRED: _("The right has ended"),
    AlertKind.NO_LONGER_VALUED: _("There is no longer enough evidence for a value"),
}

REFUSALS: dict[StrEnum, Any] = {
    ValuationReason.NUMBER_OUT_OF_RANGE: _("A number from %(least)s to %(most)s is needed."),
    ValuationReason.AMOUNT_OUT_OF_RANGE: _("The amount is out of range."),
    ValuationReason.NO_FORECAST: _("State the revenue of at least one year."),
    ValuationReason.FORECAST_TOO_LONG: _("A forecast of at most %(most)s years is taken."),
    ValuationReason.RATE_OUT_OF_RANGE: _(
        "A rate above 0 and up to 100 percent is needed; a tax rate below 100."
    ),
    ValuationReason.DISCOUNT_OUT_OF_RANGE: _("A discount rate from 1 to 60 percent is needed."),
    ValuationReason.SCORE_OUT_OF_RANGE: _("A score from %(least)s to %(most)s is needed."),
    ValuationReason.UNKNOWN_FACTOR: _("There is no such factor."),
    ValuationReason.REASON_NEEDED: _("Say why: an override is kept with its reason."),
    ValuationReason.NOTHING_SUGGESTED: _("Nothing was suggested that could be accepted."),
    ValuationReason.OVERRIDE_NEEDED: _("State the start price or the value that is taken instead."),
    ValuationReason.TOO_MANY_ROWS: _("At most %(most)s rows are valued at once."),
    ValuationReason.NOTHING_TO_VALUE: _("There is nothing to value."),
    ValuationReason.TOO_MANY_RUNNING: _(
        "%(most)s batches of yours are running already; wait until one is done."
    ),
    ValuationReason.TOO_MANY_SCHEDULES: _("At most %(most)s schedules can be kept."),
    ValuationReason.THRESHOLD_OUT_OF_RANGE: _("The threshold is out of range."),
    ValuationReason.COLUMN_UNKNOWN: _("The column %(column)s is not known."),
    ValuationReason.COLUMN_REPEATED: _("The column %(column)s stands there twice."),
    ValuationReason.COLUMN_MISSING: _("The column %(column)s is missing."),
    ValuationReason.EMPTY: _("This must not be empty."),
    ValuationReason.TOO_LONG: _("At most %(most)s characters."),
    ValuationReason.NOT_READABLE: _("This cannot be read as text; formulas and errors are not read."),
    ValuationReason.NOT_A_NUMBER: _("%(value)s is not a whole number."),
    ValuationReason.NOT_AN_AMOUNT: _("%(value)s is not an amount such as 120000.00."),
    ValuationReason.NOT_A_DATE: _("%(value)s is not a date such as 2018-05-04."),
    ValuationReason.NOT_A_CHOICE: _("%(value)s is not one of: %(choices)s."),
    ValuationReason.REPEATED: _("Row %(row)s has this reference already."),
    ValuationReason.EXPIRED: _("The right has ended by this date."),
    ValuationReason.NOT_VALUED: _("This row could not be valued; the operator has been told."),
}

_BY_NAME = {f"{type(reason).__name__}.{reason}": text for reason, text in REFUSALS.items()}


def row_reason(reason: str, details: dict[str, Any]) -> str:
    """Why a row was refused, in the reader's language."""
    text = _BY_NAME.get(reason)
    return reason if text is None else str(text) % details


def figure_text(kind: AlertKind, figure: int) -> str:
    """The figure of an alert with its unit."""
    if kind in {AlertKind.FELL, AlertKind.UNDER_CLAIM, AlertKind.OVER_LIMIT}:
        return f"{figure / 100:.1f} %"
    if kind is AlertKind.LIFE_SHORT:
        return str(gettext("%(count)s months", count=figure))
    return str(gettext("in %(count)s days", count=figure)) if kind is AlertKind.ANNUITY_DUE else ""
