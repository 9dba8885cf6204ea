"""The receipt of a deposit: security that is held, not a payment, and so without tax."""

from marketplace.taxes import Taxed
from payments.documents.contents import values
from payments.documents.drafts import Draft
from payments.documents.rules import DocumentKind
from payments.models import Deposit
from payments.rules import Method
from payments.service.deposits import subject_of

# What is said beside where no money has come in.
_BY_METHOD = {
    Method.STRIPE: ("deposit_on_card",),
    Method.GUARANTEE: ("deposit_guaranteed",),
    Method.SPENDING_LIMIT: ("deposit_for_several",),
}


def receipt(deposit: Deposit) -> Draft:
    """That a deposit is held, for its bidder and the agency that bids for it."""
    kept = [
        values.amount("deposit", deposit.amount_minor),
        values.word("method", deposit.method or Method.BANK_TRANSFER),
        values.moment("held_at", deposit.held_at),
        values.text("reference", deposit.reference),
        values.text("auction", str(deposit.registration.auction_id)),
    ]
    notes = [
        *_BY_METHOD.get(deposit.method or Method.BANK_TRANSFER, ()),
        "deposit_is_security",
        "deposit_no_tax",
    ]
    return Draft(
        kind=DocumentKind.DEPOSIT_RECEIPT,
        issuer=None,
        recipient=deposit.institution,
        subject_id=deposit.id,
        about=str(deposit.attempt),
        lot=deposit.lot,
        currency=deposit.currency,
        taxed=Taxed(deposit.amount_minor, 0),
        body={"facts": kept, "notes": notes},
        readers=subject_of(deposit).parties,
    )
