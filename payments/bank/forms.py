"""The shape of what people enter about bank accounts, statements, lines and payees."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length, Optional

from payments.bank.rules.columns import Column, ColumnMapping, DateOrder
from payments.bank.rules.words import INCOMING, OUTGOING, MatchKind
from payments.bank.texts import COLUMNS, DATE_ORDERS, KINDS
from payments.forms import AmountForm

# What persons may say that a line is: an order of ours is known by its code alone.
_PROPOSED = (INCOMING | OUTGOING | {MatchKind.BY_HAND}) - {MatchKind.PAYOUT}


def _text(label: Any, most: int, description: Any = "", *, needed: bool = True) -> StringField:
    return StringField(
        label,
        validators=[InputRequired() if needed else Optional(), Length(max=most)],
        description=description,
        render_kw={"autocomplete": "off"},
    )


class AccountForm(AmountForm):
    holder = _text(_("Holder of the account"), 200)
    bank = _text(_("Bank and branch"), 200)
    bank_code = _text(_("CNAPS number or BIC"), 20)
    number = _text(_("Account number or IBAN"), 60)


class UploadForm(FlaskForm):
    file = FileField(
        _("Statement file"), [FileRequired()], description=_("camt.053, CSV or XLSX, at most 10 MB.")
    )
    partial = BooleanField(_("Leave out rows that cannot be read, and import the others"))


class TableForm(FlaskForm):
    """A table whose columns are to be mapped."""

    file = FileField(_("Table"), [FileRequired()], description=_("CSV or XLSX, at most 10 MB."))


class NumbersForm(FlaskForm):
    numbers = TextAreaField(
        _("Virtual account numbers, one a line"),
        [InputRequired(), Length(max=500_000)],
        description=_("As the bank's list has them. Numbers that are known already stay as they are."),
    )


class MappingForm(FlaskForm):
    """Which heading is which column; the choices are the headings of the file that was looked at."""

    date_order = RadioField(
        _("How dates are written"),
        choices=[SelectChoice(order.value, label) for order, label in DATE_ORDERS.items()],
        default=DateOrder.YEAR_FIRST.value,
    )
    decimal_comma = BooleanField(_("Amounts have a comma before the decimals, as in 1.234,56"))

    def values(self) -> dict[str, Any]:
        """As `rules.columns.read_mapping` takes them."""
        return {
            "headings": {column: self[column.value].data for column in Column},
            "date_order": self.date_order.data,
            "decimal_comma": bool(self.decimal_comma.data),
        }


for _column in Column:
    setattr(
        MappingForm,
        _column.value,
        SelectField(COLUMNS[_column], choices=[], validate_choice=False, default=""),
    )


def mapping_form(headings: list[str], mapping: ColumnMapping) -> MappingForm:
    """The form for these headings, filled from a mapping."""
    form = MappingForm(formdata=None)
    for column in Column:
        field: Any = form[column.value]
        field.choices = [SelectChoice("", "–"), *(SelectChoice(text, text) for text in headings)]
        field.data = mapping.headings.get(column, "")
    form.date_order.data = mapping.date_order.value
    form.decimal_comma.data = mapping.decimal_comma
    return form


class OrderColumnsForm(FlaskForm):
    columns = TextAreaField(_("Columns, one “heading = field” a line"), [InputRequired(), Length(max=4000)])


class ProposalForm(FlaskForm):
    kind = SelectField(
        _("What it is"),
        choices=[SelectChoice(kind.value, label) for kind, label in KINDS.items() if kind in _PROPOSED],
    )
    reference = _text(
        _("Reference"),
        100,
        _("Of the deposit or balance; or the number under which it was confirmed by hand."),
        needed=False,
    )
    reason = _text(_("Reason"), 500)


class AnswerForm(FlaskForm):
    agreed = RadioField(
        _("Decision"), choices=[SelectChoice("yes", _("I agree")), SelectChoice("no", _("I do not agree"))]
    )
    reason = _text(_("Reason"), 500)

    @property
    def yes(self) -> bool:
        return bool(self.agreed.data == "yes")


class DetailsForm(FlaskForm):
    holder = _text(_("Holder of the account"), 200)
    bank = _text(_("Bank and branch"), 200)
    bank_code = _text(_("CNAPS number or BIC"), 20)
    number = _text(_("Account number or IBAN"), 60)
    reason = _text(_("Reason"), 500)


class PayeeForm(DetailsForm):
    """Details of somebody outside: a court, an appraiser."""

    party = _text(_("Payee, as the payout names it"), 200)
