"""What must always hold of offers and deals: each question answers with what breaks it, so with nothing."""

from collections.abc import Callable

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from marketplace.deals.models import Deal, Offer, TransferRecord
from marketplace.deals.rules import LIVE_DEALS, SET_OFF, STEPS, DealSource, DealStatus, OfferStatus
from marketplace.deals.waivers import invariants as waivers
from marketplace.deals.waivers.models import TitleWaiver
from marketplace.deals.windows import invariants as windows
from marketplace.listings.models import Lot, lot_rights
from marketplace.listings.rules import LotStatus


def _deals(session: Session, statement: Select[Deal]) -> list[str]:
    return [f"deal {deal.id} of lot {deal.lot_id}" for deal in session.scalars(statement)]


def _count(*statuses: DealStatus) -> Select[int]:
    deals = select(func.count()).select_from(Deal).where(Deal.lot_id == Lot.id)
    return deals.where(Deal.status.in_(statuses)).correlate(Lot)


def sold_without_one_completed_deal(session: Session) -> list[str]:
    completed = _count(DealStatus.COMPLETED).scalar_subquery()
    lots = select(Lot).where(Lot.status == LotStatus.SOLD, completed != 1)
    return [f"lot {lot.id} {lot.reference}" for lot in session.scalars(lots)]


def lots_with_two_live_deals(session: Session) -> list[str]:
    live = _count(*LIVE_DEALS).scalar_subquery()
    return [f"lot {lot.id} {lot.reference}" for lot in session.scalars(select(Lot).where(live > 1))]


def rights_in_two_live_deals(session: Session) -> list[str]:
    """A lot of the whole and a lot of a part may not both be sold."""
    twice = (
        select(lot_rights.c.right_id, func.count())
        .join(Deal, Deal.lot_id == lot_rights.c.lot_id)
        .where(Deal.status.in_(LIVE_DEALS))
        .group_by(lot_rights.c.right_id)
        .having(func.count() > 1)
    )
    return [f"right {right_id} in {count} deals" for right_id, count in session.execute(twice)]


def deals_and_lots_that_disagree(session: Session) -> list[str]:
    open_deal = Deal.status.in_([DealStatus.AGREED, DealStatus.PAID])
    disagree = or_(
        and_(Deal.status == DealStatus.COMPLETED, Lot.status != LotStatus.SOLD),
        and_(open_deal, Lot.status != LotStatus.RESERVED),
    )
    return _deals(session, select(Deal).join(Lot, Lot.id == Deal.lot_id).where(disagree))


def deals_of_other_parties(session: Session) -> list[str]:
    deals = select(Deal).join(Lot, Lot.id == Deal.lot_id)
    strange = or_(
        Deal.seller_id != Lot.institution_id,
        and_(Deal.buyer_id == Deal.seller_id, Deal.source.not_in(SET_OFF)),
        and_(Deal.buyer_id != Deal.seller_id, Deal.source.in_(SET_OFF)),
        Deal.currency != Lot.currency,
        Deal.price_minor <= 0,
    )
    return _deals(session, deals.where(strange))


def completed_without_title(session: Session) -> list[str]:
    steps = select(func.count()).select_from(TransferRecord).where(TransferRecord.deal_id == Deal.id)
    waived = exists().where(TitleWaiver.deal_id == Deal.id, TitleWaiver.agreed.is_(True))
    unfinished = or_(
        and_(steps.correlate(Deal).scalar_subquery() != len(STEPS), ~waived),
        Deal.paid_at.is_(None),
        Deal.completed_at.is_(None),
    )
    return _deals(session, select(Deal).where(Deal.status == DealStatus.COMPLETED, unfinished))


def offers_without_four_eyes(session: Session) -> list[str]:
    approved = select(Offer).where(Offer.status == OfferStatus.APPROVED)
    alone = or_(
        Offer.accepted_by_id.is_(None),
        Offer.approved_by_id.is_(None),
        Offer.accepted_by_id == Offer.approved_by_id,
    )
    return [f"offer {offer.id}" for offer in session.scalars(approved.where(alone))]


def offers_without_their_deal(session: Session) -> list[str]:
    matching = (
        select(Deal.id)
        .where(
            Deal.source == DealSource.OFFER,
            Deal.source_id == Offer.id,
            Deal.buyer_id == Offer.buyer_id,
            Deal.price_minor == Offer.price_minor,
        )
        .exists()
    )
    offers = select(Offer).where(Offer.status == OfferStatus.APPROVED, ~matching)
    return [f"offer {offer.id}" for offer in session.scalars(offers)]


CHECKS: tuple[tuple[str, Callable[[Session], list[str]]], ...] = (
    ("a sold lot has exactly one completed deal", sold_without_one_completed_deal),
    ("a lot has at most one live deal", lots_with_two_live_deals),
    ("a right is in at most one live deal", rights_in_two_live_deals),
    ("a live deal holds its lot, a completed one has sold it", deals_and_lots_that_disagree),
    ("a deal is between the lot's bank and another, in the lot's currency", deals_of_other_parties),
    ("a completed deal is paid and its title transferred", completed_without_title),
    ("an agreed offer was accepted and approved by two people", offers_without_four_eyes),
    ("an agreed offer has its deal", offers_without_their_deal),
    *windows.CHECKS,
    *waivers.CHECKS,
)
