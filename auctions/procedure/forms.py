"""The shape of what a bank enters about the next step; each kind of step has its form."""

import re
from datetime import datetime
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    Field,
    HiddenField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, Optional, Regexp

from auctions.procedure.rules import AttemptTerms, Proposal
from marketplace.clock import LOCAL_ZONE, aware
from marketplace.money import MalformedAmount, parse_minor
from marketplace.rule_packs import StepKind

_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_DECIMAL = Regexp(r"[0-9]+(\.[0-9]{1,2})?\Z", message=_("A plain amount such as 1200000.00."))
_MOMENTS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]


def _plain(text: str | None) -> str:
    typed = (text or "").strip()
    return typed.replace(",", "") if _GROUPED.fullmatch(typed) else typed


def _fits(form: Any, field: Field) -> None:
    """Amounts must fit the places of the form's currency."""
    try:
        parse_minor(field.data or "0", form.currency)
    except MalformedAmount as malformed:
        raise ValidationError(gettext("An amount has more places than the currency.")) from malformed


def _amount(label: Any, hint: Any = "", *, needed: bool = False) -> StringField:
    return StringField(
        label,
        [InputRequired() if needed else Optional(), Length(max=30), _DECIMAL, _fits],
        filters=[_plain],
        description=hint,
        render_kw={"inputmode": "decimal", "autocomplete": "off"},
    )


class StepForm(FlaskForm):
    """What every step needs. `currency` is set before validation: amounts must fit its places."""

    kind: StepKind
    currency = "CNY"
    reason = TextAreaField(_("Reason"), [InputRequired(), Length(max=500)])

    def minor(self, name: str) -> int | None:
        """An amount that was entered, in minor units; None where it was left empty or the form has none."""
        text = self[name].data if name in self else None
        return parse_minor(text, self.currency) if text else None

    def proposal(self) -> Proposal:
        """What was entered; only after validation."""
        return Proposal(
            kind=self.kind,
            reason=self.reason.data or "",
            price_minor=self.minor("price"),
            cost_minor=self.minor("cost") or 0,
            cost_payee=self["cost_payee"].data or "" if "cost_payee" in self else "",
            document=self["document"].data or "" if "document" in self else "",
            paid_on=self["paid_on"].data if "paid_on" in self else None,
            third_parties_checked=bool(
                "third_parties_checked" in self and self["third_parties_checked"].data
            ),
        )


class AttemptForm(StepForm):
    """The terms of another auction."""

    kind = StepKind.NEXT_AUCTION
    start_price_minor = _amount(_("Start price"), needed=True)
    reserve_minor = _amount(_("Reserve"), _("The least price at which the bank sells; empty for none."))
    deposit_minor = _amount(_("Deposit"))
    increment_minor = _amount(_("Increment"))
    opens_at = DateTimeLocalField(_("Bidding opens"), [InputRequired()], format=_MOMENTS)
    closes_at = DateTimeLocalField(_("Bidding closes"), [InputRequired()], format=_MOMENTS)

    def proposal(self) -> Proposal:
        terms = AttemptTerms(
            start_price_minor=self.minor("start_price_minor") or 0,
            reserve_minor=self.minor("reserve_minor"),
            deposit_minor=self.minor("deposit_minor"),
            increment_minor=self.minor("increment_minor"),
            opens_at=_to_utc(self.opens_at.data),
            closes_at=_to_utc(self.closes_at.data),
        )
        return Proposal(kind=self.kind, reason=self.reason.data or "", attempt=terms)


class SaleOffForm(AttemptForm):
    """The terms of a sale-off."""

    kind = StepKind.SALE_OFF


class CostForm(StepForm):
    """A step that states what the procedure has cost."""

    cost = _amount(_("Costs so far"), _("Publication, appraisal, storage; empty for none."))
    cost_payee = StringField(_("Who gets the costs"), [Optional(), Length(max=200)])


class TakingForm(CostForm):
    kind = StepKind.TAKING


class ConversionForm(CostForm):
    kind = StepKind.CONVERSION
    price = _amount(_("Agreed price"), needed=True)
    document = StringField(
        _("Agreement"),
        [InputRequired(), Length(max=200)],
        description=_("Number and date of the agreement with the pledgor, made after the default."),
    )
    third_parties_checked = BooleanField(
        _("No other creditor and no co-owner is harmed by it; the price follows the market.")
    )


class RedemptionForm(CostForm):
    kind = StepKind.REDEMPTION
    price = _amount(_("Paid by the debtor"), needed=True)
    paid_on = DateField(_("Day of the payment"), [InputRequired()])
    document = StringField(
        _("Proof of payment"), [InputRequired(), Length(max=200)], description=_("The bank's own reference.")
    )


class WithdrawalForm(CostForm):
    kind = StepKind.WITHDRAWAL


FORMS: dict[StepKind, type[StepForm]] = {
    form.kind: form
    for form in (AttemptForm, SaleOffForm, TakingForm, ConversionForm, RedemptionForm, WithdrawalForm)
}


class ApproveForm(FlaskForm):
    """The digest of the proposal the approver has in front of him."""

    seen_hash = HiddenField(validators=[InputRequired(), Length(max=64)])


class RefuseForm(FlaskForm):
    """Why a proposal is not approved, or is taken back."""

    reason = TextAreaField(_("Reason"), [InputRequired(), Length(max=500)])


def _to_utc(local: datetime | None) -> datetime:
    if local is None:
        raise ValueError("a form was read before it was valid")
    return aware(local.replace(tzinfo=LOCAL_ZONE))
