"""The words of subsidies: costs, statuses, caps, and why a programme does not pay."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _

from payments.subsidies.rules import (
    ApplicationStatus,
    CostKind,
    SubsidyCap,
    SubsidyIneligible,
    SubsidyReason,
)

COSTS: dict[CostKind, Any] = {
    CostKind.SERVICE_FEE: _("Service fee"),
    CostKind.APPRAISAL_FEE: _("Appraisal fee"),
    CostKind.GUARANTEE_FEE: _("Guarantee fee"),
    CostKind.INTEREST: _("Interest"),
    CostKind.PURCHASE_PRICE: _("Price of a purchased right"),
}

APPLICATIONS: dict[ApplicationStatus, Any] = {
    ApplicationStatus.WAITING: _("on the waiting list"),
    ApplicationStatus.APPLIED: _("to be reviewed"),
    ApplicationStatus.REVIEWED: _("to be approved"),
    ApplicationStatus.APPROVED: _("being paid"),
    ApplicationStatus.PAID: _("paid"),
    ApplicationStatus.REFUSED: _("refused"),
    ApplicationStatus.WITHDRAWN: _("withdrawn"),
}

APPLICATION_TONES = {
    ApplicationStatus.WAITING: "plain",
    ApplicationStatus.APPLIED: "waiting",
    ApplicationStatus.REVIEWED: "waiting",
    ApplicationStatus.APPROVED: "live",
    ApplicationStatus.PAID: "done",
    ApplicationStatus.REFUSED: "stopped",
    ApplicationStatus.WITHDRAWN: "stopped",
}

CAPS: dict[SubsidyCap, Any] = {
    SubsidyCap.PERCENT_OF_LOAN: _("Ceiling in percent of the loan"),
    SubsidyCap.PER_FIRM_AND_YEAR: _("Cap per firm and year"),
}

INELIGIBLE: dict[SubsidyIneligible, Any] = {
    SubsidyIneligible.APPLICANT_KIND: _("The programme takes no applications of institutions of this kind."),
    SubsidyIneligible.FIRM_SIZE: _("The programme is not for firms of this size."),
    SubsidyIneligible.COST_KIND: _("The programme does not pay for one of these costs."),
    SubsidyIneligible.NO_COST: _("No cost is stated."),
    SubsidyIneligible.LOAN_NEEDED: _("State the loan: the subsidy is limited by it."),
    SubsidyIneligible.DEAL_NEEDED: _("Name a purchase of yours on this marketplace that is completed."),
    SubsidyIneligible.RIGHT_TYPE: _("The programme is not for a right of this type."),
    SubsidyIneligible.DEAL_USED: _("A subsidy for this purchase has been applied for already."),
    SubsidyIneligible.OTHER_YEAR: _("The costs were not paid in the programme's year."),
    SubsidyIneligible.CAP_USED_UP: _("The firm's cap of this year is used up."),
}

REFUSALS: dict[StrEnum, Any] = {
    SubsidyReason.UNKNOWN_TERMS: _("There are no such terms."),
    SubsidyReason.YEAR_OUT_OF_RANGE: _("Give a year from %(first)s to %(last)s."),
    SubsidyReason.OPENED_ALREADY: _("You have opened this programme for that year already."),
    SubsidyReason.NOT_OPEN: _("The programme takes no applications before its budget is approved."),
    SubsidyReason.BUDGET_APPROVED: _("This amount has been approved already."),
    SubsidyReason.FIRM_NEEDED: _("Name the firm that the subsidy is for."),
    SubsidyReason.NOT_ELIGIBLE: _("The programme does not pay for this."),
    SubsidyReason.EVIDENCE_LACKING: _("A document that the programme asks for is not named yet."),
    SubsidyReason.SEEN_OTHERWISE: _("The application has moved on; reload the page."),
}


def in_words(reasons: Iterable[SubsidyIneligible]) -> list[str]:
    """Each reason in the reader's language."""
    return [str(INELIGIBLE[reason]) for reason in reasons]


# The names of what a programme's file says, beside its rates.
RULES: dict[str, Any] = {
    "applicants": _("Who may apply"),
    "sizes": _("Sizes of firms"),
    "right_types": _("Types of rights"),
    "cap_per_firm_and_year": _("Cap per firm and year"),
    "loan_percent_at_most": _("Ceiling in percent of the loan"),
    "deal_on_platform": _("Only a purchase on this marketplace"),
    "evidence": _("Documents asked for"),
}
