"""The shape of what people type about programmes and applications."""

import uuid
from datetime import date

from flask_babel import lazy_gettext as _
from wtforms import DateField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from payments.funds.forms import FundForm, amount_field, choices
from payments.funds.rules import FirmSize
from payments.funds.texts import SIZES
from payments.subsidies.rules import CostKind
from payments.subsidies.service import Application


class ProgrammeForm(FundForm):
    terms_name = SelectField(_("Terms"), [InputRequired()])
    year = IntegerField(_("Year"), [InputRequired()])
    budget = amount_field(_("Budget"))


class BudgetForm(FundForm):
    budget = amount_field(_("Add to the budget"))


class ContributionForm(FundForm):
    amount = amount_field(_("Amount"))
    bank_reference = StringField(
        _("Number of the line in the bank statement"), [InputRequired(), Length(max=100)]
    )


class WithdrawalForm(FundForm):
    amount = amount_field(_("Amount"))
    reason = StringField(_("Reason"), [InputRequired(), Length(max=500)])


class ApplicationForm(FundForm):
    """An application; which costs and whether a purchase can be chosen, the programme says."""

    firm = StringField(_("Firm"), [Optional(), Length(max=200)])
    registration_number = StringField(_("Registration number of the firm"), [Optional(), Length(max=40)])
    size = SelectField(_("Size of the firm"), [InputRequired()], choices=choices(SIZES))
    service_fee = amount_field(_("Service fee"), needed=False)
    appraisal_fee = amount_field(_("Appraisal fee"), needed=False)
    guarantee_fee = amount_field(_("Guarantee fee"), needed=False)
    interest = amount_field(_("Interest"), needed=False)
    loan = amount_field(_("Loan as paid out"), needed=False)
    deal = SelectField(_("Purchase on this marketplace"), [Optional()], coerce=str)
    paid_on = DateField(_("Last cost paid on"), [InputRequired()])

    def keep_only(self, costs: frozenset[CostKind], *, own: bool, loan: bool, deal: bool) -> None:
        """Leave out what this programme or this applicant has no use for."""
        for kind in CostKind:
            if kind in self._costs and kind not in costs:
                del self[kind.value]
        unused = {"firm": own, "registration_number": own, "loan": not loan, "deal": not deal}
        for name, out in unused.items():
            if out:
                del self[name]

    _costs = frozenset(CostKind) - {CostKind.PURCHASE_PRICE}

    def stated(self) -> Application:
        """What was entered; only after validation."""
        costs = {kind: self.minor(kind) or 0 for kind in self._costs if kind.value in self}
        chosen = self["deal"].data if "deal" in self else ""
        return Application(
            firm=str(self["firm"].data or "") if "firm" in self else "",
            firm_number=str(self["registration_number"].data or "") if "registration_number" in self else "",
            size=FirmSize(self.size.data),
            costs=costs,
            paid_on=self._day(),
            loan_minor=self.minor("loan") if "loan" in self else None,
            deal_id=uuid.UUID(chosen) if chosen else None,
        )

    def _day(self) -> date:
        if self.paid_on.data is None:
            raise AssertionError("a form that was not validated")
        return self.paid_on.data
