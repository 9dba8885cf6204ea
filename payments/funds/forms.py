"""The shape of what people type about money in funds and the documents behind it."""

import hashlib
import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import DateField, SelectField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length, Optional

from marketplace.money import MalformedAmount, parse_minor
from payments.forms import _plain
from payments.funds.rules import EvidenceKind
from payments.funds.texts import EVIDENCE

_WRITE_DIGITS = _("Write the amount in digits, for example 14,323.68.")


def amount_field(label: Any, hint: Any = "", *, needed: bool = True) -> StringField:
    """An amount in the form's currency."""
    return StringField(
        label,
        [InputRequired() if needed else Optional(), Length(max=30), _fits],
        filters=[_plain],
        description=hint,
        render_kw={"inputmode": "decimal", "autocomplete": "off"},
    )


def _fits(form: Any, field: StringField) -> None:
    try:
        parse_minor(field.data or "0", form.currency)
    except MalformedAmount:
        raise ValidationError(str(_WRITE_DIGITS)) from None


def choices(words: Mapping[Any, Any]) -> list[SelectChoice]:
    """The members of an enum with their words, for a list to choose from."""
    return [SelectChoice(member.value, word) for member, word in words.items()]


class FundForm(FlaskForm):
    """A form with amounts; `currency` is the fund's and is set before validation."""

    currency = "CNY"

    def minor(self, name: str) -> int | None:
        """An amount in minor units; None where it was left empty."""
        text = self[name].data
        return parse_minor(text, self.currency) if text else None


class PartyForm(FundForm):
    """Money of one of the fund's parties."""

    party = SelectField(_("Whose money"), [InputRequired()], coerce=uuid.UUID)

    def offer(self, parties: Mapping[uuid.UUID, str]) -> None:
        self.party.choices = [SelectChoice(str(one), name) for one, name in parties.items()]


class ContributionForm(PartyForm):
    amount = amount_field(_("Amount"))
    bank_reference = StringField(
        _("Number of the line in the bank statement"), [InputRequired(), Length(max=100)]
    )


class WithdrawalForm(PartyForm):
    amount = amount_field(_("Amount"))
    reason = StringField(_("Reason"), [InputRequired(), Length(max=500)])


class EvidenceForm(FlaskForm):
    """A document: where it is kept, and its digest, typed or computed from the file, which is not kept."""

    kind = SelectField(_("Document"), [InputRequired()], choices=choices(EVIDENCE))
    reference = StringField(
        _("Number and date"),
        [InputRequired(), Length(max=200)],
        description=_("The number it bears, its date, and where it is kept."),
    )
    file = FileField(
        _("File"),
        [Optional()],
        description=_("Only its SHA-256 digest is kept here, so that the file can be checked later."),
    )
    digest = StringField(_("SHA-256 digest"), [Optional(), Length(max=64)])

    @property
    def chosen(self) -> EvidenceKind:
        return EvidenceKind(self.kind.data)

    @property
    def digest_of_it(self) -> str:
        """Of the file where one was sent, else what was typed."""
        if self.file.data:
            return hashlib.sha256(self.file.data.read()).hexdigest()
        return self.digest.data or ""


class PeriodForm(FlaskForm):
    """A period for a list: both days belong to it."""

    class Meta:
        """It changes nothing, so it need not prove that it is ours."""

        csrf = False

    since = DateField(_("From"), [InputRequired()])
    until = DateField(_("Until"), [InputRequired()])

    def validate_until(self, field: DateField) -> None:
        first, last = self.since.data, field.data
        if isinstance(first, date) and isinstance(last, date) and last < first:
            raise ValidationError(gettext("The last day is not before the first."))
