"""Named selects of waivers of the title."""

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.deals.waivers.models import TitleWaiver
from marketplace.errors import NotFound


def waivers_of(session: Session, deal_id: uuid.UUID) -> list[TitleWaiver]:
    """What was proposed and answered about the deal, in its order."""
    statement = select(TitleWaiver).where(TitleWaiver.deal_id == deal_id)
    return list(session.scalars(statement.order_by(TitleWaiver.proposed_at)))


def waiver_in_force(session: Session, deal_id: uuid.UUID) -> TitleWaiver | None:
    """The waiver that two persons agreed on; None where there is none."""
    agreed = select(TitleWaiver).where(TitleWaiver.deal_id == deal_id, TitleWaiver.agreed.is_(True))
    return session.scalars(agreed.order_by(TitleWaiver.answered_at)).first()


def lock_waiver(session: Session, waiver_id: uuid.UUID) -> TitleWaiver:
    """The waiver, read anew and locked; raises NotFound."""
    statement = select(TitleWaiver).where(TitleWaiver.id == waiver_id).with_for_update(of=TitleWaiver)
    found = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound("waiver")
    return found
