"""The shape of what people type about valuations."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from marketplace.money import MalformedAmount, parse_minor
from transactions.valuations.rules.income import IncomeInputs
from transactions.valuations.rules.scorecard import LINES, Factor
from transactions.valuations.rules.watching import Thresholds
from transactions.valuations.rules.words import Basis, DecisionKind, Frequency, Grade, Income, Scope
from transactions.valuations.texts import BASES, DECISIONS, FACTORS, FREQUENCIES, INCOMES, SCOPES

_GROUPED = re.compile(r"[0-9]{1,3}(?:[,，][0-9]{3})+(?:\.[0-9]+)?")
_PERCENT = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,2})?")
_WRITE_DIGITS = _("Write the amount in digits, for example 14,323.68.")
_WRITE_PERCENT = _("Write a percentage in digits, for example 12.5.")


def choices(words: Mapping[Any, Any], *, empty: Any = None) -> list[SelectChoice]:
    """The members of an enum with their words; `empty` is the word for none of them."""
    found = [SelectChoice(member.value, word) for member, word in words.items()]
    return found if empty is None else [SelectChoice("", empty), *found]


def _plain(text: str | None) -> str:
    stripped = (text or "").strip()
    return re.sub("[,，]", "", stripped) if _GROUPED.fullmatch(stripped) else stripped


def _fits(form: Any, field: Any) -> None:
    try:
        parse_minor(field.data or "0", form.currency)
    except MalformedAmount:
        raise ValidationError(str(_WRITE_DIGITS)) from None


def _is_percent(_form: Any, field: Any) -> None:
    if field.data and not _PERCENT.fullmatch(field.data):
        raise ValidationError(str(_WRITE_PERCENT))


def _amount(label: Any, hint: Any = "") -> StringField:
    return StringField(
        label,
        [Optional(), Length(max=30), _fits],
        filters=[_plain],
        description=hint,
        render_kw={"inputmode": "decimal", "autocomplete": "off"},
    )


def _percent(label: Any, hint: Any = "") -> StringField:
    return StringField(
        label,
        [Optional(), _is_percent],
        filters=[lambda text: (text or "").strip()],
        description=hint,
        render_kw={"inputmode": "decimal", "autocomplete": "off"},
    )


def _basis_points(text: str | None) -> int:
    return int(Decimal(text) * 100) if text else 0


class AmountForm(FlaskForm):
    """A form with amounts; `currency` is that of what is valued and is set before validation."""

    currency = "CNY"

    def minor(self, name: str) -> int | None:
        """An amount in minor units; None where it was left empty."""
        text = self[name].data
        return parse_minor(text, self.currency) if text else None


class ValueForm(AmountForm):
    """What a person states beside the record: basis, income and scores. All of it may be left empty."""

    basis = SelectField(_("Basis of value"), [Optional()], default="")
    kind = SelectField(_("Income approach"), [Optional()], default="")
    revenue = TextAreaField(
        _("Forecast revenue, one year a line"),
        [Optional(), Length(max=1000)],
        description=_("From the first year on, at most 30 years; amounts in the currency of the lot."),
        render_kw={"rows": "4", "inputmode": "decimal"},
    )
    rate = _percent(_("Rate, percent"), _("Royalty of the revenue, or the right's share of the profit."))
    margin = _percent(_("Profit in the revenue, percent"), _("For a share of the profit only."))
    discount = _percent(_("Discount rate a year, percent"))
    tax = _percent(_("Tax on the income, percent"), _("Empty for an answer before tax."))
    keep = _amount(_("Cost of keeping the right a year"))
    source = StringField(_("Where the forecast comes from"), [Optional(), Length(max=300)])

    def __init__(self, *arguments: Any, **values: Any) -> None:
        super().__init__(*arguments, **values)
        self.basis.choices = choices(BASES, empty=_("as the rule pack suggests"))
        self.kind.choices = choices(INCOMES, empty=_("none"))

    @property
    def chosen_basis(self) -> Basis | None:
        return Basis(self.basis.data) if self.basis.data else None

    def validate_revenue(self, field: Any) -> None:
        """Each line is an amount."""
        for line in self._lines():
            try:
                parse_minor(line, self.currency)
            except MalformedAmount:
                raise ValidationError(str(_WRITE_DIGITS)) from None
        if self.kind.data and not field.data:
            raise ValidationError(str(_("State the revenue of at least one year.")))

    def _lines(self) -> list[str]:
        text = self.revenue.data or ""
        return [_plain(line) for line in re.split(r"[\n;；]", text) if line.strip()][:31]

    def income(self) -> IncomeInputs | None:
        """The stated inputs of the income approach; None where it is not asked for."""
        if not self.kind.data:
            return None
        return IncomeInputs(
            kind=Income(self.kind.data),
            revenue_minor=tuple(parse_minor(line, self.currency) for line in self._lines()),
            rate=_basis_points(self.rate.data),
            margin=_basis_points(self.margin.data),
            discount=_basis_points(self.discount.data),
            tax=_basis_points(self.tax.data),
            keep_minor=self.minor("keep") or 0,
            source=(self.source.data or "").strip(),
        )

    def scores(self) -> dict[str, int]:
        """The scores that were given, by factor."""
        given = {factor: self[f"score_{factor.value}"].data for factor in Factor}
        return {factor.value: int(points) for factor, points in given.items() if points}

    def scored(self) -> bool:
        """Whether any factor was scored, or wrongly so."""
        return any(field.data or field.errors for _line, field in self.score_fields())

    def score_fields(self) -> list[tuple[Any, Any]]:
        """The lines of the scorecard with their fields."""
        return [(line, self[f"score_{line.factor.value}"]) for line in LINES]


def _score(factor: Factor) -> SelectField:
    points = [SelectChoice("", "–"), *(SelectChoice(str(number), str(number)) for number in range(1, 6))]
    return SelectField(FACTORS[factor], [Optional()], choices=points, default="")


for _factor in Factor:
    setattr(ValueForm, f"score_{_factor.value}", _score(_factor))


class DecisionForm(AmountForm):
    """What the institution makes of a suggestion."""

    decision = SelectField(_("Decision"), [InputRequired()], choices=choices(DECISIONS))
    start_price = _amount(_("Start price instead"))
    value = _amount(_("Value instead"))
    reason = TextAreaField(_("Reason"), [Optional(), Length(max=1000)], render_kw={"rows": "3"})

    @property
    def chosen(self) -> DecisionKind:
        return DecisionKind(self.decision.data)


class FilterForm(FlaskForm):
    """Which valuations to list; it changes nothing, so it needs no token."""

    class Meta:
        """As FlaskForm reads it."""

        csrf = False

    asked = StringField(_("Reference or title"), [Optional(), Length(max=100)])
    grade = SelectField(_("Grade"), [Optional()], default="")

    def __init__(self, *arguments: Any, **values: Any) -> None:
        super().__init__(*arguments, **values)
        self.grade.choices = [
            SelectChoice("", _("all")),
            *(SelectChoice(one.value, one.value) for one in Grade),
        ]

    @property
    def chosen_grade(self) -> Grade | None:
        known = self.grade.data in set(Grade)
        return Grade(self.grade.data) if known else None


class UploadForm(FlaskForm):
    """A file of things to be valued."""

    file = FileField(
        _("File"), [FileRequired()], description=_("CSV or XLSX, at most 10 MB and 20,000 rows.")
    )


class OwnForm(FlaskForm):
    """Everything of the institution's own."""

    scope = SelectField(_("What"), [InputRequired()], choices=choices(SCOPES))

    @property
    def chosen(self) -> Scope:
        return Scope(self.scope.data)


