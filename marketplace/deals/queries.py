"""Named selects of mandates, offers and deals."""

import uuid
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from marketplace.clock import LOCAL_ZONE
from marketplace.deals.models import Deal, Mandate
from marketplace.deals.rules import LIVE_DEALS, DealSource, MandateSide, MandateStatus
from marketplace.errors import NotFound


def find_deal(session: Session, deal_id: uuid.UUID) -> Deal:
    """The deal; raises NotFound."""
    deal = session.get(Deal, deal_id)
    if deal is None:
        raise NotFound("deal")
    return deal


def lock_deal(session: Session, deal_id: uuid.UUID) -> Deal:
    """The deal, read anew and locked until the transaction ends; raises NotFound."""
    statement = select(Deal).where(Deal.id == deal_id).with_for_update(of=Deal)
    deal = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if deal is None:
        raise NotFound("deal")
    return deal


def live_deal(session: Session, lot_id: uuid.UUID) -> Deal | None:
    """The deal that holds the lot: agreed, paid or completed; None where there is none."""
    statement = select(Deal).where(Deal.lot_id == lot_id, Deal.status.in_(LIVE_DEALS))
    return session.scalars(statement).first()


def deal_from(session: Session, source: DealSource, source_id: uuid.UUID, buyer_id: uuid.UUID) -> Deal | None:
    """The deal that this auction or offer has already led to with this buyer."""
    statement = select(Deal).where(
        Deal.source == source, Deal.source_id == source_id, Deal.buyer_id == buyer_id
    )
    return session.scalars(statement).one_or_none()


def sell_mandate(session: Session, seller_id: uuid.UUID, lot_id: uuid.UUID, on: date) -> Mandate | None:
    """The seller's agency for the lot on that day: a mandate for this lot before one for all lots."""
    statement = (
        select(Mandate)
        .where(
            Mandate.client_id == seller_id,
            Mandate.side == MandateSide.SELL,
            Mandate.status == MandateStatus.ACCEPTED,
            Mandate.valid_until >= on,
            or_(Mandate.lot_id == lot_id, Mandate.lot_id.is_(None)),
        )
        .order_by(Mandate.lot_id.is_(None), Mandate.answered_at)
    )
    return session.scalars(statement).first()


def commission_mandates(session: Session, deal: Deal) -> list[Mandate]:
    """The mandates whose agencies earn a commission on the deal: the seller's first, then the buyer's.

    The one that brought the price counts whatever became of it since. The seller's agency for the lot counts
    too where another agency, or none, brought the buyer; it was accepted before the price was agreed.
    """
    brought = deal.mandate
    if brought is not None and brought.side is MandateSide.SELL:
        return [brought]
    agreed_on = deal.agreed_at.astimezone(LOCAL_ZONE).date()
    selling = sell_mandate(session, deal.seller_id, deal.lot_id, agreed_on)
    if selling is not None and (selling.answered_at is None or selling.answered_at > deal.agreed_at):
        selling = None
    return [mandate for mandate in (selling, brought) if mandate is not None]
