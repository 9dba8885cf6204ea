"""Telling the parties of a claim what has happened."""

import uuid

from sqlalchemy.orm import Session

from marketplace.money import Money
from marketplace.notices.rules import NoticeKind
from marketplace.notices.service import notify
from payments.compensation.models import CompensationClaim


def tell(
    session: Session,
    institution_id: uuid.UUID,
    kind: NoticeKind,
    claim: CompensationClaim,
    minor: int | None = None,
) -> None:
    """A notice to one institution, leading to the claim file."""
    notify(
        session,
        institution_id,
        kind,
        f"/compensation/claims/{claim.id}",
        title=f"{claim.pool.name} {claim.number} · {claim.lot.title}",
        amount=Money(minor, claim.currency) if minor else None,
    )
