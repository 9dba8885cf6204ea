"""What a visitor may ask the list of prior sales for."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, ClassVar

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import Field, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import ValidationError

from marketplace.money import EXPONENTS, MalformedAmount, parse_minor
from transactions.market.filters import Filters
from transactions.market.rules.regions import unit_of
from transactions.market.texts import FORCED, PRICE_BANDS, SIZE_BANDS
from transactions.rules.words import AssetFamily, AssetType, Channel, ProofGrade, RightSold, SaleOutcome
from transactions.texts import ASSET_TYPES, CHANNELS, FAMILIES, GRADES, OUTCOMES, RIGHTS_SOLD

_ALL = SelectChoice("", lazy_gettext("All"))
_REGION = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")
_CLASS = re.compile(r"[A-HY][0-9]{2}[A-Z]?([0-9]{1,4}(/[0-9]{0,6})?)?|[A-HY]|[0-9]{1,2}")


def _choices(words: Mapping[Any, Any]) -> list[SelectChoice]:
    return [_ALL, *(SelectChoice(str(key), text) for key, text in words.items())]


def _select(label: Any, words: Mapping[Any, Any]) -> SelectField:
    return SelectField(label, choices=_choices(words), default="")


class SalesFilterForm(FlaskForm):
    """A form of a GET request: it changes nothing, so it carries no token."""

    class Meta:
        """No token in an address."""

        csrf = False

    family = _select(lazy_gettext("Type of right"), FAMILIES)
    asset_type = _select(lazy_gettext("Kind of right"), ASSET_TYPES)
    right_sold = _select(lazy_gettext("What was sold"), RIGHTS_SOLD)
    technology_field = _select(lazy_gettext("Technology field"), {})
    ipc = StringField(
        lazy_gettext("Class symbol"),
        default="",
        description=lazy_gettext(
            "With everything below it: H01M holds H01M10/0525. A number is a Nice class."
        ),
    )
    channel = _select(lazy_gettext("Channel"), CHANNELS)
    outcome = _select(lazy_gettext("Outcome"), OUTCOMES)
    year = _select(lazy_gettext("Year"), {})
    grade = _select(lazy_gettext("Proof grade"), {key: key.value for key in GRADES})
    forced = _select(lazy_gettext("Forced or voluntary"), FORCED)
    region = StringField(lazy_gettext("Region"), default="")
    currency = _select(lazy_gettext("Currency"), {code: code for code in EXPONENTS})
    size = _select(lazy_gettext("Number of rights"), SIZE_BANDS)
    band = _select(lazy_gettext("Price band"), PRICE_BANDS)
    least = StringField(lazy_gettext("Price from"), default="")
    most = StringField(lazy_gettext("Price to"), default="")

    # Every field in the order of the page; those that are typed, the others are chosen from counts.
    shown: ClassVar[tuple[str, ...]] = (
        "family",
        "asset_type",
        "right_sold",
        "technology_field",
        "ipc",
        "channel",
        "outcome",
        "year",
        "grade",
        "forced",
        "region",
        "currency",
        "size",
        "band",
        "least",
        "most",
    )

    def offer(self, fields: Mapping[int, str], years: list[int]) -> None:
        """Fill in the choices that depend on the language and on the records."""
        self.technology_field.choices = _choices(fields)
        self.year.choices = _choices({year: str(year) for year in years})

    def validate_ipc(self, field: Field) -> None:
        if field.data and not _CLASS.fullmatch(_symbol(field.data)):
            raise ValidationError(gettext("This is no class symbol: write it as H01M, H01M10/05 or 9."))

    def validate_region(self, field: Field) -> None:
        if field.data and not _REGION.fullmatch(field.data.strip().upper()):
            raise ValidationError(gettext("Write a region as ISO 3166-2 does, for example CN-37."))

    def validate_band(self, field: Field) -> None:
        if field.data and self.currency.data not in EXPONENTS:
            raise ValidationError(gettext("Choose the currency of the prices first."))

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
        forced = self._text("forced")
        region = self._text("region").upper()
        unit = unit_of(region)
        return Filters(
            family=self._word("family", AssetFamily),
            asset_type=self._word("asset_type", AssetType),
            right_sold=self._word("right_sold", RightSold),
            technology_field=self._number("technology_field"),
            class_prefix=_symbol(self._text("ipc")),
            channel=self._word("channel", Channel),
            outcome=self._word("outcome", SaleOutcome),
            year=self._number("year"),
            grade=self._word("grade", ProofGrade),
            forced=forced == "yes" if forced else None,
            region=unit.code if unit else region,
            currency=self._text("currency") or None,
            size=self._text("size"),
            band=self._text("band"),
            least_minor=self._amount("least"),
            most_minor=self._amount("most"),
        )

    def asked(self) -> dict[str, str]:
        """The fields that ask for something, as they stand in the address."""
        return {name: text for name in self.shown if (text := self._text(name))}

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


def _symbol(text: str) -> str:
    """A class symbol without blanks, in capitals."""
    return "".join(text.split()).upper()
