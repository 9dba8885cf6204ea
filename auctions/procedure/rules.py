"""What a bank decides after an attempt, and what has to be said for it: pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from marketplace.calendar import CHINA
from marketplace.errors import Conflict, Refused
from marketplace.rule_packs import PossibleStep, StepKind


class Verdict(StrEnum):
    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"


class ProcedureReason(StrEnum):
    STEP_NOT_ALLOWED = "step_not_allowed"
    STEP_WAITS_ALREADY = "step_waits_already"
    STEP_ANSWERED = "step_answered"
    STEP_OVERTAKEN = "step_overtaken"
    PROPOSER_IS_APPROVER = "proposer_is_approver"
    REASON_NEEDED = "reason_needed"
    DOCUMENT_NEEDED = "document_needed"
    PRICE_NEEDED = "price_needed"
    THIRD_PARTIES_NOT_CHECKED = "third_parties_not_checked"
    PAYEE_NEEDED = "payee_needed"
    COST_NEGATIVE = "cost_negative"
    PAID_TOO_LATE = "paid_too_late"
    PAID_IN_THE_FUTURE = "paid_in_the_future"
    LESS_THAN_THE_DEBT = "less_than_the_debt"


# Steps that begin another attempt, and steps after which the creditor has the right itself.
ATTEMPTS = frozenset({StepKind.NEXT_AUCTION, StepKind.SALE_OFF})
SET_OFF = frozenset({StepKind.TAKING, StepKind.CONVERSION})
LEAVING = frozenset({StepKind.REDEMPTION, StepKind.WITHDRAWAL})

# Whose ground is another's act or agreement, which a document proves.
_PROVED = frozenset({StepKind.CONVERSION, StepKind.REDEMPTION})


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptTerms:
    """The terms of another attempt. Amounts in the lot's minor units."""

    start_price_minor: int
    opens_at: datetime
    closes_at: datetime
    reserve_minor: int | None = None
    deposit_minor: int | None = None
    increment_minor: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What one person of the bank proposes.

    Attributes:
        attempt: for another auction or a sale-off.
        price_minor: the agreed price of a conversion; for a redemption what the debtor paid.
        cost_minor: what the procedure cost so far, borne by the seller; `cost_payee` is who gets it.
        document: the reference of the document that proves an agreement or a payment.
        paid_on: for a redemption, the day of the payment.
        third_parties_checked: for a conversion, that no other creditor or co-owner is harmed by it.
    """

    kind: StepKind
    reason: str
    attempt: AttemptTerms | None = None
    price_minor: int | None = None
    cost_minor: int = 0
    cost_payee: str = ""
    document: str = ""
    paid_on: date | None = None
    third_parties_checked: bool = False


def step_among(possible: Sequence[PossibleStep], kind: StepKind) -> PossibleStep:
    """The step of that kind; raises Conflict where the rules do not allow it now."""
    for step in possible:
        if step.kind is kind:
            return step
    raise Conflict(ProcedureReason.STEP_NOT_ALLOWED)


def check_proposal(
    proposal: Proposal, *, now: datetime, opens_at: datetime | None, debt_minor: int | None
) -> None:
    """Refuse a proposal that lacks what its kind needs.

    `opens_at` is the opening of an announced auction; its day is the sale day, before which a debtor must
    have paid (拍卖、变卖规定 art. 19). `debt_minor` is what is owed, None without a default case.
    """
    if not proposal.reason.strip():
        raise Refused(ProcedureReason.REASON_NEEDED, field="reason")
    if proposal.kind in _PROVED and not proposal.document.strip():
        raise Refused(ProcedureReason.DOCUMENT_NEEDED, field="document")
    if proposal.cost_minor < 0:
        raise Refused(ProcedureReason.COST_NEGATIVE, field="cost")
    if proposal.cost_minor and not proposal.cost_payee.strip():
        raise Refused(ProcedureReason.PAYEE_NEEDED, field="cost_payee")
    if proposal.kind is StepKind.CONVERSION:
        _check_conversion(proposal)
    if proposal.kind is StepKind.REDEMPTION:
        _check_redemption(proposal, now, opens_at, debt_minor)


def _check_conversion(proposal: Proposal) -> None:
    """民法典 art. 436: creditor and pledgor agree, by the market price; nobody else may be harmed."""
    if proposal.price_minor is None or proposal.price_minor <= 0:
        raise Refused(ProcedureReason.PRICE_NEEDED, field="price")
    if not proposal.third_parties_checked:
        raise Refused(ProcedureReason.THIRD_PARTIES_NOT_CHECKED, field="third_parties_checked")


def _check_redemption(
    proposal: Proposal, now: datetime, opens_at: datetime | None, debt_minor: int | None
) -> None:
    today = now.astimezone(CHINA).date()
    if proposal.paid_on is None or proposal.paid_on > today:
        raise Refused(ProcedureReason.PAID_IN_THE_FUTURE, field="paid_on")
    if opens_at is not None and proposal.paid_on >= opens_at.astimezone(CHINA).date():
        raise Refused(ProcedureReason.PAID_TOO_LATE, field="paid_on")
    if proposal.price_minor is None or proposal.price_minor <= 0:
        raise Refused(ProcedureReason.PRICE_NEEDED, field="price")
    least = (debt_minor or 0) + proposal.cost_minor
    if proposal.price_minor < least:
        raise Refused(ProcedureReason.LESS_THAN_THE_DEBT, field="price", least_minor=least)
