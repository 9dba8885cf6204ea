"""The shape of what people type about money."""

import re
import uuid
from collections.abc import Container, Iterable
from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, SelectField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length

from marketplace.money import EXPONENTS, MalformedAmount, UnknownCurrency, parse_minor
from payments.rules import Method
from payments.texts import METHODS, WAYS
from payments.ways import Way

_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")

# A saved card among the ways to pay: this, and its id.
_SAVED = "card:"


def _plain(text: str | None) -> str:
    """What was typed, without well-placed thousands commas and spaces around it."""
    typed = (text or "").strip()
    return typed.replace(",", "") if _GROUPED.fullmatch(typed) else typed


def _amount() -> StringField:
    return StringField(
        lazy_gettext("Amount"),
        validators=[InputRequired(), Length(max=30)],
        filters=[_plain],
        render_kw={"inputmode": "decimal", "autocomplete": "off"},
    )


def _currency() -> SelectField:
    return SelectField(
        lazy_gettext("Currency"), choices=[SelectChoice(code, code) for code in EXPONENTS], default="CNY"
    )


def _text(label: Any, most: int, description: Any = "") -> StringField:
    return StringField(
        label,
        validators=[InputRequired(), Length(max=most)],
        description=description,
        render_kw={"autocomplete": "off"},
    )


class MethodForm(FlaskForm):
    method = RadioField(
        lazy_gettext("How do you pay?"),
        choices=[SelectChoice(method.value, label) for method, label in METHODS.items()],
        validators=[InputRequired()],
    )

    def offer(self, methods: Container[Method], cards: Iterable[tuple[uuid.UUID, str]] = ()) -> None:
        """Offer only these, in the order in which all are listed, and each saved card beside a card."""
        offered = [(method, label) for method, label in METHODS.items() if method in methods]
        choices = [SelectChoice(method.value, label) for method, label in offered]
        if any(method is Method.STRIPE for method, _ in offered):
            choices += [SelectChoice(f"{_SAVED}{card_id}", name) for card_id, name in cards]
        self.method.choices = choices
        if len(choices) == 1 and not self.is_submitted():
            self.method.data = choices[0].value  # what is no choice is not asked

    @property
    def chosen(self) -> Method:
        return Method.STRIPE if self.card_id else Method(self.method.data)

    @property
    def card_id(self) -> uuid.UUID | None:
        """The saved card that was chosen."""
        data = str(self.method.data)
        return uuid.UUID(data.removeprefix(_SAVED)) if data.startswith(_SAVED) else None


class WayForm(FlaskForm):
    """How the balance of a deal is paid; what cannot be used is shown, and refused by the service."""

    method = RadioField(
        lazy_gettext("How do you pay?"),
        choices=[SelectChoice(way.value, label) for way, label in WAYS.items()],
        validators=[InputRequired()],
    )

    @property
    def chosen(self) -> Way:
        return Way(self.method.data)


class AmountForm(FlaskForm):
    """An amount in a currency, as minor units."""

    amount = _amount()
    currency = _currency()

    def validate_amount(self, field: StringField) -> None:
        try:
            parse_minor(str(field.data), str(self.currency.data))
        except (MalformedAmount, UnknownCurrency):
            raise ValidationError(gettext("Write the amount in digits, for example 14,323.68.")) from None

    @property
    def minor(self) -> int:
        return parse_minor(str(self.amount.data), str(self.currency.data))


class ReceiptForm(AmountForm):
    reference = _text(
        lazy_gettext("Reference on the transfer"), 40, lazy_gettext("Ten signs, as on the buyer's page.")
    )
    bank_reference = _text(lazy_gettext("Number of the line in the bank statement"), 100)


class CollectForm(AmountForm):
    bank_reference = _text(lazy_gettext("Number of the line in the bank statement"), 100)


class CostForm(AmountForm):
    payee = _text(lazy_gettext("Paid to"), 200)
    kind = _text(lazy_gettext("What for"), 60)


class ReasonForm(FlaskForm):
    reason = _text(lazy_gettext("Reason"), 500)


class MoreTimeForm(ReasonForm):
    days = IntegerField(lazy_gettext("Days from now"), validators=[InputRequired()])


class PaidForm(FlaskForm):
    bank_reference = _text(lazy_gettext("Number of the line in the bank statement"), 100)
