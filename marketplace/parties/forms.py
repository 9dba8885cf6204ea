"""The shape of what people type. Only fields named here are ever read from a request."""

from collections.abc import Iterable
from typing import Any

from babel import Locale
from flask_babel import get_locale, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import (
    EmailField,
    Field,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Email, InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from marketplace.language import LANGUAGES
from marketplace.parties.names import clean_email
from marketplace.parties.passwords import GREATEST_LENGTH
from marketplace.parties.rules import SELF_REGISTERING, InstitutionStatus, Role
from marketplace.parties.texts import KINDS, ROLES

# The hash takes any length; a limit well above the rule's only keeps megabytes out.
_MOST_TYPED = GREATEST_LENGTH * 4

# Codes of the locale data that stand for regions, tests or nothing.
_NO_COUNTRIES = frozenset({"ZZ", "EU", "EZ", "UN", "XA", "XB", "QO"})


def country_choices() -> dict[str, str]:
    """Codes and names of countries in the reader's language, China first."""
    territories: Iterable[tuple[str, str]] = Locale.parse(str(get_locale() or "zh")).territories.items()
    named = sorted((name, code) for code, name in territories if len(code) == 2 and code.isalpha())
    countries = [(code, name) for name, code in named if code not in _NO_COUNTRIES]
    return dict(sorted(countries, key=lambda country: country[0] != "CN"))


def _kind_choices() -> dict[str, str]:
    return {kind.value: str(KINDS[kind]) for kind in SELF_REGISTERING}


def _role_choices() -> dict[str, str]:
    return {role.value: str(ROLES[role]) for role in Role}


class MultiCheckboxField(SelectMultipleField):
    """Several choices as check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def _email(label: Any) -> EmailField:
    return EmailField(
        label,
        validators=[InputRequired(), Length(max=254), Email()],
        filters=[lambda text: clean_email(text) if text else text],
        render_kw={"autocomplete": "username", "spellcheck": "false"},
    )


def _password(label: Any, autocomplete: str, description: Any = "") -> PasswordField:
    return PasswordField(
        label,
        validators=[InputRequired(), Length(max=_MOST_TYPED)],
        description=description,
        render_kw={"autocomplete": autocomplete},
    )


def _new_password() -> PasswordField:
    hint = lazy_gettext("At least 12 characters. A sentence is good; your name or a common word is not.")
    return _password(lazy_gettext("New password"), "new-password", hint)


def _code(label: Any) -> StringField:
    return StringField(
        label,
        validators=[InputRequired(), Length(max=40)],
        description=lazy_gettext("The six digits that your authenticator shows now. Each works once."),
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )


class SignInForm(FlaskForm):
    email = _email(lazy_gettext("E-mail"))
    password = _password(lazy_gettext("Password"), "current-password")
    next = HiddenField(validators=[Length(max=500)])


class CodeForm(FlaskForm):
    code = _code(lazy_gettext("Code"))
    next = HiddenField(validators=[Length(max=500)])


class EnrolForm(CodeForm):
    """`current_code` is asked only of somebody who replaces a second factor."""

    current_code = StringField(
        lazy_gettext("Code of the present second factor"),
        validators=[Optional(), Length(max=40)],
        render_kw={"autocomplete": "off", "inputmode": "numeric"},
    )


class NewPasswordForm(FlaskForm):
    password = _new_password()
    next = HiddenField(validators=[Length(max=500)])


class ChangePasswordForm(FlaskForm):
    old_password = _password(lazy_gettext("Present password"), "current-password")
    password = _new_password()


class LanguageForm(FlaskForm):
    language = SelectField(lazy_gettext("Language of pages and mails"), choices=lambda: dict(LANGUAGES))


class RegistrationForm(FlaskForm):
    kind = RadioField(
        lazy_gettext("You register a"),
        choices=_kind_choices,
        validators=[InputRequired()],
    )
    name = StringField(
        lazy_gettext("Name of the institution"),
        validators=[InputRequired(), Length(max=200)],
        description=lazy_gettext("As in the register of companies."),
        render_kw={"autocomplete": "organization"},
    )
    country = SelectField(lazy_gettext("Country"), default="CN", choices=country_choices)
    registration_number = StringField(
        lazy_gettext("Registration number"),
        validators=[InputRequired(), Length(max=40)],
        description=lazy_gettext("In China the unified social credit code, 18 characters."),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    person_name = StringField(
        lazy_gettext("Your name"),
        validators=[InputRequired(), Length(max=100)],
        render_kw={"autocomplete": "name"},
    )
    email = _email(lazy_gettext("Your e-mail at work"))
    password = _new_password()


class PersonForm(FlaskForm):
    person_name = StringField(lazy_gettext("Name"), validators=[InputRequired(), Length(max=100)])
    email = _email(lazy_gettext("E-mail"))
    roles = MultiCheckboxField(lazy_gettext("Roles"), choices=_role_choices)
    language = SelectField(lazy_gettext("Language"), choices=lambda: dict(LANGUAGES))


class RolesForm(FlaskForm):
    roles = MultiCheckboxField(lazy_gettext("Roles"), choices=_role_choices)


class GroupForm(FlaskForm):
    """Where the institution is, and whose it is at last."""

    region = StringField(
        lazy_gettext("Region"),
        validators=[Optional(), Length(max=10)],
        description=lazy_gettext(
            "ISO 3166-2, for example CN-37. Empty means the province of the registration number."
        ),
    )
    parent_country = SelectField(
        lazy_gettext("Country of the ultimate parent"), default="CN", choices=country_choices
    )
    parent_number = StringField(
        lazy_gettext("Registration number of the ultimate parent"),
        validators=[Optional(), Length(max=40)],
        description=lazy_gettext("Empty where the institution belongs to no group."),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )


class DecisionForm(FlaskForm):
    status = HiddenField(validators=[InputRequired()])
    reason = TextAreaField(
        lazy_gettext("Reason"),
        validators=[Optional(), Length(max=500)],
        description=lazy_gettext("The institution reads it. Needed for a refusal or a suspension."),
    )

    def chosen(self) -> InstitutionStatus | None:
        """The status asked for, or None for a value that no button of ours sends."""
        values = {status.value: status for status in InstitutionStatus}
        return values.get(self.status.data or "")


def text(field: Field) -> str:
    """What was typed, or nothing."""
    return str(field.data or "")
