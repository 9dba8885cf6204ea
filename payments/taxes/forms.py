"""The shape of what people type about taxes."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from marketplace.taxes import Treatment
from marketplace.taxes.texts import SERVICE_TREATMENTS


def _text(label: Any, most: int, *, needed: bool = False) -> StringField:
    first = InputRequired() if needed else Optional()
    return StringField(label, [first, Length(max=most)], render_kw={"autocomplete": "off"})


class ParticularsForm(FlaskForm):
    """Fields are named as the columns of `Particulars`."""

    tax_number = _text(_("Tax number"), 60, needed=True)
    treatment = SelectField(_("How your services are taxed"), default=Treatment.NOT_DETERMINED)
    address = _text(_("Address"), 300)
    telephone = _text(_("Telephone"), 40)
    bank = _text(_("Bank"), 100)
    bank_account = _text(_("Account number"), 60)

    def __init__(self, *arguments: Any, **values: Any) -> None:
        super().__init__(*arguments, **values)
        self.treatment.choices = {str(name): str(text) for name, text in SERVICE_TREATMENTS.items()}


class RegistrationForm(FlaskForm):
    """The registration of a technology contract."""

    number = _text(_("Number of the registration"), 60, needed=True)
    registered_on = DateField(_("Registered on"), [InputRequired()])
