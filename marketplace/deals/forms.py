"""Shape of what people enter about mandates, offers and transfers."""

from decimal import Decimal

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    DateTimeLocalField,
    DecimalField,
    HiddenField,
    SelectField,
    StringField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp


class MandateForm(FlaskForm):
    """An agency's proposal; the client is named by its registration number."""

    client = StringField(
        _("Registration number of the client"),
        [InputRequired(), Length(max=40)],
        description=_("For a bank you would sell for it, for a buyer you would buy for it."),
    )
    lot = HiddenField(validators=[Length(max=36)])
    commission = DecimalField(
        _("Commission in percent of the price"),
        [InputRequired(), NumberRange(min=0, max=100)],
        places=2,
        description=_("Borne by the client, in steps of 0.01 percent."),
    )
    valid_until = DateField(_("Last day"), [InputRequired()])

    def basis_points(self) -> int:
        """Hundredths of a percent; only after validation."""
        return int(((self.commission.data or Decimal(0)) * 100).to_integral_value())


class OfferForm(FlaskForm):
    """A price for a lot under a mandate."""

    mandate_id = SelectField(_("Mandate"), [InputRequired()], coerce=str)
    price = StringField(
        _("Price"),
        [InputRequired(), Regexp(r"\s*[0-9]+(\.[0-9]{1,2})?\s*")],
        description=_("In the lot's currency, without separators, such as 1200000.00."),
        render_kw={"inputmode": "decimal"},
    )
    buyer = StringField(
        _("Registration number of the buyer"),
        [Optional(), Length(max=40)],
        description=_("Only under a mandate to sell: the buyer you found, who must confirm."),
    )
    expires_at = DateTimeLocalField(_("Stands until"), [InputRequired()], format="%Y-%m-%dT%H:%M")


class StepForm(FlaskForm):
    """The document that proves a step of the transfer."""

    document_reference = StringField(_("Number of the document"), [InputRequired(), Length(max=200)])
