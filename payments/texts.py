"""The words for what payments decides and refuses."""

from flask_babel import lazy_gettext

from payments.ledger import Purpose
from payments.rules import CallVerb, DepositStatus, Method, PaymentStatus, PayoutKind, PayoutStatus, Reason
from payments.waterfall import Step

REFUSALS = {
    Reason.METHOD_NOT_OFFERED: lazy_gettext("This way to pay is not offered here."),
    Reason.ABOVE_CARD_CEILING: lazy_gettext(
        "A card payment may not exceed %(most)s %(currency)s. Please pay by bank transfer."
    ),
    Reason.NOT_AWAITED: lazy_gettext("This payment is no longer waiting for that. Please reload the page."),
    Reason.UNKNOWN_REFERENCE: lazy_gettext("No deposit or payment has this reference. Check each sign."),
    Reason.WRONG_CURRENCY: lazy_gettext("This reference is for an amount in %(currency)s."),
    Reason.NOTHING_RECEIVED: lazy_gettext("The amount must be greater than zero."),
    Reason.RECORDED_ALREADY: lazy_gettext("This line of the bank statement has been recorded already."),
    Reason.CONTENT_CHANGED: lazy_gettext("The payout is not what was prepared. It has to be prepared again."),
    Reason.REASON_MISSING: lazy_gettext("Please say why, or name it."),
    Reason.UNBALANCED: lazy_gettext("The amounts do not add up; nothing was booked."),
    Reason.OVERDRAWN: lazy_gettext("There is not enough money on the account for this; nothing was booked."),
    Reason.DEAL_SETTLED: lazy_gettext("The deal is settled already; no cost can be added."),
    Reason.DAYS_OUT_OF_RANGE: lazy_gettext("Give from 1 to %(most)s days."),
    Reason.SET_OFF_ALREADY: lazy_gettext(
        "The creditor has paid in what the costs left to pay; no cost can be added now."
    ),
}

METHODS = {
    Method.BANK_TRANSFER: lazy_gettext("Bank transfer"),
    Method.STRIPE: lazy_gettext("Card"),
}

DEPOSITS = {
    DepositStatus.REQUIRED: lazy_gettext("to be paid"),
    DepositStatus.PENDING: lazy_gettext("on its way"),
    DepositStatus.HELD: lazy_gettext("held"),
    DepositStatus.RELEASED: lazy_gettext("released"),
    DepositStatus.APPLIED: lazy_gettext("part of the price"),
    DepositStatus.FORFEITED: lazy_gettext("forfeited"),
    DepositStatus.EXPIRED: lazy_gettext("expired"),
    DepositStatus.FAILED: lazy_gettext("not paid in time"),
}

DEPOSIT_SENTENCES = {
    DepositStatus.REQUIRED: lazy_gettext("You can bid as soon as the deposit is held. Choose how to pay it."),
    DepositStatus.PENDING: lazy_gettext("We are waiting for the money. You can bid as soon as it is here."),
    DepositStatus.HELD: lazy_gettext("The deposit is held. You can bid."),
    DepositStatus.RELEASED: lazy_gettext("The deposit is yours again. When it arrives depends on your bank."),
    DepositStatus.APPLIED: lazy_gettext("The deposit has become part of the price you paid."),
    DepositStatus.FORFEITED: lazy_gettext("The price was not paid in time. The deposit is not returned."),
    DepositStatus.EXPIRED: lazy_gettext("The hold on your card has run out. Please pay the deposit again."),
    DepositStatus.FAILED: lazy_gettext("The auction ended before the deposit came. What you paid goes back."),
}

# How a status looks: see `status_pill`.
DEPOSIT_TONES = {
    DepositStatus.REQUIRED: "decision",
    DepositStatus.PENDING: "waiting",
    DepositStatus.HELD: "done",
    DepositStatus.RELEASED: "done",
    DepositStatus.APPLIED: "done",
    DepositStatus.FORFEITED: "stopped",
    DepositStatus.EXPIRED: "decision",
    DepositStatus.FAILED: "stopped",
}

PAYMENTS = {
    PaymentStatus.PREPARED: lazy_gettext("to be paid"),
    PaymentStatus.SENT: lazy_gettext("on its way"),
    PaymentStatus.SUCCEEDED: lazy_gettext("paid"),
    PaymentStatus.FAILED: lazy_gettext("not paid"),
}

PAYMENT_TONES = {
    PaymentStatus.PREPARED: "decision",
    PaymentStatus.SENT: "waiting",
    PaymentStatus.SUCCEEDED: "done",
    PaymentStatus.FAILED: "stopped",
}

PAYOUTS = {
    PayoutStatus.DUE: lazy_gettext("to be prepared"),
    PayoutStatus.PREPARED: lazy_gettext("to be approved"),
    PayoutStatus.APPROVED: lazy_gettext("approved"),
    PayoutStatus.PAID: lazy_gettext("paid"),
}

PAYOUT_KINDS = {
    PayoutKind.SETTLEMENT: lazy_gettext("from a sale"),
    PayoutKind.FORFEITURE: lazy_gettext("from a forfeited deposit"),
    PayoutKind.RETURN: lazy_gettext("back to the buyer"),
}

STEPS = {
    Step.BUYER_COMMISSION: lazy_gettext("Commission borne by the buyer"),
    Step.COST: lazy_gettext("Cost of the sale"),
    Step.COMMISSION: lazy_gettext("Commission borne by the seller"),
    Step.PRICE_GAP: lazy_gettext("Gap in price"),
    Step.CLAIM: lazy_gettext("Secured claim"),
    Step.SURPLUS: lazy_gettext("Surplus"),
}

CALLS = {
    CallVerb.HOLD: lazy_gettext("hold"),
    CallVerb.CHARGE: lazy_gettext("charge"),
    CallVerb.CAPTURE: lazy_gettext("capture"),
    CallVerb.RELEASE: lazy_gettext("release"),
    CallVerb.REFUND: lazy_gettext("refund"),
    CallVerb.LOOK_UP: lazy_gettext("look up"),
}

ACCOUNTS = {
    Purpose.CASH: lazy_gettext("Bank or gateway"),
    Purpose.AUTHORISED: lazy_gettext("Held on cards"),
    Purpose.DEPOSIT_HELD: lazy_gettext("Deposits held"),
    Purpose.BUYER_BALANCE: lazy_gettext("Buyer's balance"),
    Purpose.ESCROW: lazy_gettext("Price held for the deal"),
    Purpose.FORFEITED: lazy_gettext("Forfeited deposit"),
    Purpose.COST: lazy_gettext("Costs of the sale"),
    Purpose.COMMISSION: lazy_gettext("Commissions"),
    Purpose.CLAIM: lazy_gettext("Secured claims"),
    Purpose.SURPLUS: lazy_gettext("Surplus"),
}

# Where money that is here stands.
CASH = {
    Purpose.CASH: lazy_gettext("Received"),
    Purpose.AUTHORISED: lazy_gettext("Held, not yet taken"),
}

# What a ledger transaction came from, by the first word of its key.
CAUSES = {
    "receipt": lazy_gettext("Money received"),
    "deposit": lazy_gettext("Deposit"),
    "payment": lazy_gettext("Payment"),
    "settlement": lazy_gettext("Settlement"),
    "payout": lazy_gettext("Payout"),
    "collected": lazy_gettext("Gateway to bank"),
}
