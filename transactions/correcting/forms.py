"""The shape of a proposed correction: up to four fields and what they should say."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import FieldList, FormField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.form import Form
from wtforms.validators import InputRequired, Length

from transactions.texts import FIELDS

MOST_CHANGES = 4

_CHOICES = [SelectChoice("", "–"), *(SelectChoice(name, words) for name, words in FIELDS.items())]


class ChangeForm(Form):
    """One field and what it should say."""

    field = SelectField(_("Field"), choices=_CHOICES, default="")
    value = StringField(_("Should say"), [Length(max=2000)])


class CorrectionForm(FlaskForm):
    """What should be changed, and why."""

    changes = FieldList(FormField(ChangeForm), min_entries=MOST_CHANGES, max_entries=MOST_CHANGES)
    reason = TextAreaField(
        _("Reason"),
        [InputRequired(), Length(max=500)],
        description=_("It is published with the correction."),
    )

    def wanted(self) -> dict[str, str]:
        """Values by field; rows without a field ask for nothing."""
        rows = [entry.form for entry in self.changes]
        return {row.field.data: row.value.data or "" for row in rows if row.field.data}
