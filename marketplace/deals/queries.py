"""Named selects of mandates, offers and deals."""

import uuid
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from marketplace.clock import LOCAL_ZONE
from marketplace.deals.models import Deal, Mandate, Offer
from marketplace.deals.rules import LIVE_DEALS, DealSource, MandateSide, MandateStatus, OfferStatus
from marketplace.errors import NotFound
from marketplace.parties.models import Institution


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


def local_day(moment: datetime) -> date:
    """The day it is in the marketplace's zone at that moment; mandates end with such a day."""
    return moment.astimezone(LOCAL_ZONE).date()


def find_mandate(session: Session, mandate_id: uuid.UUID) -> Mandate:
    """The mandate; raises NotFound."""
    mandate = session.get(Mandate, mandate_id)
    if mandate is None:
        raise NotFound("mandate")
    return mandate


def lock_mandate(session: Session, mandate_id: uuid.UUID) -> Mandate:
    """The mandate, read anew and locked until the transaction ends; raises NotFound."""
    statement = select(Mandate).where(Mandate.id == mandate_id).with_for_update(of=Mandate)
    mandate = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if mandate is None:
        raise NotFound("mandate")
    return mandate


def find_offer(session: Session, offer_id: uuid.UUID) -> Offer:
    """The offer; raises NotFound."""
    offer = session.get(Offer, offer_id)
    if offer is None:
        raise NotFound("offer")
    return offer


def lock_offer(session: Session, offer_id: uuid.UUID) -> Offer:
    """The offer, read anew and locked until the transaction ends; raises NotFound."""
    statement = select(Offer).where(Offer.id == offer_id).with_for_update(of=Offer)
    offer = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if offer is None:
        raise NotFound("offer")
    return offer


def lock_institution(session: Session, institution_id: uuid.UUID) -> None:
    """Make two acts that concern one institution as a whole wait for each other."""
    session.execute(select(Institution.id).where(Institution.id == institution_id).with_for_update())


def same_sell_mandate(session: Session, mandate: Mandate, today: date) -> Mandate | None:
    """Another agency's mandate in force for exactly the same: this lot, or all lots of the seller."""
    same_lot = Mandate.lot_id == mandate.lot_id if mandate.lot_id else Mandate.lot_id.is_(None)
    statement = select(Mandate).where(
        Mandate.client_id == mandate.client_id,
        Mandate.side == MandateSide.SELL,
        Mandate.status == MandateStatus.ACCEPTED,
        Mandate.valid_until >= today,
        Mandate.id != mandate.id,
        same_lot,
    )
    return session.scalars(statement).first()


def sell_mandate(
    session: Session, seller_id: uuid.UUID, lot_id: uuid.UUID, moment: datetime
) -> Mandate | None:
    """The seller's agency for the lot at that moment: a mandate for this lot before one for all lots."""
    statement = (
        select(Mandate)
        .where(
            Mandate.client_id == seller_id,
            Mandate.side == MandateSide.SELL,
            Mandate.status.in_([MandateStatus.ACCEPTED, MandateStatus.ENDED]),
            Mandate.answered_at <= moment,
            or_(Mandate.ended_at.is_(None), Mandate.ended_at > moment),
            Mandate.valid_until >= local_day(moment),
            or_(Mandate.lot_id == lot_id, Mandate.lot_id.is_(None)),
        )
        .order_by(Mandate.lot_id.is_(None), Mandate.answered_at)
    )
    return session.scalars(statement).first()


def commission_mandates(session: Session, deal: Deal) -> list[Mandate]:
    """The mandates whose agencies earn a commission on the deal: the seller's first, then the buyer's.

    The one that brought the price counts whatever became of it since. The agency that had the seller's order
    for the lot when the price was agreed counts too, where another agency or none brought the buyer.
    """
    brought = deal.mandate
    if brought is not None and brought.side is MandateSide.SELL:
        return [brought]
    selling = sell_mandate(session, deal.seller_id, deal.lot_id, deal.agreed_at)
    return [mandate for mandate in (selling, brought) if mandate is not None]


def next_expired_offer(session: Session, now: datetime) -> Offer | None:
    """One open offer whose time is over, locked; None when there is none or another worker has it."""
    statement = (
        select(Offer)
        .where(Offer.status.in_([OfferStatus.MADE, OfferStatus.ACCEPTED]), Offer.expires_at <= now)
        .order_by(Offer.expires_at)
        .limit(1)
    )
    return session.scalars(statement.with_for_update(of=Offer, skip_locked=True)).one_or_none()
