"""What a settlement gives rise to: its statement, invoices of agencies, notices of surplus and shortfall."""

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from marketplace.clock import LOCAL_ZONE
from marketplace.parties.models import Institution
from marketplace.taxes import Taxed, TaxKind, Treatment, inside, rate_on, rates_of
from payments.documents.contents import values
from payments.documents.drafts import Draft
from payments.documents.queries import settlements_on
from payments.documents.rules import DocumentKind, InvoiceLine, check_sums
from payments.models import Settlement
from payments.rules import PayoutKind
from payments.service.distributing import institution_of
from payments.taxes.queries import particulars_of
from payments.waterfall import Step

_COMMISSIONS = {Step.COMMISSION, Step.BUYER_COMMISSION}


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a creditor got and what is left of its claims, in minor units."""

    paid: int
    left: int


def all_of(session: Session, settlement: Settlement) -> list[Draft]:
    """Every document that a settlement needs; the statement last, so that it tells that all are issued."""
    drafts = [
        commission_invoice(session, settlement, line, place)
        for place, line in enumerate(settlement.lines)
        if Step(line["step"]) in _COMMISSIONS and line["paid"] and _issuer(session, line) is not None
    ]
    if settlement.kind is PayoutKind.SETTLEMENT:
        drafts += surplus_notices(session, settlement)
    drafts += shortfall_notices(session, settlement)
    return [*drafts, statement(settlement)]


def statement(settlement: Settlement) -> Draft:
    """The waterfall: what came in and each part that goes out, for the seller."""
    deal = settlement.deal
    facts = [
        values.word("settlement_kind", settlement.kind),
        values.moment("settled_at", settlement.settled_at),
        values.amount("received", settlement.received_minor),
    ]
    if settlement.set_off_minor:
        facts.append(values.amount("set_off", settlement.set_off_minor))
    if settlement.pursuable_minor:
        facts.append(values.amount("pursuable", settlement.pursuable_minor))
    return Draft(
        kind=DocumentKind.SETTLEMENT_STATEMENT,
        issuer=None,
        recipient=deal.seller,
        subject_id=settlement.id,
        lot=deal.lot,
        deal_id=deal.id,
        currency=settlement.currency,
        taxed=Taxed(settlement.received_minor, 0),
        body={
            "facts": facts,
            "waterfall": list(settlement.lines),
            "received": settlement.received_minor,
            "hash": settlement.content_hash,
            "notes": ["order_of_payment"],
        },
    )


def commission_invoice(session: Session, settlement: Settlement, line: dict[str, Any], place: int) -> Draft:
    """An agency's or the operator's invoice for a commission, to whoever bore it.

    The commission that was agreed contains the tax; whether and how, the issuer states in its particulars.
    """
    deal, issuer = settlement.deal, _issuer(session, line)
    if issuer is None:
        raise AssertionError("only an institution of ours issues an invoice here")
    borne_by_buyer = Step(line["step"]) is Step.BUYER_COMMISSION
    made = _service_line(session, issuer, int(line["paid"]), settlement)
    check_sums((made,), made.taxed)
    notes = ["rate_not_confirmed"] if made.basis_points is not None else ["tax_not_determined"]
    return Draft(
        kind=DocumentKind.INVOICE,
        issuer=issuer,
        recipient=deal.buyer if borne_by_buyer else deal.seller,
        subject_id=settlement.id,
        about=f"commission:{place}",
        lot=deal.lot,
        deal_id=deal.id,
        currency=settlement.currency,
        taxed=made.taxed,
        body={
            "facts": [
                values.moment("agreed_at", deal.agreed_at),
                values.amount("price", deal.price_minor),
            ],
            "lines": [made.written()],
            "prepaid": [_withheld(settlement, int(line["paid"]))],
            "due": 0,
            "notes": [*notes, "no_fapiao"],
        },
    )


def surplus_notices(session: Session, settlement: Settlement) -> list[Draft]:
    """To whom the rest of the price belongs (Civil Code 438); the seller serves it on a pledgor outside."""
    return [
        _notice(
            settlement,
            DocumentKind.SURPLUS_NOTICE,
            institution_of(session, line["party"]) or line["name"],
            about=str(line["party"]),
            minor=int(line["paid"]),
            facts=[
                values.amount("price", settlement.deal.price_minor),
                values.amount("surplus", line["paid"]),
            ],
            notes=["surplus_is_pledgors"],
        )
        for line in settlement.lines
        if Step(line["step"]) is Step.SURPLUS and line["paid"]
    ]


def shortfall_notices(session: Session, settlement: Settlement) -> list[Draft]:
    """What a creditor is still owed: to the debtor, and to the creditor as a copy."""
    case = settlement.deal.lot.default_case
    drafts = []
    for party, minor in _still_owed(session, settlement).items():
        creditor = institution_of(session, party)
        facts = [
            values.text("creditor", creditor.name if creditor else party),
            values.amount("paid", _claims(settlement)[party].paid),
            values.amount("shortfall", minor),
        ]
        draft = _notice(
            settlement,
            DocumentKind.SHORTFALL_NOTICE,
            case.debtor if case else (creditor or party),
            about=party[:200],
            minor=minor,
            facts=facts,
            notes=["shortfall_stays_owed"],
            readers=frozenset({creditor.id}) if creditor else frozenset(),
        )
        drafts.append(draft)
    return drafts


def _still_owed(session: Session, settlement: Settlement) -> dict[str, int]:
    """What each creditor is owed once everything that came of the lot is distributed; nobody with nothing.

    Forfeited deposits are settled together with the price and pay what it left open, so the least remainder
    counts, and only the settlement of the price tells it.
    """
    rows = settlements_on(session, settlement.lot_id)
    alone = all(row.kind is PayoutKind.FORFEITURE for row in rows)
    if settlement.kind is PayoutKind.FORFEITURE and not alone:
        return {}
    found = [_claims(row) for row in rows]
    left = {
        party: min(claims[party].left for claims in found if party in claims)
        for party in sorted(_claims(settlement))
    }
    return {party: minor for party, minor in left.items() if minor}


def _claims(settlement: Settlement) -> dict[str, Claimed]:
    """By creditor what it got and what is left of its claims."""
    claims: dict[str, Claimed] = {}
    for line in settlement.lines:
        if Step(line["step"]) is Step.CLAIM:
            before = claims.get(line["party"], Claimed(0, 0))
            paid, due = int(line["paid"]), int(line["due"])
            claims[line["party"]] = Claimed(before.paid + paid, before.left + due - paid)
    return claims


def _notice(
    settlement: Settlement,
    kind: DocumentKind,
    recipient: Institution | str,
    *,
    about: str,
    minor: int,
    facts: list[values.Fact],
    notes: list[str],
    readers: frozenset[uuid.UUID] = frozenset(),
) -> Draft:
    deal = settlement.deal
    return Draft(
        kind=kind,
        issuer=None,
        recipient=recipient,
        subject_id=settlement.id,
        about=about,
        lot=deal.lot,
        deal_id=deal.id,
        currency=settlement.currency,
        taxed=Taxed(minor, 0),
        body={"facts": [values.moment("settled_at", settlement.settled_at), *facts], "notes": notes},
        readers=readers | {deal.seller_id},
    )


def _issuer(session: Session, line: dict[str, Any]) -> Institution | None:
    return institution_of(session, line["party"])


def _service_line(session: Session, issuer: Institution, gross: int, settlement: Settlement) -> InvoiceLine:
    stated = particulars_of(session, issuer.id)
    treatment = stated.treatment if stated else Treatment.NOT_DETERMINED
    day = settlement.settled_at.astimezone(LOCAL_ZONE).date()
    rate = rate_on(rates_of(issuer.country), TaxKind.VAT_SERVICE, treatment, day)
    return InvoiceLine(
        what="commission",
        detail="",
        taxed=inside(gross, rate.basis_points) if rate else Taxed(gross, 0),
        basis_points=rate.basis_points if rate else None,
        treatment=str(treatment if rate else Treatment.NOT_DETERMINED),
        source=rate.source if rate else "",
    )


def _withheld(settlement: Settlement, minor: int) -> dict[str, Any]:
    """A commission is kept back from the money that went through the platform."""
    at = values.moment("at", settlement.settled_at)[2]
    return {"what": "out_of_settlement", "minor": minor, "at": at, "reference": ""}
