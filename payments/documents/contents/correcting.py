"""Correcting an invoice: a credit note that names it and takes it back whole, and the invoice anew."""

import copy
from dataclasses import replace

from sqlalchemy.orm import Session

from marketplace.listings.models import Lot
from marketplace.parties.models import Institution
from marketplace.taxes import Taxed
from payments.documents.contents import prices, settlements
from payments.documents.contents.values import text
from payments.documents.drafts import Draft
from payments.documents.models import Document
from payments.documents.rules import DocumentKind
from payments.models import Payment, Settlement


def credit_note(session: Session, invoice: Document, reason: str) -> Draft:
    """The same lines and totals as the invoice; what was paid before is no part of it."""
    lines = copy.deepcopy(invoice.content["lines"])
    return Draft(
        kind=DocumentKind.CREDIT_NOTE,
        issuer=_issuer(session, invoice),
        recipient=_recipient(session, invoice),
        subject_id=invoice.id,
        lot=session.get(Lot, invoice.lot_id) if invoice.lot_id else None,
        deal_id=invoice.deal_id,
        currency=invoice.currency,
        taxed=Taxed(invoice.net_minor, invoice.tax_minor),
        body={
            "facts": [text("reason", reason)],
            "lines": lines,
            "corrects": {"number": invoice.number, "issued_at": invoice.content["issued_at"]},
            "notes": ["credit_takes_back_whole", "no_fapiao"],
        },
        readers=frozenset(reader.institution_id for reader in invoice.readers),
        corrects_id=invoice.id,
    )


def renewed(session: Session, invoice: Document) -> Draft:
    """The invoice as it is made now: with the particulars, treatment and evidence that are known by now."""
    draft = _anew(session, invoice)
    replaced = {"number": invoice.number, "issued_at": invoice.content["issued_at"]}
    return replace(
        draft,
        body=draft.body | {"replaces": replaced},
        edition=invoice.edition + 1,
        replaces_id=invoice.id,
    )


def _anew(session: Session, invoice: Document) -> Draft:
    if invoice.about == "price":
        return prices.invoice(session, session.get_one(Payment, invoice.subject_id))
    settlement = session.get_one(Settlement, invoice.subject_id)
    place = int(invoice.about.removeprefix("commission:"))
    return settlements.commission_invoice(session, settlement, settlement.lines[place], place)


def _issuer(session: Session, invoice: Document) -> Institution:
    return session.get_one(Institution, invoice.issuer_id)


def _recipient(session: Session, invoice: Document) -> Institution | str:
    if invoice.recipient_id is None:
        return invoice.recipient
    return session.get_one(Institution, invoice.recipient_id)
