"""Shape of what people enter about windows for offers."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp

_AMOUNT = Regexp(r"\s*[0-9]+(\.[0-9]{1,2})?\s*", message=_("A plain amount such as 1200000.00."))


def _amount(label: Any, *validators: Any, description: Any) -> StringField:
    checks = [*validators, Length(max=30), _AMOUNT]
    return StringField(label, checks, description=description, render_kw={"inputmode": "decimal"})


class WindowForm(FlaskForm):
    """A proposed window."""

    days = IntegerField(_("Days"), [InputRequired(), NumberRange(1, 365)], default=14)
    floor = _amount(
        _("Least offer"),
        Optional(),
        description=_("Everybody sees it; empty for none. In the lot's currency."),
    )


class EndForm(FlaskForm):
    """Why a window ends before its time."""

    reason = StringField(_("Reason"), [InputRequired(), Length(max=500)])


class LeaveForm(FlaskForm):
    """An offer in a window."""

    mandate_id = SelectField(_("On behalf of"), [Optional()], coerce=str)
    price = _amount(
        _("Your offer"),
        InputRequired(),
        description=_("In the lot's currency, without separators, such as 1200000.00."),
    )
    bound = BooleanField(
        _("We know that the offer binds us until the window closes and can only be raised."),
        [InputRequired(_("Please confirm that the offer binds you."))],
    )
