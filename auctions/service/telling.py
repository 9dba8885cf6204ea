"""Telling those concerned what became of an auction, with no amount or name that is not theirs."""

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session, joinedload

from auctions import queries
from auctions.models import Auction, Registration
from marketplace import clock
from marketplace.listings.models import Lot
from marketplace.money import Money
from marketplace.notices.models import Notice
from marketplace.notices.rules import NoticeKind
from marketplace.notices.service import notify

_ONE_NOTICE_IN = timedelta(hours=1)

# Built once: nearly every bid asks it, and hardly ever somebody is found.
_TOLD = exists().where(
    Notice.institution_id == Registration.institution_id,
    Notice.kind == NoticeKind.OUTBID,
    Notice.subject_url == bindparam("url"),
    Notice.at > bindparam("since"),
)
_UNTOLD = select(Registration.id).where(Registration.id.in_(bindparam("overtaken", expanding=True)), ~_TOLD)


def tell_sold(session: Session, auction: Auction, lot: Lot, winner: Registration, pay_by: datetime) -> None:
    """The winner hears the price and its deadline, every other bidder that the lot went elsewhere."""
    price = Money(auction.price_minor or 0, auction.currency)
    for registration in queries.registrations_of(session, auction.id):
        if registration.id == winner.id:
            _tell(session, registration, NoticeKind.AUCTION_WON, lot, amount=price, due_at=pay_by)
        else:
            _tell(session, registration, NoticeKind.AUCTION_LOST, lot)


def tell_outbid(session: Session, auction: Auction, led: Collection[uuid.UUID]) -> None:
    """Whoever `led` and leads no more hears it, with the price to beat.

    Two who bid each other up all afternoon need one notice an hour: the room tells them at once.
    """
    overtaken = set(led) - {auction.leader_id}
    if not overtaken or auction.price_minor is None:
        return
    given = {"overtaken": list(overtaken), "url": address(auction.id), "since": clock.now() - _ONE_NOTICE_IN}
    untold = session.connection().scalars(_UNTOLD, given).all()
    if not untold:
        return
    price = Money(auction.price_minor, auction.currency)
    registrations = select(Registration).where(Registration.id.in_(untold)).order_by(Registration.alias)
    for registration in session.scalars(registrations.options(joinedload(Registration.mandate))):
        _tell(session, registration, NoticeKind.OUTBID, auction.lot, amount=price, due_at=auction.closes_at)


def tell_unsold(session: Session, auction: Auction, lot: Lot) -> None:
    """The seller hears that it has to decide how to go on."""
    notify(session, auction.institution_id, NoticeKind.AUCTION_UNSOLD, address(auction.id), title=lot.title)


def tell_window(session: Session, auction: Auction, lot: Lot, closes_at: datetime | None) -> None:
    """Everybody who was registered hears that offers may be left now, and until when."""
    for registration in queries.registrations_of(session, auction.id):
        readers = {registration.institution_id}
        if registration.mandate is not None:
            readers.add(registration.mandate.agency_id)
        for reader in sorted(readers):
            kind, url = NoticeKind.WINDOW_OPENED, f"/lots/{lot.id}"
            notify(session, reader, kind, url, title=lot.title, due_at=closes_at)


def tell_stopped(session: Session, auction: Auction, lot: Lot) -> None:
    """Seller and bidders hear that bidding stands still or is over."""
    notify(session, auction.institution_id, NoticeKind.AUCTION_STOPPED, address(auction.id), title=lot.title)
    for registration in queries.registrations_of(session, auction.id):
        _tell(session, registration, NoticeKind.AUCTION_STOPPED, lot)


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
