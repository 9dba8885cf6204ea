"""Shape of what people enter about claims of a right of first refusal."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from marketplace.listings.priority.rules import HolderKind
from marketplace.listings.priority.texts import KINDS


class ClaimForm(FlaskForm):
    """What a bidder says it holds, and by which document."""

    kind = SelectField(
        _("We are"), coerce=HolderKind, choices=lambda: {str(kind): str(KINDS[kind]) for kind in HolderKind}
    )
    proof = StringField(
        _("Proof"),
        [InputRequired(), Length(max=500)],
        description=_("The document that shows it, and where the seller finds it."),
    )


class AnswerForm(FlaskForm):
    """The answer to a claim: as which holder it is confirmed, or why not."""

    holder_id = SelectField(_("Holder on the lot's list"), [Optional()], coerce=str)
    reason = StringField(
        _("Reason"),
        [Optional(), Length(max=500)],
        description=_("Needed to refuse; the bidder will read it."),
    )
