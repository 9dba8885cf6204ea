"""The shape of a risk-sharing agreement."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length


class SharingForm(FlaskForm):
    """What the agreement says."""

    document = StringField(_("Agreement"), [InputRequired(), Length(max=200)])
    shares = TextAreaField(
        _("Parties and shares"),
        [InputRequired(), Length(max=5000)],
        description=_(
            "One party on a line, its share at the end, such as 0.4; named as it is registered here."
        ),
    )
    reason = StringField(_("Reason"), [InputRequired(), Length(max=500)])
