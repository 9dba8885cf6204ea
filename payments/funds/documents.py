"""Documents behind a claim or an application: added, never taken away."""

import uuid

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.access import Actor
from marketplace.errors import Refused
from payments.funds.models import FundDocument
from payments.funds.rules import (
    DOCUMENTS_MOST,
    EvidenceKind,
    FundReason,
    check_digest,
    check_said,
)


def documents_of(session: Session, subject_id: uuid.UUID) -> list[FundDocument]:
    statement = select(FundDocument).where(FundDocument.subject_id == subject_id)
    return list(session.scalars(statement.order_by(FundDocument.added_at, FundDocument.kind)))


def add_document(
    session: Session,
    actor: Actor | None,
    subject_id: uuid.UUID,
    kind: EvidenceKind,
    *,
    reference: str,
    digest: str = "",
) -> FundDocument:
    """Name a document. Without an actor it is the platform's own record.

    Raises:
        Refused: no reference, a malformed digest, or there are too many already.
    """
    count = select(func.count(FundDocument.id)).where(FundDocument.subject_id == subject_id)
    if (session.scalar(count) or 0) >= DOCUMENTS_MOST:
        raise Refused(FundReason.TOO_MANY_DOCUMENTS, field="reference", most=DOCUMENTS_MOST)
    document = FundDocument(
        subject_id=subject_id,
        kind=kind,
        reference=check_said(reference, FundReason.REFERENCE_NEEDED, "reference", 200),
        digest=check_digest(digest),
        added_by_id=actor.person_id if actor else None,
        added_at=clock.now(),
    )
    session.add(document)
    session.flush()
    return document
