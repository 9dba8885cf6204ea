"""Telling those concerned what became of an auction, with no amount or name that is not theirs."""

import uuid
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from auctions import queries
from auctions.models import Auction, Registration
from marketplace import clock
from marketplace.listings.models import Lot
from marketplace.money import Money
from marketplace.notices.models import Notice
from marketplace.notices.rules import NoticeKind
from marketplace.notices.service import notify

_ONE_NOTICE_IN = timedelta(hours=1)


def tell_sold(session: Session, auction: Auction, lot: Lot, winner: Registration, pay_by: datetime) -> None:
    """The winner hears the price and its deadline, every other bidder that the lot went elsewhere."""
    price = Money(auction.price_minor or 0, auction.currency)
    for registration in queries.registrations_of(session, auction.id):
        if registration.id == winner.id:
            _tell(session, registration, NoticeKind.AUCTION_WON, lot, amount=price, due_at=pay_by)
        else:
            _tell(session, registration, NoticeKind.AUCTION_LOST, lot)


def tell_outbid(session: Session, auction: Auction, before: uuid.UUID | None) -> None:
    """Whoever led before this event and leads no more hears it, with the price to beat."""
    if before is None or auction.leader_id in {None, before} or auction.price_minor is None:
        return
    price = Money(auction.price_minor, auction.currency)
    overtaken = session.get_one(Registration, before)
    if _told_lately(session, overtaken.institution_id, NoticeKind.OUTBID, address(auction.id)):
        return
    _tell(session, overtaken, NoticeKind.OUTBID, auction.lot, amount=price, due_at=auction.closes_at)


def tell_unsold(session: Session, auction: Auction, lot: Lot) -> None:
    """The seller hears that it has to decide how to go on."""
    notify(session, auction.institution_id, NoticeKind.AUCTION_UNSOLD, address(auction.id), title=lot.title)


def tell_stopped(session: Session, auction: Auction, lot: Lot) -> None:
    """Seller and bidders hear that bidding stands still or is over."""
    notify(session, auction.institution_id, NoticeKind.AUCTION_STOPPED, address(auction.id), title=lot.title)
    for registration in queries.registrations_of(session, auction.id):
        _tell(session, registration, NoticeKind.AUCTION_STOPPED, lot)


def _told_lately(session: Session, institution_id: uuid.UUID, kind: NoticeKind, url: str) -> bool:
    """Two who bid each other up all afternoon need one notice an hour: the room tells them at once."""
    told = select(Notice.id).where(
        Notice.institution_id == institution_id,
        Notice.kind == kind,
        Notice.subject_url == url,
        Notice.at > clock.now() - _ONE_NOTICE_IN,
    )
    return session.scalar(told.limit(1)) is not None


def address(auction_id: uuid.UUID) -> str:
    """The path of the auction's page."""
    return f"/auctions/{auction_id}"


def _tell(
    session: Session,
    registration: Registration,
    kind: NoticeKind,
    lot: Lot,
    *,
    amount: Money | None = None,
    due_at: datetime | None = None,
) -> None:
    """Tell the buyer, and the agency that bids for it."""
    readers = {registration.institution_id}
    if registration.mandate is not None:
        readers.add(registration.mandate.agency_id)
    for reader in sorted(readers):
        url = address(registration.auction_id)
        notify(session, reader, kind, url, title=lot.title, amount=amount, due_at=due_at)
