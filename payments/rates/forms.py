"""The shape of a rate of the day."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, StringField
from wtforms.validators import InputRequired, Length


class RateForm(FlaskForm):
    """A rate with its day and source."""

    currency = SelectField(_("Currency of the claim"))
    rate = StringField(
        _("Exchange rate"), [InputRequired(), Length(max=30)], render_kw={"inputmode": "decimal"}
    )
    rate_on = DateField(_("Day"), [InputRequired()])
    source = StringField(_("Published by"), [InputRequired(), Length(max=200)])
    reason = StringField(_("Reason"), [InputRequired(), Length(max=500)])
