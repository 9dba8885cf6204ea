"""The shape of what people type about pools, agreements and claims."""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, DateField, IntegerField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from marketplace.home.words import BASES
from marketplace.money import EXPONENTS
from marketplace.rights.rules import RightType
from marketplace.rights.texts import RIGHT_TYPES
from marketplace.rule_packs import Basis
from payments.compensation.rules import Agreement, Covers, Party, PartyRole
from payments.compensation.service.covering import StatedLoan
from payments.compensation.texts import COVERS
from payments.funds.forms import FundForm, amount_field, choices
from payments.funds.rules import EvidenceKind, FirmSize
from payments.funds.texts import EVIDENCE, SIZES

_DAYS_MOST = 3650


class MultiCheckboxField(SelectMultipleField):
    """Several of a list; the same widgets that the pages know as a list of checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def _days(label: Any, hint: Any = "", *, needed: bool = False) -> IntegerField:
    known = [InputRequired() if needed else Optional(), NumberRange(0, _DAYS_MOST)]
    return IntegerField(label, known, description=hint)


def _share(label: Any) -> IntegerField:
    return IntegerField(label, [Optional(), NumberRange(0, 10_000)])


def _institution(label: Any) -> SelectField:
    return SelectField(label, [Optional()], coerce=str)


class PoolForm(FundForm):
    name = StringField(_("Name of the pool"), [InputRequired(), Length(max=200)])
    area = StringField(_("Area"), [InputRequired(), Length(max=100)])
    pool_currency = SelectField(
        _("Currency"), choices=[SelectChoice(code, code) for code in EXPONENTS], default="CNY"
    )
    public_totals = BooleanField(_("Everybody may see the pool's totals"))


class AgreementForm(FundForm):
    """The terms of a pool's agreement; the shares stand in proportion to each other."""

    share_fund = _share(_("Share of the fund"))
    share_bank = _share(_("Share of the claiming bank"))
    share_insurer = _share(_("Share of the insurer"))
    insurer = _institution(_("Insurer"))
    share_guarantor = _share(_("Share of the guarantor"))
    guarantor = _institution(_("Guarantor"))
    share_appraiser = _share(_("Share of the appraiser"))
    appraiser = _institution(_("Appraiser"))
    covers = SelectField(_("What it covers"), choices=choices(COVERS), default=Covers.CLAIM.value)
    cap_per_claim = amount_field(_("Cap per claim"), _("Of the fund's part; empty for none."), needed=False)
    cap_per_firm_and_year = amount_field(_("Cap per firm and year"), needed=False)
    cap_per_bank_and_year = amount_field(_("Cap per bank and year"), needed=False)
    multiple = IntegerField(
        _("Multiple"),
        [Optional(), NumberRange(1, 1000)],
        description=_("The loans behind all claims may come to so many times what the fund paid in."),
    )
    waiting_days = _days(_("Waiting period in days"), _("From the default to the first day of a claim."))
    claim_within_days = _days(_("To be claimed within days"), _("From the end of the disposal."))
    review_days = _days(_("To be reviewed within days"), needed=True)
    payment_days = _days(_("To be paid within days"), needed=True)
    right_types = MultiCheckboxField(_("Types of rights, none for any"), choices=choices(RIGHT_TYPES))
    sizes = MultiCheckboxField(_("Sizes of borrowers, none for any"), choices=choices(SIZES))
    loan_at_most = amount_field(_("Loan at most"), needed=False)
    term_months_at_most = IntegerField(_("Months of the loan at most"), [Optional(), NumberRange(1, 600)])
    registered_pledge = BooleanField(_("Only with a registered pledge"), default=True)
    evidence = MultiCheckboxField(_("Documents of a claim"), choices=choices(EVIDENCE))
    valid_from = DateField(_("In force from"), [InputRequired()])
    basis = SelectField(_("How well founded"), choices=choices(BASES), default=Basis.SECONDARY.value)
    source = StringField(_("Source of the figures"), [InputRequired(), Length(max=300)])

    def offer(self, names: Mapping[str, Mapping[uuid.UUID, str]]) -> None:
        """Which institutions may be named as insurer, guarantor and appraiser."""
        for role, found in names.items():
            options = [SelectChoice("", "–"), *(SelectChoice(str(one), name) for one, name in found.items())]
            self[role].choices = options

    def agreement(self, keeper_id: uuid.UUID) -> Agreement:
        """What was entered; only after validation."""
        named = {PartyRole.FUND: str(keeper_id), PartyRole.BANK: ""}
        parties = [
            Party(role, self[f"share_{role}"].data, named.get(role) or self._named(role))
            for role in PartyRole
            if self[f"share_{role}"].data
        ]
        return Agreement(
            parties=tuple(parties),
            covers=Covers(self.covers.data),
            cap_per_claim=self.minor("cap_per_claim"),
            cap_per_firm_and_year=self.minor("cap_per_firm_and_year"),
            cap_per_bank_and_year=self.minor("cap_per_bank_and_year"),
            multiple=self.multiple.data,
            waiting_days=self.waiting_days.data or 0,
            claim_within_days=self.claim_within_days.data,
            review_days=self.review_days.data or 0,
            payment_days=self.payment_days.data or 0,
            right_types=tuple(RightType(name) for name in self.right_types.data or ()),
            sizes=tuple(FirmSize(name) for name in self.sizes.data or ()),
            loan_at_most=self.minor("loan_at_most"),
            registered_pledge=bool(self.registered_pledge.data),
            term_months_at_most=self.term_months_at_most.data,
            evidence=tuple(EvidenceKind(name) for name in self.evidence.data or ()),
        )

    @property
    def day(self) -> date:
        """From when it is in force; only after validation."""
        if self.valid_from.data is None:
            raise AssertionError("a form that was not validated")
        return self.valid_from.data

    def _named(self, role: PartyRole) -> str:
        return str(self[role].data or "") if role in self else ""


class ClaimForm(FundForm):
    pool = SelectField(_("Pool"), [InputRequired()], coerce=uuid.UUID)
    size = SelectField(_("Size of the borrower"), [InputRequired()], choices=choices(SIZES))
    loan = amount_field(_("Loan as paid out"))
    lent_on = DateField(_("Paid out on"), [InputRequired()])
    due_on = DateField(_("Due on"), [InputRequired()])

    def stated(self) -> StatedLoan:
        """What was entered; only after validation."""
        if self.lent_on.data is None or self.due_on.data is None:
            raise AssertionError("a form that was not validated")
        size = FirmSize(self.size.data)
        return StatedLoan(size, self.minor("loan") or 0, self.lent_on.data, self.due_on.data)


class RecoveryForm(FundForm):
    amount = amount_field(_("Recovered from the debtor"))
    document = StringField(_("Proof"), [InputRequired(), Length(max=200)])
