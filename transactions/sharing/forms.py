"""The shape of what people type about contributors."""

from datetime import date, datetime, time

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from marketplace.clock import LOCAL_ZONE
from transactions.sharing.rules.contributors import ContributorKind
from transactions.sharing.service.registering import Application
from transactions.sharing.texts import KINDS

_PLAIN = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}


def _key_field() -> StringField:
    return StringField(
        lazy_gettext("Public key"),
        validators=[InputRequired(), Length(max=60)],
        description=lazy_gettext("Ed25519, 32 bytes in base64. The private key never leaves you."),
        render_kw=_PLAIN,
    )


class ApplicationForm(FlaskForm):
    """An institution asks to contribute."""

    code = StringField(
        lazy_gettext("Short name"),
        validators=[InputRequired(), Length(max=40)],
        description=lazy_gettext(
            "Your records stand under it: small letters, digits, hyphens. It never changes."
        ),
        render_kw=_PLAIN,
    )
    kind = SelectField(
        lazy_gettext("You contribute as"),
        choices=lambda: {str(kind): str(words) for kind, words in KINDS.items()},
        coerce=ContributorKind,
    )
    public_key = _key_field()
    parent_name = StringField(
        lazy_gettext("Ultimate parent"),
        validators=[Optional(), Length(max=200)],
        description=lazy_gettext("The company at the top of your group, if you are not it yourself."),
    )
    parent_number = StringField(
        lazy_gettext("Its registration number"), validators=[Optional(), Length(max=40)], render_kw=_PLAIN
    )

    def application(self) -> Application:
        """What was typed; only once the form is valid."""
        return Application(
            code=str(self.code.data),
            kind=self.kind.data,
            public_key=str(self.public_key.data),
            parent_name=str(self.parent_name.data or ""),
            parent_number=str(self.parent_number.data or ""),
        )


class ReasonForm(FlaskForm):
    """A step by the button that is pressed, with its reason."""

    decision = HiddenField(validators=[InputRequired(), Length(max=20)])
    reason = TextAreaField(
        lazy_gettext("Reason"), validators=[InputRequired(), Length(max=500)], render_kw={"rows": 3}
    )


class ButtonForm(FlaskForm):
    """A decision by the button that is pressed."""

    decision = HiddenField(validators=[InputRequired(), Length(max=20)])


class KeyForm(FlaskForm):
    """One more key."""

    public_key = _key_field()
    valid_from = DateField(
        lazy_gettext("Counts from"),
        validators=[Optional()],
        description=lazy_gettext("Empty for at once."),
    )
    valid_until = DateField(
        lazy_gettext("Counts until"),
        validators=[Optional()],
        description=lazy_gettext("The first day on which it no longer counts; empty for no end."),
    )

    def span(self) -> tuple[datetime | None, datetime | None]:
        """Beginning and end as moments."""
        return _midnight(self.valid_from.data), _midnight(self.valid_until.data)


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), LOCAL_ZONE)


class RevocationForm(FlaskForm):
    """The end of a key."""

    reason = StringField(lazy_gettext("Reason"), validators=[InputRequired(), Length(max=500)])
