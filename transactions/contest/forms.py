"""The shape of what people type about their estimates."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length

from marketplace.money import MalformedAmount, decimal_text, parse_minor
from transactions.contest.rules import NOTE_LENGTH, Range


def _fits(form: Any, field: Any) -> None:
    try:
        parse_minor(field.data or "", form.currency)
    except MalformedAmount:
        raise ValidationError(str(_("Write the amount in digits, for example 14323.68."))) from None


def _amount(label: Any, hint: Any = "") -> StringField:
    return StringField(
        label,
        [InputRequired(), Length(max=30), _fits],
        filters=[lambda text: (text or "").strip().replace(",", "").replace("，", "")],
        description=hint,
        render_kw={"inputmode": "decimal", "autocomplete": "off"},
    )


class EstimateForm(FlaskForm):
    """An estimate in the lot's currency."""

    value = _amount(_("Value"), _("What you expect the lot to be sold for."))
    low = _amount(_("Lower bound"), _("The price should lie between the bounds in 8 of 10 cases."))
    high = _amount(_("Upper bound"))
    note = TextAreaField(
        _("How you came to it"),
        [Length(max=NOTE_LENGTH)],
        description=_("Optional; published with the estimate after the sale."),
    )

    def __init__(self, currency: str, known: Range | None = None, **arguments: Any) -> None:
        values = {} if known is None else {
            name: decimal_text(getattr(known, name), currency) for name in ("value", "low", "high")
        }  # fmt: skip
        super().__init__(**values, **arguments)
        self.currency = currency

    def estimate(self) -> Range:
        """What was typed, in minor units."""
        value, low, high = (
            parse_minor(field.data or "", self.currency) for field in (self.value, self.low, self.high)
        )
        return Range(value, low, high)


class NamedForm(FlaskForm):
    """Whether the institution may be named."""

    named = BooleanField(_("Our name may stand in the league table and beside our opened estimates"))
