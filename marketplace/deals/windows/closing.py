"""The end of a window: by its time, by a deal, or by the seller. What nobody accepted lapses with it."""

import uuid

from sqlalchemy.orm import Session

from marketplace import audit, clock
from marketplace.deals.models import Offer
from marketplace.deals.rules import OFFER_MOVES, OfferStatus
from marketplace.deals.windows import queries
from marketplace.deals.windows.models import OffersWindow
from marketplace.deals.windows.rules import BY_DEAL, LOT_OVER, WINDOW_MOVES, WindowStatus
from marketplace.notices.rules import NoticeKind
from marketplace.notices.service import notify
from marketplace.status import check_move


def close_due(session: Session) -> bool:
    """Close one window whose time or lot is over; True when there was one. For the worker."""
    window = queries.next_to_close(session, clock.now())
    if window is None:
        return False
    over = window.closes_at is None or clock.now() < window.closes_at
    if window.status is WindowStatus.OPEN:
        close(session, window, reason=LOT_OVER if over else "")
    else:
        drop(session, window, reason=LOT_OVER)
    return True


def drop(session: Session, window: OffersWindow, *, reason: str) -> None:
    """End a proposal or a plan that the caller has locked: no offers will be taken."""
    onward = WindowStatus.DROPPED if window.status is WindowStatus.PLANNED else WindowStatus.REFUSED
    check_move(WINDOW_MOVES, window.status, onward)
    window.status, window.reason = onward, reason
    audit.record(session, "deals.drop_window", window.id, reason=reason)


def close_by_deal(session: Session, lot_id: uuid.UUID) -> None:
    """The lot has its deal: a window that takes offers for it has nothing more to take."""
    window = queries.standing_window(session, lot_id)
    if window is not None and window.status is WindowStatus.OPEN:
        close(session, queries.lock_window(session, window.id), reason=BY_DEAL)


def close(session: Session, window: OffersWindow, *, reason: str = "") -> None:
    """Close a window that the caller has locked. Its unanswered offers bind nobody from here on."""
    check_move(WINDOW_MOVES, window.status, WindowStatus.CLOSED)
    window.status, window.closed_at, window.reason = WindowStatus.CLOSED, clock.now(), reason
    lapsed = queries.unanswered(session, window.id)
    for offer in lapsed:
        check_move(OFFER_MOVES, offer.status, OfferStatus.EXPIRED)
        offer.status = OfferStatus.EXPIRED
        _tell_lapsed(session, offer)
    title = window.lot.title
    url = f"/portfolio/lots/{window.lot_id}/offers-window"
    notify(session, window.lot.institution_id, NoticeKind.WINDOW_CLOSED, url, title=title)
    audit.record(session, "deals.close_window", window.id, reason=reason, lapsed=len(lapsed))


def _tell_lapsed(session: Session, offer: Offer) -> None:
    readers = {offer.buyer_id} | ({offer.mandate.agency_id} if offer.mandate else set())
    for reader in sorted(readers):
        notify(session, reader, NoticeKind.OFFER_LAPSED, f"/offers/{offer.id}", title=offer.lot.title)
