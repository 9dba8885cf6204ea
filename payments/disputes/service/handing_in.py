"""Evidence for a dispute: what there is about the sale, and a record of what was handed in."""

import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

from auctions.confirmations import rows as confirmations
from marketplace import clock
from marketplace.access import Actor, Verb, require
from marketplace.deals.models import Deal
from marketplace.errors import Conflict
from marketplace.rule_packs import load, pack_digest
from payments import queries as payment_queries
from payments.bank.queries.paying import Arrived
from payments.disputes import queries
from payments.disputes.models import Dispute, DisputeEvidence
from payments.disputes.rules import DisputeReason, DisputeStatus, EvidenceKind
from payments.models import Deposit, Payment
from payments.queries import pages
from payments.rules import check_reason
from payments.service.acts import record

MOST = 50


@dataclass(frozen=True, slots=True)
class Evidence:
    """One document: what it is, the number by which it is found, and the digest of what we hold of it."""

    kind: EvidenceKind
    title: str
    reference: str
    digest: str = ""


def gather(session: Session, dispute: Dispute) -> list[Evidence]:
    """What the platform has about the sale: confirmation, terms accepted, receipts, steps of the transfer."""
    deal = dispute.deal
    found: list[Evidence] = []
    if deal is not None:
        confirmation = confirmations.of_deal(session, deal.id)
        if confirmation is not None:
            code, digest = confirmation.code, confirmation.digest
            found.append(Evidence(EvidenceKind.CONFIRMATION, deal.lot.title, code, digest))
        found.append(_terms(deal))
        found += [
            Evidence(EvidenceKind.TRANSFER, step.step, step.document_reference) for step in deal.transfers
        ]
    found += [
        Evidence(EvidenceKind.RECEIPT, receipt.confirmed_at.date().isoformat(), receipt.bank_reference)
        for receipt in _receipts(session, dispute)
    ]
    row = _money(session, dispute)
    if row is not None and row.gateway_object:
        found.append(Evidence(EvidenceKind.RECEIPT, row.reference, row.gateway_object))
    return found[:MOST]


def hand_in(
    session: Session, actor: Actor, dispute_id: uuid.UUID, *, chosen: set[str], other: str
) -> list[DisputeEvidence]:
    """Record what was handed in: the chosen of what was gathered, by their references, and one of one's own.

    Raises:
        Refused: nothing is chosen.
        Conflict: the dispute is closed.
        NotFound, NotAllowed: as `access.require`.
    """
    require(actor, Verb.CONFIRM_MONEY)
    dispute = queries.lock_dispute(session, dispute_id)
    if dispute.status is not DisputeStatus.OPEN:
        raise Conflict(DisputeReason.DISPUTE_IS_CLOSED)
    picked = [one for one in gather(session, dispute) if one.reference in chosen]
    if other.strip() or not picked:
        picked.append(Evidence(EvidenceKind.OTHER, check_reason(other)[:300], ""))
    rows = [
        DisputeEvidence(
            dispute_id=dispute.id,
            kind=one.kind,
            title=one.title[:300],
            reference=one.reference[:200],
            digest=one.digest,
            handed_in_by_id=actor.person_id,
            handed_in_at=clock.now(),
        )
        for one in picked
    ]
    session.add_all(rows)
    session.flush()
    record(session, "hand_in_evidence", dispute.id, actor, count=len(rows))
    return rows


def _terms(deal: Deal) -> Evidence:
    """The rule pack under which the buyer bid: what it accepted, in its version and with its digest."""
    lot = deal.lot
    pack = load(lot.rule_pack, lot.rule_pack_version)
    return Evidence(EvidenceKind.TERMS, pack.name, f"{pack.name}@{pack.version}", pack_digest(pack))


def _money(session: Session, dispute: Dispute) -> Deposit | Payment | None:
    if dispute.payment_id is not None:
        return session.get(Payment, dispute.payment_id)
    return session.get(Deposit, dispute.deposit_id) if dispute.deposit_id else None


def _receipts(session: Session, dispute: Dispute) -> list[Arrived]:
    deal_id = dispute.deal_id
    rows = [_money(session, dispute)]
    if deal_id is not None:
        rows = [
            payment_queries.payment_of(session, deal_id),
            payment_queries.deposit_of_deal(session, deal_id),
        ]
    return [receipt for row in rows if row is not None for receipt in pages.receipts_of(session, row)]
