"""Costs, statuses and reasons of subsidies."""

from enum import StrEnum

from marketplace.status import Moves


class CostKind(StrEnum):
    """What a firm has paid and a programme may pay a part of."""

    SERVICE_FEE = "service_fee"
    APPRAISAL_FEE = "appraisal_fee"
    GUARANTEE_FEE = "guarantee_fee"
    INTEREST = "interest"
    PURCHASE_PRICE = "purchase_price"


class ApplicationStatus(StrEnum):
    WAITING = "waiting"
    APPLIED = "applied"
    REVIEWED = "reviewed"
    APPROVED = "approved"
    PAID = "paid"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


# waiting: the budget is used up, in the order of application. applied → an officer reviews → another person
# approves → paid.
APPLICATION_MOVES: Moves[ApplicationStatus] = {
    ApplicationStatus.WAITING: frozenset(
        {ApplicationStatus.APPLIED, ApplicationStatus.REFUSED, ApplicationStatus.WITHDRAWN}
    ),
    ApplicationStatus.APPLIED: frozenset(
        {ApplicationStatus.REVIEWED, ApplicationStatus.REFUSED, ApplicationStatus.WITHDRAWN}
    ),
    ApplicationStatus.REVIEWED: frozenset(
        {ApplicationStatus.APPROVED, ApplicationStatus.APPLIED, ApplicationStatus.REFUSED}
    ),
    ApplicationStatus.APPROVED: frozenset({ApplicationStatus.PAID}),
    ApplicationStatus.PAID: frozenset(),
    ApplicationStatus.REFUSED: frozenset(),
    ApplicationStatus.WITHDRAWN: frozenset(),
}

# What has its place in the budget.
IN_BUDGET = (
    ApplicationStatus.APPLIED,
    ApplicationStatus.REVIEWED,
    ApplicationStatus.APPROVED,
    ApplicationStatus.PAID,
)
# What counts toward the cap of its firm: those that wait for the budget too.
STANDING = (ApplicationStatus.WAITING, *IN_BUDGET)


class SubsidyCap(StrEnum):
    """What limits a subsidy, in the order in which it is applied."""

    PERCENT_OF_LOAN = "percent_of_loan"
    PER_FIRM_AND_YEAR = "per_firm_and_year"


class SubsidyIneligible(StrEnum):
    """Why a programme does not pay."""

    APPLICANT_KIND = "applicant_kind"
    FIRM_SIZE = "firm_size"
    COST_KIND = "cost_kind"
    NO_COST = "no_cost"
    LOAN_NEEDED = "loan_needed"
    DEAL_NEEDED = "deal_needed"
    RIGHT_TYPE = "right_type"
    DEAL_USED = "deal_used"
    OTHER_YEAR = "other_year"
    CAP_USED_UP = "cap_used_up"


class SubsidyReason(StrEnum):
    UNKNOWN_TERMS = "unknown_terms"
    YEAR_OUT_OF_RANGE = "year_out_of_range"
    OPENED_ALREADY = "opened_already"
    NOT_OPEN = "not_open"
    BUDGET_APPROVED = "budget_approved"
    FIRM_NEEDED = "firm_needed"
    NOT_ELIGIBLE = "not_eligible"
    EVIDENCE_LACKING = "evidence_lacking"
    SEEN_OTHERWISE = "seen_otherwise"
