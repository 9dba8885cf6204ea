"""What a visitor may ask the list of prior sales for."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, ClassVar

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import Field, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import ValidationError

from marketplace.money import EXPONENTS, MalformedAmount, parse_minor
from transactions.queries import Filters
from transactions.rules.words import AssetFamily, Channel, SaleOutcome
from transactions.texts import CHANNELS, FAMILIES, OUTCOMES

_ALL = SelectChoice("", lazy_gettext("All"))


def _choices(words: Mapping[Any, Any]) -> list[SelectChoice]:
    return [_ALL, *(SelectChoice(str(key), text) for key, text in words.items())]


class SalesFilterForm(FlaskForm):
    """A form of a GET request: it changes nothing, so it carries no token."""

    class Meta:
        """No token in an address."""

        csrf = False

    family = SelectField(lazy_gettext("Type of right"), choices=_choices(FAMILIES), default="")
    technology_field = SelectField(lazy_gettext("Technology field"), choices=[_ALL], default="")
    channel = SelectField(lazy_gettext("Channel"), choices=_choices(CHANNELS), default="")
    outcome = SelectField(lazy_gettext("Outcome"), choices=_choices(OUTCOMES), default="")
    year = SelectField(lazy_gettext("Year"), choices=[_ALL], default="")
    currency = SelectField(
        lazy_gettext("Currency"), choices=_choices({code: code for code in EXPONENTS}), default=""
    )
    least = StringField(lazy_gettext("Price from"), default="")
    most = StringField(lazy_gettext("Price to"), default="")

    shown: ClassVar[tuple[str, ...]] = (
        "family",
        "technology_field",
        "channel",
        "outcome",
        "year",
        "currency",
        "least",
        "most",
    )

    def offer(self, fields: Mapping[int, str], years: list[int]) -> None:
        """Fill in the choices that depend on the language and on the records."""
        self.technology_field.choices = _choices(fields)
        self.year.choices = _choices({year: str(year) for year in years})

    def validate_least(self, field: Field) -> None:
        self._check_amount(field)

    def validate_most(self, field: Field) -> None:
        self._check_amount(field)

    def _check_amount(self, field: Field) -> None:
        if not field.data:
            return
        if self.currency.data not in EXPONENTS:
            raise ValidationError(gettext("Choose the currency of the prices first."))
        try:
            parse_minor(field.data.strip(), self.currency.data)
        except MalformedAmount:
            raise ValidationError(gettext("This is no amount: write it as 50000 or 50000.00.")) from None

    def filters(self) -> Filters:
        """What was asked for; a field in error asks for nothing."""
        return Filters(
            family=self._word("family", AssetFamily),
            technology_field=self._number("technology_field"),
            channel=self._word("channel", Channel),
            outcome=self._word("outcome", SaleOutcome),
            year=self._number("year"),
            currency=self._text("currency") or None,
            least_minor=self._amount("least"),
            most_minor=self._amount("most"),
        )

    def _text(self, name: str) -> str:
        field = self[name]
        return "" if field.errors else (field.data or "").strip()

    def _word(self, name: str, words: type[StrEnum]) -> Any:
        text = self._text(name)
        return words(text) if text else None

    def _number(self, name: str) -> int | None:
        text = self._text(name)
        return int(text) if text else None

    def _amount(self, name: str) -> int | None:
        text, currency = self._text(name), self._text("currency")
        return parse_minor(text, currency) if text and currency else None
