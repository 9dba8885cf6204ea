"""A bank claims what a disposal left unpaid, names its documents, or takes the claim back."""

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.access import Actor, Subject, Verb, require
from marketplace.errors import Conflict, NotFound
from marketplace.listings.models import Lot
from marketplace.notices.rules import NoticeKind
from marketplace.parties.names import name_key
from marketplace.status import check_move
from payments.compensation import queries
from payments.compensation.losses import Loss, last_auction, loss_of, registered_pledge
from payments.compensation.models import CompensationClaim
from payments.compensation.rules import (
    CLAIM_MOVES,
    Agreement,
    ClaimStatus,
    PoolReason,
)
from payments.compensation.service.covering import Case, StatedLoan, check_covered, written
from payments.compensation.service.telling import tell
from payments.funds.documents import add_document
from payments.funds.models import FundDocument
from payments.funds.rules import EvidenceKind, FundReason, check_said
from payments.service.acts import record


def claim(
    session: Session, actor: Actor, lot_id: uuid.UUID, pool_id: uuid.UUID, stated: StatedLoan
) -> CompensationClaim:
    """Claim the unpaid remainder of the loan behind a lot; what the platform has on record is attached.

    Raises:
        Refused: the agreement in force does not cover the loan; `reasons` in the details are all of them.
        Conflict: the disposal has not ended, or there is a claim for this lot.
        NotFound, NotAllowed: as `access.require`.
    """
    lot = _lock_lot(session, lot_id)
    require(actor, Verb.CLAIM_COMPENSATION, Subject(owner_id=lot.institution_id))
    pool = queries.lock_pool(session, pool_id)
    standing = queries.claim_on_lot(session, lot.id)
    if standing is not None and standing.status not in queries.CLOSED:
        raise Conflict(PoolReason.CLAIMED_ALREADY)
    loss, now = loss_of(session, lot), clock.now()
    version, facts = check_covered(session, Case(pool, lot, loss, stated, now))
    row = CompensationClaim(
        pool_id=pool.id,
        pool=pool,
        agreement_id=version.id,
        number=queries.next_number(session, pool.id),
        bank_id=lot.institution_id,
        lot_id=lot.id,
        lot=lot,
        settlement_id=loss.settlement.id if loss.settlement else None,
        firm=loss.case.debtor,
        firm_key=name_key(loss.case.debtor),
        currency=pool.currency,
        loss_minor=loss.minor,
        principal_minor=loss.case.principal_minor,
        loan_minor=stated.loan_minor,
        facts=written(facts),
        claimed_by_id=actor.person_id,
        claimed_at=now,
    )
    session.add(row)
    session.flush()
    _attach(session, row, loss)
    record(session, "claim_compensation", row.id, actor, loss=loss.minor, pool=str(pool.id))
    tell(session, pool.keeper_id, NoticeKind.COMPENSATION_CLAIMED, row, row.loss_minor)
    return row


def add_evidence(
    session: Session,
    actor: Actor,
    claim_id: uuid.UUID,
    kind: EvidenceKind,
    *,
    reference: str,
    digest: str = "",
) -> FundDocument:
    """Name a document that the fund asks for.

    Raises:
        Refused: as `funds.documents.add_document`. Conflict: the claim is reviewed already.
    """
    row = _own(session, actor, claim_id)
    if row.status is not ClaimStatus.CLAIMED:
        raise Conflict(PoolReason.REVIEWED_OTHERWISE)
    document = add_document(session, actor, row.id, kind, reference=reference, digest=digest)
    record(session, "add_evidence", row.id, actor, kind=kind, digest=document.digest)
    return document


def withdraw(session: Session, actor: Actor, claim_id: uuid.UUID, reason: str) -> CompensationClaim:
    """The bank takes its claim back before it is reviewed.

    Raises:
        Refused: no reason. Conflict: it is reviewed already. NotFound, NotAllowed: as `access.require`.
    """
    row = _own(session, actor, claim_id)
    check_move(CLAIM_MOVES, row.status, ClaimStatus.WITHDRAWN)
    row.reason = check_said(reason, FundReason.REASON_NEEDED, "reason")
    row.status, row.ended_at = ClaimStatus.WITHDRAWN, clock.now()
    record(session, "withdraw_claim", row.id, actor, reason=row.reason)
    tell(session, row.pool.keeper_id, NoticeKind.COMPENSATION_WITHDRAWN, row)
    return row


def missing_evidence(agreement: Agreement, documents: list[FundDocument]) -> tuple[EvidenceKind, ...]:
    """What the agreement asks for and nobody has named."""
    named = {document.kind for document in documents}
    return tuple(kind for kind in agreement.evidence if kind not in named)


def _own(session: Session, actor: Actor, claim_id: uuid.UUID) -> CompensationClaim:
    row = queries.lock_claim(session, claim_id)
    require(actor, Verb.CLAIM_COMPENSATION, Subject(owner_id=row.bank_id))
    return row


def _lock_lot(session: Session, lot_id: uuid.UUID) -> Lot:
    """The lot, locked: two claims for it never stand at once, whichever pools they are made on."""
    statement = select(Lot).where(Lot.id == lot_id).with_for_update(of=Lot)
    lot = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if lot is None:
        raise NotFound("lot")
    return lot


def _attach(session: Session, row: CompensationClaim, loss: Loss) -> None:
    """What the platform has on record itself: the pledge's number, the auction's record, the settlement."""
    auction, pledge, sale = last_auction(session, row.lot_id), registered_pledge(row.lot), loss.settlement
    known = []
    if pledge:
        known.append((EvidenceKind.PLEDGE_CERTIFICATE, pledge, ""))
    if auction is not None:
        known.append((EvidenceKind.DISPOSAL_RECORD, f"/auctions/{auction.id}/journal", auction.last_hash))
    if sale is not None:
        statement = f"/money/deals/{sale.deal_id}/settlement"
        known.append((EvidenceKind.SETTLEMENT_STATEMENT, statement, sale.content_hash))
    for kind, reference, digest in known:
        add_document(session, None, row.id, kind, reference=reference, digest=digest)
