"""Money that was paid out: an advice to the payee, a receipt where a buyer got its own money back."""

from sqlalchemy.orm import Session

from marketplace.listings.models import Lot
from marketplace.taxes import Taxed
from payments.documents.contents import values
from payments.documents.drafts import Draft
from payments.documents.rules import DocumentKind
from payments.models import GatewayCall, Payout
from payments.rules import Method, PayoutKind


def advice(session: Session, payout: Payout) -> Draft:
    """That a payout was paid, when and under which number of the bank."""
    back = payout.kind is PayoutKind.RETURN
    settlement = payout.settlement
    facts = [
        values.word("payout_kind", payout.kind),
        values.amount("amount", payout.amount_minor),
        values.word("account", payout.account.purpose),
        values.moment("paid_at", payout.paid_at),
        values.text("bank_reference", payout.bank_reference),
    ]
    # Whoever is none of ours is told by the seller.
    outside = payout.institution is None and settlement is not None
    return Draft(
        kind=DocumentKind.REFUND_RECEIPT if back else DocumentKind.PAYOUT_ADVICE,
        issuer=None,
        recipient=payout.institution or payout.payee,
        subject_id=payout.id,
        lot=session.get(Lot, payout.lot_id) if payout.lot_id else None,
        deal_id=settlement.deal_id if settlement else None,
        currency=payout.currency,
        taxed=Taxed(payout.amount_minor, 0),
        body={"facts": facts, "notes": ["refund_is_own_money"] if back else []},
        readers=frozenset({settlement.deal.seller_id}) if outside and settlement else frozenset(),
    )


def refund(session: Session, call: GatewayCall) -> Draft | None:
    """That the gateway gave an amount back; None where it was about nothing of ours."""
    row = call.payment or call.deposit
    if row is None:
        return None
    return Draft(
        kind=DocumentKind.REFUND_RECEIPT,
        issuer=None,
        recipient=row.institution,
        subject_id=call.id,
        lot=session.get(Lot, row.lot_id),
        currency=call.currency,
        taxed=Taxed(call.amount_minor, 0),
        body={
            "facts": [
                values.word("payout_kind", PayoutKind.RETURN),
                values.amount("amount", call.amount_minor),
                values.word("method", Method.STRIPE),
                values.moment("paid_at", call.answered_at),
                values.text("bank_reference", call.gateway_object),
            ],
            "notes": ["refund_is_own_money"],
        },
    )
