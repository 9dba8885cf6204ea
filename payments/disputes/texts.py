"""The words for disputes, debts and what two persons decide about money."""

from flask_babel import lazy_gettext

from marketplace.deals.texts import STEPS as TRANSFER_STEPS
from payments.disputes.rules import (
    DebtCause,
    DebtStatus,
    DecisionKind,
    DisputeKind,
    DisputeReason,
    DisputeStatus,
    EvidenceKind,
)

REFUSALS = {
    DisputeReason.NOT_RECEIVED: lazy_gettext("No line of the bank statement with this number is recorded."),
    DisputeReason.DISPUTED_ALREADY: lazy_gettext("This money is asked back already."),
    DisputeReason.DISPUTE_IS_OPEN: lazy_gettext(
        "Money of this sale is asked back; wait until that is decided."
    ),
    DisputeReason.DISPUTE_IS_CLOSED: lazy_gettext("The dispute is closed."),
    DisputeReason.PRICE_TAKEN_BACK: lazy_gettext(
        "A part of the price was taken back; the buyer's debt has to end first."
    ),
    DisputeReason.DISPUTE_OF_GATEWAY: lazy_gettext("The gateway decides about this dispute, not an officer."),
    DisputeReason.PAYOUT_BLOCKED: lazy_gettext("The payout is paid, or on its way."),
    DisputeReason.MORE_THAN_OWED: lazy_gettext(
        "Give an amount greater than zero, and not more than it is about."
    ),
    DisputeReason.MORE_THAN_DISTRIBUTED: lazy_gettext(
        "Give more than zero, and not more than the sale has distributed."
    ),
    DisputeReason.DEBT_ENDED: lazy_gettext("The debt has ended."),
    DisputeReason.DEBT_OF_ANOTHER: lazy_gettext("This payout is another party's, or in another currency."),
    DisputeReason.NOT_SETTLED: lazy_gettext("There is no settled sale whose payees could bear this."),
    DisputeReason.ONLY_THE_WHOLE: lazy_gettext(
        "Nothing is distributed yet: only the whole price can go back, and the sale is undone."
    ),
    DisputeReason.NOT_PAID_YET: lazy_gettext("The sale is not paid."),
    DisputeReason.NOTHING_HELD_BACK: lazy_gettext("Nothing of this sale is held back."),
    DisputeReason.DECISION_WAITS: lazy_gettext("The same waits for a second person already."),
    DisputeReason.DUE_BY_IN_THE_PAST: lazy_gettext("The deadline has passed already."),
}

DISPUTE_KINDS = {
    DisputeKind.CHARGEBACK: lazy_gettext("Chargeback"),
    DisputeKind.RECALL: lazy_gettext("Recall by the bank"),
}

DISPUTES = {
    DisputeStatus.OPEN: lazy_gettext("open"),
    DisputeStatus.WON: lazy_gettext("won"),
    DisputeStatus.LOST: lazy_gettext("lost"),
}

DISPUTE_TONES = {
    DisputeStatus.OPEN: "decision",
    DisputeStatus.WON: "done",
    DisputeStatus.LOST: "stopped",
}

DEBT_CAUSES = {
    DebtCause.DISPUTE_LOST: lazy_gettext("The price was taken back"),
    DebtCause.CHARGED_TO_SALE: lazy_gettext("Loss of the sale, borne by its payees"),
    DebtCause.REFUND: lazy_gettext("Refund after the money was paid out"),
}

DEBTS = {
    DebtStatus.OPEN: lazy_gettext("owed"),
    DebtStatus.PAID: lazy_gettext("paid"),
    DebtStatus.WRITTEN_OFF: lazy_gettext("written off"),
    DebtStatus.CHARGED_TO_SALE: lazy_gettext("borne by the payees"),
}

DEBT_TONES = {
    DebtStatus.OPEN: "decision",
    DebtStatus.PAID: "done",
    DebtStatus.WRITTEN_OFF: "stopped",
    DebtStatus.CHARGED_TO_SALE: "stopped",
}

DECISIONS = {
    DecisionKind.REFUND: lazy_gettext("Refund to the buyer"),
    DecisionKind.CHARGE_TO_SALE: lazy_gettext("Let the payees of the sale bear it"),
    DecisionKind.WRITE_OFF: lazy_gettext("Write the debt off"),
    DecisionKind.WAIVE_HOLD_BACK: lazy_gettext("Pay out before the hold-back period ends"),
}

# Steps of a transfer, as they stand in the record of what was handed in.
STEPS = {str(step): label for step, label in TRANSFER_STEPS.items()}

EVIDENCE = {
    EvidenceKind.CONFIRMATION: lazy_gettext("Confirmation of the sale"),
    EvidenceKind.RECEIPT: lazy_gettext("Receipt of the money"),
    EvidenceKind.TERMS: lazy_gettext("Rules the buyer accepted"),
    EvidenceKind.TRANSFER: lazy_gettext("Transfer of title"),
    EvidenceKind.LEDGER: lazy_gettext("Ledger of the sale"),
    EvidenceKind.OTHER: lazy_gettext("Other document"),
}
