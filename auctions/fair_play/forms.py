"""The shape of what people type about fair play."""

from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from auctions.fair_play.rules.listing import MOST_DAYS
from auctions.fair_play.rules.policy import RECORDED, Capacity
from auctions.fair_play.rules.ties import TieKind
from auctions.fair_play.service.ties import Other
from auctions.fair_play.texts import CAPACITIES, TIES
from marketplace.parties.forms import country_choices


def _reason(label: Any = None) -> TextAreaField:
    return TextAreaField(
        label or lazy_gettext("Reason"), validators=[InputRequired(), Length(max=500)], render_kw={"rows": 3}
    )


class ReasonForm(FlaskForm):
    """An act that needs a reason."""

    reason = _reason()


class ConclusionForm(FlaskForm):
    """What came of looking into something; the button says which way."""

    decision = HiddenField(validators=[InputRequired(), Length(max=20)])
    reason = _reason()


class ButtonForm(FlaskForm):
    """A decision by the button that is pressed."""

    decision = HiddenField(validators=[InputRequired(), Length(max=20)])


class OtherForm(FlaskForm):
    """Somebody, in the marketplace or outside, and where it is proved."""

    name = StringField(lazy_gettext("Name"), validators=[InputRequired(), Length(max=200)])
    country = SelectField(lazy_gettext("Country"), default="CN", choices=country_choices)
    registration_number = StringField(
        lazy_gettext("Registration number"),
        validators=[Optional(), Length(max=40)],
        description=lazy_gettext("Without it the tie rests on the name, and a person looks at it first."),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    evidence = StringField(
        lazy_gettext("Where this is proved"),
        validators=[InputRequired(), Length(max=500)],
        description=lazy_gettext("Register of companies, decision, contract: with date and number."),
    )

    def what(self) -> dict[str, Any]:
        """Who it is and the evidence, as the verbs take it; only once the form is valid."""
        number = str(self.registration_number.data or "")
        other = Other(str(self.name.data), str(self.country.data), number)
        return {"other": other, "evidence": str(self.evidence.data)}


class TieForm(OtherForm):
    """A tie to somebody."""

    kind = SelectField(
        lazy_gettext("Kind of tie"),
        choices=lambda: {str(kind): str(words) for kind, words in TIES.items()},
        coerce=TieKind,
    )


class PartyForm(OtherForm):
    """What somebody is to a lot."""

    capacity = SelectField(
        lazy_gettext("Is to the lot its"),
        choices=lambda: {str(one): str(CAPACITIES[one]) for one in RECORDED},
        coerce=Capacity,
    )


class ListingForm(FlaskForm):
    """A proposal for the barred list."""

    country = SelectField(lazy_gettext("Country"), default="CN", choices=country_choices)
    registration_number = StringField(
        lazy_gettext("Registration number"), validators=[InputRequired(), Length(max=40)]
    )
    reason = _reason(lazy_gettext("Reason; the institution will read it"))
    source = StringField(lazy_gettext("Where this is proved"), validators=[InputRequired(), Length(max=300)])
    days = IntegerField(
        lazy_gettext("For how many days"),
        default=365,
        validators=[InputRequired(), NumberRange(1, MOST_DAYS)],
    )


class AnswerForm(FlaskForm):
    """What a barred institution says to its entry."""

    answer = TextAreaField(
        lazy_gettext("Your answer"), validators=[InputRequired(), Length(max=2000)], render_kw={"rows": 6}
    )


class ExemptionForm(FlaskForm):
    """An exception for one buyer and one lot."""

    code = HiddenField(validators=[InputRequired(), Length(max=60)])
    institution_id = HiddenField(validators=[InputRequired(), Length(max=36)])
    reason = _reason(lazy_gettext("Why the buyer may bid all the same"))
