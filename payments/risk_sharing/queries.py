"""Named selects of risk-sharing agreements."""

import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.errors import NotFound
from marketplace.parties.models import Institution
from payments.models import Settlement
from payments.risk_sharing.models import RiskSharing
from payments.rules import PayoutKind
from payments.waterfall import RiskShare

LIMIT = 50


def agreements_of(session: Session, lot_id: uuid.UUID) -> Sequence[RiskSharing]:
    """What was drafted and agreed about the lot, the latest first."""
    statement = select(RiskSharing).where(RiskSharing.lot_id == lot_id)
    return session.scalars(statement.order_by(RiskSharing.proposed_at.desc()).limit(LIMIT)).all()


def agreement_in_force(session: Session, lot_id: uuid.UUID) -> RiskSharing | None:
    """The latest that two persons agreed on; None where nobody shares the risk."""
    return next((row for row in agreements_of(session, lot_id) if row.agreed), None)


def shares_of(session: Session, lot_id: uuid.UUID) -> tuple[RiskShare, ...]:
    """Who makes up for the rank-1 remainder, as the waterfall reads it."""
    agreement = agreement_in_force(session, lot_id)
    rows = agreement.shares if agreement is not None else []
    return tuple(RiskShare(row.code, row.fraction) for row in rows)


def lock_agreement(session: Session, agreement_id: uuid.UUID) -> RiskSharing:
    """The agreement, read anew and locked; raises NotFound."""
    statement = select(RiskSharing).where(RiskSharing.id == agreement_id).with_for_update(of=RiskSharing)
    found = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound("agreement")
    return found


def settled(session: Session, lot_id: uuid.UUID) -> bool:
    """Whether the lot's sale is settled: its compensation is computed."""
    statement = select(Settlement.id).where(
        Settlement.lot_id == lot_id, Settlement.kind == PayoutKind.SETTLEMENT
    )
    return session.scalars(statement).first() is not None


def institution_named(session: Session, name: str) -> Institution | None:
    """The institution registered under exactly this name; None where there is none, or several."""
    found = session.scalars(select(Institution).where(Institution.name == name).limit(2)).all()
    return found[0] if len(found) == 1 else None
