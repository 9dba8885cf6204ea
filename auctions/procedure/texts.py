"""The words of the procedure: steps, how attempts ended, and why a step is refused."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _

from auctions.procedure.rules import ProcedureReason, Verdict
from marketplace.rule_packs import AttemptEnd, StepKind
from marketplace.rule_packs.ladder import Rung

STEPS: dict[StepKind, Any] = {
    StepKind.NEXT_AUCTION: _("Auction it again"),
    StepKind.SALE_OFF: _("Sale-off"),
    StepKind.TAKING: _("Taking by the creditor at the reserve"),
    StepKind.CONVERSION: _("Conversion agreed with the pledgor"),
    StepKind.REDEMPTION: _("Redemption by the debtor"),
    StepKind.WITHDRAWAL: _("Withdrawal for good"),
}

HINTS: dict[StepKind, Any] = {
    StepKind.NEXT_AUCTION: _("With the approval the auction is announced; its notice begins then."),
    StepKind.SALE_OFF: _(
        "The price stands for weeks; the first bid starts a countdown. The notice begins with the approval."
    ),
    StepKind.TAKING: _(
        "The bank takes the right at the reserve of the failed attempt. Its claim is set off; costs and what "
        "exceeds the claim are paid in."
    ),
    StepKind.CONVERSION: _(
        "Bank and pledgor have agreed a price after the default, by the market price. The claim is set off; "
        "what exceeds it belongs to the pledgor."
    ),
    StepKind.REDEMPTION: _(
        "The debtor has paid the whole debt and the costs before the day of the sale. An announced auction "
        "is cancelled and deposits go back."
    ),
    StepKind.WITHDRAWAL: _(
        "The lot leaves the market; the bank bears the costs so far. An announced auction is cancelled and "
        "deposits go back."
    ),
}

RUNGS: dict[Rung, Any] = {
    Rung.AUCTION: _("auction"),
    Rung.SALE_OFF: _("sale-off"),
    Rung.OVER: _("no further attempt"),
}

VERDICTS: dict[Verdict, Any] = {
    Verdict.PROPOSED: _("proposed"),
    Verdict.APPROVED: _("approved"),
    Verdict.REFUSED: _("not approved"),
}

TONES: dict[Verdict, str] = {
    Verdict.PROPOSED: "waiting",
    Verdict.APPROVED: "done",
    Verdict.REFUSED: "stopped",
}

ENDS: dict[AttemptEnd, Any] = {
    AttemptEnd.OPEN: _("not ended"),
    AttemptEnd.SOLD: _("sold"),
    AttemptEnd.NO_BUYER: _("no buyer"),
    AttemptEnd.DID_NOT_STAND: _("the sale did not stand"),
    AttemptEnd.CANCELLED: _("cancelled"),
}

END_TONES: dict[AttemptEnd, str] = {
    AttemptEnd.OPEN: "live",
    AttemptEnd.SOLD: "done",
    AttemptEnd.NO_BUYER: "stopped",
    AttemptEnd.DID_NOT_STAND: "stopped",
    AttemptEnd.CANCELLED: "stopped",
}

REFUSALS: dict[StrEnum, Any] = {
    ProcedureReason.STEP_NOT_ALLOWED: _("The rules of this lot do not allow this step now."),
    ProcedureReason.STEP_WAITS_ALREADY: _(
        "A proposal for this lot waits already; it has to be answered first."
    ),
    ProcedureReason.STEP_ANSWERED: _("This proposal has been answered already."),
    ProcedureReason.STEP_OVERTAKEN: _(
        "Something has happened to the lot since this was proposed. Refuse it and propose anew."
    ),
    ProcedureReason.PROPOSER_IS_APPROVER: _("A second person must approve: you proposed this step yourself."),
    ProcedureReason.REASON_NEEDED: _("Say why."),
    ProcedureReason.DOCUMENT_NEEDED: _("Name the document that proves it."),
    ProcedureReason.PRICE_NEEDED: _("An amount above zero is needed."),
    ProcedureReason.THIRD_PARTIES_NOT_CHECKED: _(
        "Confirm that no other creditor or co-owner is harmed (Civil Code 436)."
    ),
    ProcedureReason.PAYEE_NEEDED: _("Say who gets these costs."),
    ProcedureReason.COST_NEGATIVE: _("Costs are not below zero."),
    ProcedureReason.PAID_TOO_LATE: _("The debtor may redeem only before the day of the sale."),
    ProcedureReason.PAID_IN_THE_FUTURE: _("Enter the day of the payment, today at the latest."),
    ProcedureReason.LESS_THAN_THE_DEBT: _("Debt and costs come to %(least)s; less does not stop the sale."),
}
