"""What a deal's price is: the buyer's statement of how it was paid, and the seller's invoice.

A deposit that became part of the price is shown as a prepayment, apart from net, tax and gross: it bears no
tax of its own and reduces none.
"""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from marketplace.clock import moment_text
from marketplace.taxes import Taxed
from payments import queries
from payments.documents.contents import values
from payments.documents.drafts import Draft
from payments.documents.rules import DocumentKind, InvoiceLine, check_sums
from payments.models import Payment
from payments.service.balances import buyer_commission
from payments.taxes.charging import price_tax
from payments.taxes.queries import registration_of
from payments.taxes.rules import PriceTax


@dataclass(frozen=True, slots=True)
class Paid:
    """How the price and what came beside it were paid; minor units that sum to the whole."""

    price: int
    tax: int
    commission: int
    deposit: int
    set_off: int
    balance: int

    def without_commission(self) -> "Paid":
        """What paid the price and its tax alone: the agency invoices its commission itself."""
        towards = self.price + self.tax - self.set_off
        deposit = min(self.deposit, towards)
        return replace(self, commission=0, deposit=deposit, balance=towards - deposit)


def paid(session: Session, payment: Payment) -> Paid:
    """The parts of a payment that has succeeded."""
    deal, found = payment.deal, price_tax(payment.deal)
    tax = found.taxed.tax if found.on_top else 0
    commission = buyer_commission(session, deal)
    whole = deal.price_minor + tax + commission
    deposit = whole - payment.amount_minor - payment.set_off_minor
    return Paid(deal.price_minor, tax, commission, deposit, payment.set_off_minor, payment.amount_minor)


def statement(session: Session, payment: Payment) -> Draft:
    """What the buyer owed and how it was paid."""
    deal, parts, found = payment.deal, paid(session, payment), price_tax(payment.deal)
    owed = [("price", parts.price), ("tax_on_top", parts.tax), ("commission", parts.commission)]
    whole = parts.price + parts.tax + parts.commission
    return Draft(
        kind=DocumentKind.PRICE_STATEMENT,
        issuer=None,
        recipient=payment.institution,
        subject_id=payment.id,
        lot=deal.lot,
        deal_id=deal.id,
        currency=deal.currency,
        taxed=Taxed(whole, 0),
        body={
            "facts": [
                values.moment("agreed_at", deal.agreed_at),
                *(values.amount(name, minor) for name, minor in owed if minor or name == "price"),
                values.amount("owed", whole),
                values.word("price_tax", deal.lot.price_tax),
                values.word("tax_bearer", deal.lot.tax_bearer),
            ],
            "prepaid": _prepaid(session, payment, parts),
            "due": 0,
            "notes": ["statement_no_invoice" if found.rate is None else "statement_beside_invoice"],
        },
        readers=frozenset({deal.seller_id}),
    )


def invoice(session: Session, payment: Payment) -> Draft:
    """The seller's invoice for the price, where its tax is determined."""
    deal, parts, found = payment.deal, paid(session, payment), price_tax(payment.deal)
    line = _line(session, payment, found)
    check_sums((line,), found.taxed)
    return Draft(
        kind=DocumentKind.INVOICE,
        issuer=deal.seller,
        recipient=payment.institution,
        subject_id=payment.id,
        about="price",
        lot=deal.lot,
        deal_id=deal.id,
        currency=deal.currency,
        taxed=found.taxed,
        body={
            "facts": [
                values.moment("agreed_at", deal.agreed_at),
                values.word("tax_bearer", deal.lot.tax_bearer),
                *_evidence(session, payment),
            ],
            "lines": [line.written()],
            "prepaid": _prepaid(session, payment, parts.without_commission()),
            "due": 0,
            "notes": ["rate_not_confirmed", "prepaid_no_tax", "no_fapiao"],
        },
    )


def _line(session: Session, payment: Payment, found: PriceTax) -> InvoiceLine:
    deal = payment.deal
    rate, registration = found.rate, registration_of(session, deal.id)
    return InvoiceLine(
        what="transfer_of_rights",
        detail=", ".join(right.number for right in deal.lot.rights[:20]),
        taxed=found.taxed,
        basis_points=rate.basis_points if rate else None,
        treatment=str(deal.lot.price_tax),
        source=registration.number if registration else (rate.source if rate else ""),
    )


def _evidence(session: Session, payment: Payment) -> list[Any]:
    registration = registration_of(session, payment.deal_id)
    if registration is None:
        return []
    return [
        values.text("contract_number", registration.number),
        values.text("registered_on", registration.registered_on.isoformat()),
    ]


def _prepaid(session: Session, payment: Payment, parts: Paid) -> list[dict[str, Any]]:
    """How it was paid: the deposit first, as a prepayment of its own."""
    deposit = queries.deposit_of_deal(session, payment.deal_id)
    reference = deposit.reference if deposit else ""
    at = moment_text(payment.ended_at) if payment.ended_at else ""
    rows = [
        ("deposit", parts.deposit, reference),
        ("set_off", parts.set_off, ""),
        ("balance", parts.balance, payment.reference),
    ]
    return [
        {"what": what, "minor": minor, "at": at, "reference": reference}
        for what, minor, reference in rows
        if minor
    ]
