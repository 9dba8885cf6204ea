"""Risk-sharing agreements: drafted by one person of the bank, agreed by another, until the settlement."""

import uuid
from collections.abc import Sequence

from sqlalchemy.orm import Session

from marketplace import clock, four_eyes
from marketplace.access import Actor, Subject, Verb, require
from marketplace.errors import Conflict, Refused
from marketplace.listings.models import Lot
from marketplace.listings.queries import lock_lot
from payments.risk_sharing import queries
from payments.risk_sharing.models import RiskShareRow, RiskSharing
from payments.risk_sharing.rules import Share, SharingReason, check_shares
from payments.service.acts import record


def draft(
    session: Session,
    actor: Actor,
    lot_id: uuid.UUID,
    *,
    document: str,
    shares: Sequence[Share],
    reason: str,
) -> RiskSharing:
    """The first person of the bank enters what the agreement says.

    Raises:
        Refused: a party is named twice, the shares are none or exceed the whole, no document is named.
        Conflict: a draft waits, or the lot is settled.
        NotFound, NotAllowed: as `access.require`.
    """
    lot = lock_lot(session, lot_id)
    require(actor, Verb.DRAFT_LOT, Subject(owner_id=lot.institution_id))
    _check_open(session, lot)
    if any(row.waits for row in queries.agreements_of(session, lot.id)):
        raise Conflict(SharingReason.DRAFT_WAITS)
    check_shares(shares)
    if not document.strip():
        raise Refused(SharingReason.DOCUMENT_NEEDED, field="document")
    row = RiskSharing(
        lot_id=lot.id,
        document=document.strip()[:200],
        shares=[_row(session, number, share) for number, share in enumerate(shares, start=1)],
        **four_eyes.proposed(actor, reason, clock.now()),
    )
    session.add(row)
    session.flush()
    record(session, "draft_risk_sharing", lot.id, actor, reason=row.reason, document=row.document)
    return row


def answer(
    session: Session, actor: Actor, agreement_id: uuid.UUID, *, agreed: bool, reason: str
) -> RiskSharing:
    """The second person of the bank agrees, or does not.

    Raises:
        Refused: no reason is given.
        Conflict: it is answered, or the lot is settled.
        NotFound, NotAllowed: the actor drafted it; as `access.require`.
    """
    row = queries.lock_agreement(session, agreement_id)
    lot = lock_lot(session, row.lot_id)
    require(actor, Verb.APPROVE_LOT, Subject(owner_id=lot.institution_id))
    _check_open(session, lot)
    four_eyes.settle(row, actor, agreed=agreed, answer=reason, now=clock.now())
    record(session, "answer_risk_sharing", lot.id, actor, reason=row.answer, agreed=agreed)
    return row


def _check_open(session: Session, lot: Lot) -> None:
    if queries.settled(session, lot.id):
        raise Conflict(SharingReason.SETTLED_ALREADY)


def _row(session: Session, position: int, share: Share) -> RiskShareRow:
    institution = queries.institution_named(session, share.party)
    return RiskShareRow(
        position=position,
        party=share.party,
        institution_id=institution.id if institution else None,
        share=share.share,
    )
