"""What is entered about disclosure: a question at fixed steps, the reason of a request."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import UUID, InputRequired, Length

_ALL = SelectChoice("", _("All"))

NAMES = ("type", "sector", "field", "year", "quarter", "channel", "currency")


class QuestionForm(FlaskForm):
    """One step of each filter, or all of them."""

    type = SelectField(_("Type of right"), choices=[_ALL], default="")
    sector = SelectField(_("Sector"), choices=[_ALL], default="")
    field = SelectField(_("Technology field"), choices=[_ALL], default="")
    year = SelectField(_("Year"), choices=[_ALL], default="")
    quarter = SelectField(_("Quarter"), choices=[_ALL], default="")
    channel = SelectField(_("Channel"), choices=[_ALL], default="")
    currency = SelectField(
        _("Currency"), choices=[_ALL], default="", description=_("Choose one to be told of prices.")
    )

    def offer(self, words: Mapping[str, Mapping[str, Any]]) -> None:
        """Fill in the steps of each filter with their words."""
        for name in NAMES:
            steps = [SelectChoice(key, text) for key, text in words[name].items()]
            self[name].choices = [_ALL, *steps]

    def question(self) -> dict[str, list[str]]:
        """What was asked; only after validation."""
        return {name: [self[name].data] for name in NAMES if self[name].data}


class RequestForm(FlaskForm):
    """Which record is to be read exactly, and why."""

    record_id = StringField(_("Id of the record"), [InputRequired(), UUID()])
    reason = TextAreaField(_("Reason"), [InputRequired(), Length(max=500)])
