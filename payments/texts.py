"""The words for what payments decides and refuses."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext

from payments.ledger import Purpose
from payments.releasing import Hold
from payments.rules import (
    AUTHENTICATION_REQUIRED,
    CallVerb,
    DepositStatus,
    EventStatus,
    Method,
    PaymentStatus,
    PayoutKind,
    PayoutStatus,
    Reason,
)
from payments.taxes.rules import TAX_COST
from payments.waterfall import Step
from payments.ways import Barrier, Way

REFUSALS: dict[StrEnum, Any] = {
    Reason.METHOD_NOT_OFFERED: lazy_gettext("This way to pay is not offered here."),
    Reason.ABOVE_CARD_CEILING: lazy_gettext(
        "A card payment may not exceed %(most)s %(currency)s. Please pay by bank transfer."
    ),
    Reason.CURRENCY_NOT_TAKEN: lazy_gettext(
        "This way does not take %(currency)s. Please pay by bank transfer."
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
    Reason.TWO_LOTS: lazy_gettext("The money of one lot never pays for another; nothing was booked."),
    Reason.NOT_PROMISED: lazy_gettext("This is nothing, or more than was promised; nothing was booked."),
    Reason.PROMISE_ENDED: lazy_gettext("What was promised was booked or let go already."),
    Reason.DEAL_SETTLED: lazy_gettext("The deal is settled already; no cost can be added."),
    Reason.SET_OFF_ALREADY: lazy_gettext(
        "The creditor has paid in what the costs left to pay; no cost can be added now."
    ),
}

METHODS = {
    Method.BANK_TRANSFER: lazy_gettext("Bank transfer"),
    Method.STRIPE: lazy_gettext("Card"),
    Method.SPENDING_LIMIT: lazy_gettext("My deposit for several lots"),
    Method.GUARANTEE: lazy_gettext("Guarantee letter"),
}

# Where cash is kept: what buyers have too much on their virtual accounts is at the gateway, and not ours.
KEPT_AT = {str(method): label for method, label in METHODS.items()} | {
    str(Way.VIRTUAL_ACCOUNT): lazy_gettext("Virtual accounts of buyers")
}

WAYS = {
    Way.BANK_TRANSFER: lazy_gettext("Bank transfer to our account"),
    Way.CARD: lazy_gettext("Card"),
    Way.ALIPAY: lazy_gettext("Alipay"),
    Way.WECHAT_PAY: lazy_gettext("WeChat Pay"),
    Way.VIRTUAL_ACCOUNT: lazy_gettext("Bank transfer to an account for this payment alone"),
}

# Why a way is greyed.
BARRIERS = {
    Barrier.NO_GATEWAY: lazy_gettext("Not offered by this marketplace."),
    Barrier.OTHER_CURRENCY: lazy_gettext("Does not take this currency."),
    Barrier.ABOVE_CEILING: lazy_gettext(
        "The amount is more than this way takes in one payment; a bank transfer has no such limit."
    ),
}

# What the gateway calls the parts of an account's details.
ACCOUNT_DETAILS = {
    "account_holder_name": lazy_gettext("Account holder"),
    "account_number": lazy_gettext("Account number"),
    "account_type": lazy_gettext("Account type"),
    "bank_code": lazy_gettext("Bank code"),
    "bank_name": lazy_gettext("Bank"),
    "bic": lazy_gettext("BIC"),
    "branch_code": lazy_gettext("Branch code"),
    "branch_name": lazy_gettext("Branch"),
    "clabe": lazy_gettext("CLABE"),
    "country": lazy_gettext("Country"),
    "iban": lazy_gettext("IBAN"),
    "reference": lazy_gettext("Reference, in the purpose line"),
    "routing_number": lazy_gettext("Routing number"),
    "sort_code": lazy_gettext("Sort code"),
}

DEPOSITS = {
    DepositStatus.REQUIRED: lazy_gettext("to be paid"),
    DepositStatus.PENDING: lazy_gettext("on its way"),
    DepositStatus.COVERED: lazy_gettext("covered by the deposit for several lots"),
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
    DepositStatus.COVERED: lazy_gettext(
        "Your deposit for several lots stands for it. You can bid as far as your spending limit reaches."
    ),
    DepositStatus.HELD: lazy_gettext("The deposit is held. You can bid."),
    DepositStatus.RELEASED: lazy_gettext("The deposit is yours again. When it arrives depends on your bank."),
    DepositStatus.APPLIED: lazy_gettext("The deposit has become part of the price you paid."),
    DepositStatus.FORFEITED: lazy_gettext("The price was not paid in time. The deposit is not returned."),
    DepositStatus.EXPIRED: lazy_gettext("The hold on your card has run out. Please pay the deposit again."),
    DepositStatus.FAILED: lazy_gettext("The auction ended before the deposit came. What you paid goes back."),
}

# What the gateway said where we have words of our own for it.
PROBLEMS = {
    AUTHENTICATION_REQUIRED: lazy_gettext(
        "Your bank wants you to confirm this yourself. Please do so on the card page."
    ),
}


def problem_text(problem: str) -> str:
    """What the gateway said, in our words where we have some, otherwise in its own."""
    return str(PROBLEMS.get(problem, problem))


# How a status looks: see `status_pill`.
DEPOSIT_TONES = {
    DepositStatus.REQUIRED: "decision",
    DepositStatus.PENDING: "waiting",
    DepositStatus.COVERED: "done",
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
    PayoutStatus.WITHHELD: lazy_gettext("kept for a debt"),
    PayoutStatus.CANCELLED: lazy_gettext("not to be paid any more"),
}

# What keeps a payout here.
HOLDS: dict[StrEnum, Any] = {
    Hold.TITLE_NOT_TRANSFERRED: lazy_gettext("Title is not transferred, and nobody has waived it."),
    Hold.DISPUTE_OPEN: lazy_gettext(
        "Money paid for the sale is asked back; nothing leaves until that is decided."
    ),
    Hold.PRICE_TAKEN_BACK: lazy_gettext("A part of the price was taken back, and is not paid again yet."),
    Hold.HELD_BACK: lazy_gettext(
        "The payer can still have the money taken back; it is held back for a while."
    ),
}
REFUSALS.update(HOLDS)

PAYOUT_KINDS = {
    PayoutKind.SETTLEMENT: lazy_gettext("from a sale"),
    PayoutKind.FORFEITURE: lazy_gettext("from a forfeited deposit"),
    PayoutKind.LEAVING: lazy_gettext("costs of a withdrawn lot"),
    PayoutKind.SHORTFALL: lazy_gettext("from a defaulter's shortfall"),
    PayoutKind.RETURN: lazy_gettext("back to the buyer"),
    PayoutKind.COMPENSATION: lazy_gettext("risk compensation"),
    PayoutKind.SUBSIDY: lazy_gettext("subsidy"),
    PayoutKind.CONTEST_FEE: lazy_gettext("fee of the estimate contest"),
    PayoutKind.WITHDRAWAL: lazy_gettext("withdrawn from a fund"),
}

# Costs that the platform itself books; what people enter is shown as they wrote it.
COST_KINDS = {
    TAX_COST: lazy_gettext("value added tax"),
    "procedure": lazy_gettext("procedure"),
}

STEPS = {
    Step.BUYER_TAX: lazy_gettext("Value added tax borne by the buyer"),
    Step.BUYER_COMMISSION: lazy_gettext("Commission borne by the buyer"),
    Step.COST: lazy_gettext("Cost of the sale"),
    Step.COMMISSION: lazy_gettext("Commission borne by the seller"),
    Step.PRICE_GAP: lazy_gettext("Gap in price"),
    Step.CLAIM: lazy_gettext("Secured claim"),
    Step.SURPLUS: lazy_gettext("Surplus"),
}

EVENTS = {
    EventStatus.PARKED: lazy_gettext("parked"),
    EventStatus.APPLIED: lazy_gettext("looked up"),
    EventStatus.IGNORED: lazy_gettext("given up"),
    EventStatus.FAILED: lazy_gettext("failed"),
}

EVENT_TONES = {
    EventStatus.PARKED: "waiting",
    EventStatus.APPLIED: "done",
    EventStatus.IGNORED: "plain",
    EventStatus.FAILED: "decision",
}

CALLS = {
    CallVerb.HOLD: lazy_gettext("hold"),
    CallVerb.CHARGE: lazy_gettext("charge"),
    CallVerb.CAPTURE: lazy_gettext("capture"),
    CallVerb.RELEASE: lazy_gettext("release"),
    CallVerb.REFUND: lazy_gettext("refund"),
    CallVerb.LOOK_UP: lazy_gettext("look up"),
    CallVerb.RENEW: lazy_gettext("renew a hold"),
    CallVerb.INCREMENT: lazy_gettext("raise a hold"),
    CallVerb.SAVE_CARD: lazy_gettext("save a card"),
    CallVerb.LOOK_UP_CARD: lazy_gettext("look up a card"),
    CallVerb.FORGET_CARD: lazy_gettext("forget a card"),
    CallVerb.LOOK_UP_DISPUTE: lazy_gettext("look up a dispute"),
    CallVerb.TRANSFER: lazy_gettext("transfer to a payee"),
    CallVerb.REVERSE: lazy_gettext("take a transfer back"),
    CallVerb.LOOK_UP_ACCOUNT: lazy_gettext("look up a payee's account"),
}

ACCOUNTS = {
    Purpose.CASH: lazy_gettext("Bank or gateway"),
    Purpose.AUTHORISED: lazy_gettext("Held on cards (old bookings)"),
    Purpose.DEPOSIT_HELD: lazy_gettext("Deposits held"),
    Purpose.BUYER_BALANCE: lazy_gettext("Buyer's balance"),
    Purpose.CREDIT: lazy_gettext("Credit bound to no lot"),
    Purpose.ESCROW: lazy_gettext("Price held for the deal"),
    Purpose.HELD_BACK: lazy_gettext("Held back before payout"),
    Purpose.FORFEITED: lazy_gettext("Forfeited deposit"),
    Purpose.COST: lazy_gettext("Costs of the sale"),
    Purpose.COMMISSION: lazy_gettext("Commissions"),
    Purpose.CLAIM: lazy_gettext("Secured claims"),
    Purpose.SURPLUS: lazy_gettext("Surplus"),
    Purpose.TAX: lazy_gettext("Taxes"),
    Purpose.COMPENSATION: lazy_gettext("Risk compensation"),
    Purpose.SUBSIDY: lazy_gettext("Subsidies"),
    Purpose.DEBT: lazy_gettext("Debts of parties"),
    Purpose.UNASSIGNED: lazy_gettext("Received, not assigned"),
    Purpose.TO_EXPLAIN: lazy_gettext("Paid by the bank, to be explained"),
    Purpose.BANK_FEE: lazy_gettext("Bank fees, borne by the operator"),
    Purpose.OPERATOR: lazy_gettext("Operator's own money"),
    Purpose.DISPUTED: lazy_gettext("Taken back, contested"),
    Purpose.WRITTEN_OFF: lazy_gettext("Debts written off, borne by the operator"),
    Purpose.REFUND_DUE: lazy_gettext("To be refunded once recovered"),
    Purpose.OWED_TO_GATEWAY: lazy_gettext("Owed to the gateway"),
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
    "shortfall": lazy_gettext("Shortfall of a defaulter"),
    "leaving": lazy_gettext("Costs of a withdrawn lot"),
    "lines": lazy_gettext("Bank statement"),
    "line": lazy_gettext("Line of a bank statement"),
    "opening": lazy_gettext("Opening balance"),
    "fund": lazy_gettext("Paid into a fund"),
    "compensation": lazy_gettext("Compensation of a claim"),
    "recovery": lazy_gettext("Recovered and shared back"),
    "subsidy": lazy_gettext("Subsidy"),
    "withdrawal": lazy_gettext("Withdrawn from a fund"),
}
