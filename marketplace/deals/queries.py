"""Named selects of mandates, offers and deals."""

import uuid
from datetime import date, datetime

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from marketplace.clock import LOCAL_ZONE
from marketplace.db import db
from marketplace.deals.models import Deal, Mandate, Offer
from marketplace.deals.rules import (
    LIVE_DEALS,
    SET_OFF,
    DealSource,
    DealStatus,
    MandateSide,
    MandateStatus,
    OfferStatus,
)
from marketplace.due import take_first
from marketplace.errors import NotFound
from marketplace.listings.models import Lot
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
    for the lot when the price was agreed counts too, where another agency or none brought the buyer. Nobody
    brought a creditor that takes the lot itself (Civil Code 964).
    """
    if deal.source in SET_OFF:
        return []
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
    )
    return take_first(session, statement, Offer)


PAGE = 25


def institution_by_number(session: Session, number: str) -> Institution | None:
    """The institution with this registration number in China, or with it alone elsewhere."""
    found = select(Institution).where(Institution.registration_number == number.strip().upper())
    return session.scalars(found.order_by(Institution.country != "CN").limit(1)).first()


def mandates_of(institution_id: uuid.UUID, page: int) -> Pagination:
    """The mandates an institution is client or agency of, the latest first."""
    mandates = select(Mandate).where(
        or_(Mandate.client_id == institution_id, Mandate.agency_id == institution_id)
    )
    mandates = mandates.order_by(Mandate.proposed_at.desc(), Mandate.id)
    return db.paginate(mandates, page=page, per_page=PAGE, max_per_page=PAGE, error_out=False)


def usable_mandates(session: Session, agency_id: uuid.UUID, lot: Lot, now: datetime) -> list[Mandate]:
    """The agency's mandates under which it might offer for the lot."""
    mandates = select(Mandate).where(
        Mandate.agency_id == agency_id,
        Mandate.status == MandateStatus.ACCEPTED,
        Mandate.valid_until >= local_day(now),
        or_(Mandate.lot_id == lot.id, Mandate.lot_id.is_(None)),
        or_(Mandate.side == MandateSide.BUY, Mandate.client_id == lot.institution_id),
    )
    return list(session.scalars(mandates.order_by(Mandate.answered_at).limit(200)))


def _involved(institution_id: uuid.UUID) -> ColumnElement[bool]:
    """Offers of the institution: as selling bank, buyer or agency."""
    return or_(
        Offer.buyer_id == institution_id,
        Offer.lot.has(Lot.institution_id == institution_id),
        Offer.mandate.has(Mandate.agency_id == institution_id),
    )


def offers_of(institution_id: uuid.UUID, page: int) -> Pagination:
    """The offers an institution takes part in, the latest first."""
    offers = select(Offer).where(_involved(institution_id)).order_by(Offer.made_at.desc(), Offer.id)
    return db.paginate(offers, page=page, per_page=PAGE, max_per_page=PAGE, error_out=False)


def open_offers(session: Session, institution_id: uuid.UUID) -> list[Offer]:
    """Offers that wait for somebody, those that end first at the top."""
    waiting = Offer.status.in_([OfferStatus.MADE, OfferStatus.ACCEPTED])
    offers = select(Offer).where(_involved(institution_id), waiting)
    return list(session.scalars(offers.order_by(Offer.expires_at).limit(10)))


def _taking_part(institution_id: uuid.UUID) -> ColumnElement[bool]:
    """Deals of the institution: as seller, buyer or agency of the lot's seller or of the buyer."""
    selling = (
        select(Mandate.id)
        .where(
            Mandate.agency_id == institution_id,
            Mandate.client_id == Deal.seller_id,
            Mandate.side == MandateSide.SELL,
            Mandate.answered_at <= Deal.agreed_at,
            Mandate.status.in_([MandateStatus.ACCEPTED, MandateStatus.ENDED]),
            or_(Mandate.lot_id == Deal.lot_id, Mandate.lot_id.is_(None)),
        )
        .exists()
    )
    return or_(
        Deal.seller_id == institution_id,
        Deal.buyer_id == institution_id,
        Deal.mandate.has(Mandate.agency_id == institution_id),
        selling,
    )


def deals_of(institution_id: uuid.UUID | None, page: int) -> Pagination:
    """The deals an institution may take part in, open ones first; every deal for None (the operator)."""
    deals = select(Deal) if institution_id is None else select(Deal).where(_taking_part(institution_id))
    over = Deal.status.in_([DealStatus.COMPLETED, DealStatus.DEFAULTED, DealStatus.RESCINDED])
    deals = deals.order_by(over, Deal.agreed_at.desc(), Deal.id)
    return db.paginate(deals, page=page, per_page=PAGE, max_per_page=PAGE, error_out=False)


def open_deals(session: Session, institution_id: uuid.UUID | None) -> list[Deal]:
    """Deals that are not completed, the next payment first."""
    deals = select(Deal).where(Deal.status.in_([DealStatus.AGREED, DealStatus.PAID]))
    if institution_id is not None:
        deals = deals.where(or_(Deal.seller_id == institution_id, Deal.buyer_id == institution_id))
    return list(session.scalars(deals.order_by(Deal.pay_by).limit(10)))
