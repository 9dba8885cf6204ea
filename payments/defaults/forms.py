"""The shape of what is asked and decided after a default."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length, NumberRange

from payments.defaults.rules import DelayGround
from payments.defaults.texts import GROUNDS
from payments.forms import AmountForm

_GROUNDS = [SelectChoice(ground.value, words) for ground, words in GROUNDS.items()]


class AskForm(FlaskForm):
    """More time to pay."""

    days = IntegerField(_("Days more"), [InputRequired(), NumberRange(1, 365)])
    ground = SelectField(_("Why it is late"), choices=_GROUNDS)
    reason = StringField(_("In your words"), [InputRequired(), Length(max=500)])

    @property
    def chosen(self) -> DelayGround:
        return DelayGround(str(self.ground.data))


class PaidInForm(AmountForm):
    """Money that came in for something owed."""

    bank_reference = StringField(
        _("Number of the line in the bank statement"), [InputRequired(), Length(max=100)]
    )
