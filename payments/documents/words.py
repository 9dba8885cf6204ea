"""The words of documents; each is printed in the languages that the reader asks for."""

from typing import Any

from flask_babel import lazy_gettext as _

from marketplace.taxes import Treatment
from marketplace.taxes.texts import BEARERS, PRICE_TREATMENTS
from payments.documents.rules import DocumentKind
from payments.rules import PayoutKind
from payments.texts import ACCOUNTS, METHODS, PAYOUT_KINDS

TITLES: dict[DocumentKind, Any] = {
    DocumentKind.DEPOSIT_RECEIPT: _("Deposit receipt"),
    DocumentKind.PRICE_STATEMENT: _("Statement of the price"),
    DocumentKind.INVOICE: _("Commercial invoice"),
    DocumentKind.CREDIT_NOTE: _("Credit note"),
    DocumentKind.SETTLEMENT_STATEMENT: _("Statement of settlement"),
    DocumentKind.SURPLUS_NOTICE: _("Notice of surplus"),
    DocumentKind.SHORTFALL_NOTICE: _("Notice of shortfall"),
    DocumentKind.PAYOUT_ADVICE: _("Payout advice"),
    DocumentKind.REFUND_RECEIPT: _("Refund receipt"),
}

FACTS: dict[str, Any] = {
    "account": _("Paid out of"),
    "agreed_at": _("Price agreed at"),
    "amount": _("Amount"),
    "auction": _("Auction number"),
    "bank_reference": _("Number at the bank or gateway"),
    "commission": _("Commission borne by the buyer"),
    "contract_number": _("Registration number of the technology contract"),
    "creditor": _("Creditor"),
    "deposit": _("Deposit"),
    "held_at": _("Held since"),
    "method": _("Way of payment"),
    "owed": _("Owed in all"),
    "paid": _("Paid out of the sale"),
    "paid_at": _("Paid on"),
    "payout_kind": _("What for"),
    "price": _("Price of the sale"),
    "price_tax": _("Value added tax in the price"),
    "pursuable": _("May be claimed from the defaulter"),
    "reason": _("Reason"),
    "received": _("Received"),
    "reference": _("Reference"),
    "registered_on": _("Registered on"),
    "set_off": _("Set off against the creditor's claim"),
    "settled_at": _("Settled at"),
    "settlement_kind": _("What was distributed"),
    "shortfall": _("Still owed"),
    "surplus": _("Surplus"),
    "tax_bearer": _("Who bears the taxes of the sale"),
    "tax_on_top": _("Value added tax borne by the buyer"),
}

# The words for the values of facts that have any.
VALUES: dict[str, dict[Any, Any]] = {
    "account": dict(ACCOUNTS),
    "method": dict(METHODS),
    "payout_kind": dict(PAYOUT_KINDS),
    "price_tax": dict(PRICE_TREATMENTS),
    "settlement_kind": {
        PayoutKind.SETTLEMENT: _("The price"),
        PayoutKind.FORFEITURE: _("The forfeited deposit"),
    },
    "tax_bearer": dict(BEARERS),
}

LINES: dict[str, Any] = {
    "transfer_of_rights": _("Transfer of the rights in the lot"),
    "commission": _("Commission on the sale"),
}

TREATMENTS: dict[str, Any] = {
    Treatment.NOT_DETERMINED: _("not determined"),
    Treatment.EXEMPT: _("exempt"),
}

PREPAID: dict[str, Any] = {
    "deposit": _("Deposit, as a prepayment"),
    "set_off": _("Set off against the creditor's claim"),
    "balance": _("Balance paid"),
    "out_of_settlement": _("Kept out of the settlement"),
}

HEADS: dict[str, Any] = {
    "number": _("Number"),
    "issued_at": _("Issued at"),
    "issuer": _("Issuer"),
    "recipient": _("Recipient"),
    "lot": _("Lot"),
    "deal": _("Deal number"),
    "corrects": _("Takes back"),
    "replaces": _("Replaces"),
    "code": _("Verification code"),
    "address": _("Check it at"),
    "digest": _("Digest"),
    "lines_hash": _("Digest of the settled lines"),
    "parties": _("Between whom"),
    "facts": _("What it is about"),
    "lines": _("What is invoiced"),
    "waterfall": _("Who gets what"),
    "prepaid": _("How it was paid"),
    "proof": _("How this can be checked"),
    "net": _("Net"),
    "rate": _("Rate"),
    "tax": _("Value added tax"),
    "gross": _("Gross"),
    "what": _("What"),
    "total": _("Total"),
    "capitals": _("In capital numerals"),
    "due": _("Still to pay"),
    "step": _("Step"),
    "rank": _("Rank"),
    "payee": _("Payee"),
    "owed": _("Owed"),
    "paid": _("Paid"),
    "at": _("On"),
    "amount": _("Amount"),
    "tax_number": _("Tax number"),
    "registration_number": _("Registration number"),
    "telephone": _("Telephone"),
    "bank": _("Bank"),
}

NOTES: dict[str, Any] = {
    "credit_takes_back_whole": _(
        "This credit note takes the invoice named above back as a whole. It touches no money that was paid."
    ),
    "deposit_for_several": _(
        "A deposit for several lots of the same seller stands for this one; no further money was paid for it."
    ),
    "deposit_guaranteed": _("The deposit is secured by a guarantee letter; no money was paid for it."),
    "deposit_is_security": _(
        "The deposit is security. It is returned to whoever does not win, counts towards the price of the "
        "winner, and is not returned where the winner defaults."
    ),
    "deposit_no_tax": _("A deposit is not a payment for anything supplied; it shows no value added tax."),
    "deposit_on_card": _("The amount is held on the card and has not been taken."),
    "no_fapiao": _(
        "This document is not a fapiao supervised by the tax administration; where one is due, its issuer "
        "issues it beside this document."
    ),
    "order_of_payment": _(
        "Order of payment: costs of realisation, commissions borne by the seller, secured claims by rank, "
        "equal ranks in proportion; the rest belongs to the pledgor (Civil Code 389, 414, 415, 438)."
    ),
    "prepaid_no_tax": _("What was paid before is shown apart: it changes neither net nor value added tax."),
    "rate_not_confirmed": _(
        "The rate follows from what the issuer states for itself or for the lot; this platform has not "
        "confirmed it in the text of the law."
    ),
    "refund_is_own_money": _("The payee's own money was given back; it is no income of the payee."),
    "shortfall_stays_owed": _("What the sale did not bring stays owed by the debtor (Civil Code 438)."),
    "statement_beside_invoice": _(
        "This is a statement of what was paid; the seller's invoice is issued beside it."
    ),
    "statement_no_invoice": _(
        "This is a statement of what was paid and no invoice. Value added tax on the price is not "
        "determined here."
    ),
    "surplus_is_pledgors": _("What exceeds the secured claims belongs to the pledgor (Civil Code 438)."),
    "tax_not_determined": _(
        "Value added tax is not determined: the issuer has not stated how its services are taxed."
    ),
}