class ThresholdForm(FlaskForm):
    """When the bank wants to be told."""

    fall = _percent(_("The value fell by percent"), _("Since the revaluation before."))
    limit = _percent(_("Loan to value over percent"), _("The claim as a share of the value."))
    life_months = IntegerField(_("Months of life left"), [InputRequired(), NumberRange(0, 240)])

    def thresholds(self) -> Thresholds:
        return Thresholds(
            _basis_points(self.fall.data), _basis_points(self.limit.data), self.life_months.data or 0
        )

    def show(self, wanted: Thresholds) -> None:
        """Fill the form in."""
        self.fall.data, self.limit.data = _as_percent(wanted.fall), _as_percent(wanted.limit)
        self.life_months.data = wanted.life_months


def _as_percent(basis_points: int) -> str:
    return (
        f"{Decimal(basis_points) / 100:f}".rstrip("0").rstrip(".")
        if basis_points % 100
        else str(basis_points // 100)
    )


class ScheduleForm(ThresholdForm):
    """A rhythm of revaluation."""

    name = StringField(_("Name"), [InputRequired(), Length(max=120)])
    scope = SelectField(_("What is valued"), [InputRequired()], choices=choices(SCOPES))
    frequency = SelectField(_("How often"), [InputRequired()], choices=choices(FREQUENCIES))
    first_on = DateField(_("First day"), [InputRequired()])

    def validate_first_on(self, field: DateField) -> None:
        """A day of this century, so that no rhythm runs for hundreds of missed months."""
        day = field.data
        if isinstance(day, date) and not 2020 <= day.year <= 2100:
            raise ValidationError(str(_("A day from 2020 to 2100 is needed.")))

    @property
    def chosen_scope(self) -> Scope:
        return Scope(self.scope.data)

    @property
    def chosen_frequency(self) -> Frequency:
        return Frequency(self.frequency.data)


class ChangeForm(ThresholdForm):
    """Other thresholds, and whether the rhythm goes on."""

    active = BooleanField(_("The rhythm goes on"))
