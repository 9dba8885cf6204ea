"""The shape of what bidders type about a deposit for several lots."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from marketplace.money import EXPONENTS
from payments.forms import AmountForm


class OpenForm(FlaskForm):
    currency = SelectField(
        lazy_gettext("Currency"), choices=[SelectChoice(code, code) for code in EXPONENTS], default="CNY"
    )


class TakeBackForm(AmountForm):
    """How much of it goes back."""
