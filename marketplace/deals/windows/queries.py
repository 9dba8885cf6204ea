"""Named selects of windows for offers."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, joinedload

from marketplace.deals.models import Offer
from marketplace.deals.rules import OfferStatus
from marketplace.deals.windows.models import OffersWindow
from marketplace.deals.windows.rules import STANDING, WindowStatus
from marketplace.due import take_first
from marketplace.errors import NotFound
from marketplace.listings.models import Lot
from marketplace.listings.rules import LotStatus

MOST_OFFERS = 500
MOST_WINDOWS = 50
UNANSWERED = (OfferStatus.MADE, OfferStatus.ACCEPTED)


def find_window(session: Session, window_id: uuid.UUID) -> OffersWindow:
    """The window; raises NotFound."""
    window = session.get(OffersWindow, window_id)
    if window is None:
        raise NotFound("window")
    return window


def lock_window(session: Session, window_id: uuid.UUID) -> OffersWindow:
    """The window, read anew and locked until the transaction ends; raises NotFound."""
    statement = select(OffersWindow).where(OffersWindow.id == window_id).with_for_update(of=OffersWindow)
    window = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if window is None:
        raise NotFound("window")
    return window


def windows_of(session: Session, lot_id: uuid.UUID) -> Sequence[OffersWindow]:
    """Every window of a lot, the latest first."""
    statement = (
        select(OffersWindow)
        .where(OffersWindow.lot_id == lot_id)
        .order_by(OffersWindow.proposed_at.desc(), OffersWindow.id)
        .limit(MOST_WINDOWS)
    )
    return session.scalars(statement).all()


def standing_window(session: Session, lot_id: uuid.UUID) -> OffersWindow | None:
    """The lot's window that is proposed, planned or open; lock the lot first to rely on it."""
    statement = select(OffersWindow).where(OffersWindow.lot_id == lot_id, OffersWindow.status.in_(STANDING))
    return session.scalars(statement.execution_options(populate_existing=True)).first()


_OVER = (LotStatus.SOLD, LotStatus.WITHDRAWN)


def next_to_close(session: Session, now: datetime) -> OffersWindow | None:
    """One window whose time, or whose lot, is over, locked; None for none or when another worker has it."""
    late = and_(OffersWindow.status == WindowStatus.OPEN, OffersWindow.closes_at <= now)
    over = and_(OffersWindow.status.in_(STANDING), OffersWindow.lot.has(Lot.status.in_(_OVER)))
    statement = select(OffersWindow).where(or_(late, over)).order_by(OffersWindow.closes_at, OffersWindow.id)
    return take_first(session, statement, OffersWindow)


def offers_in(session: Session, window_id: uuid.UUID) -> Sequence[Offer]:
    """What was offered in a window, the highest first: for the seller only."""
    statement = (
        select(Offer)
        .where(Offer.window_id == window_id)
        .options(joinedload(Offer.buyer), joinedload(Offer.mandate))
        .order_by(Offer.price_minor.desc(), Offer.made_at)
        .limit(MOST_OFFERS)
    )
    return session.scalars(statement).all()


def unanswered(session: Session, window_id: uuid.UUID) -> Sequence[Offer]:
    """The offers of a window that nobody has answered for good, locked."""
    statement = (
        select(Offer)
        .where(Offer.window_id == window_id, Offer.status.in_(UNANSWERED))
        .order_by(Offer.id)
        .with_for_update(of=Offer)
    )
    return session.scalars(statement.execution_options(populate_existing=True)).all()


def own_offer(session: Session, window_id: uuid.UUID, buyer_id: uuid.UUID) -> Offer | None:
    """The buyer's standing offer in a window."""
    statement = select(Offer).where(
        Offer.window_id == window_id, Offer.buyer_id == buyer_id, Offer.status.in_(UNANSWERED)
    )
    return session.scalars(statement).first()


def unanswered_ids(session: Session, window_id: uuid.UUID) -> Sequence[uuid.UUID]:
    """The offers that stand in a window: their number may be public, nothing else of them."""
    statement = select(Offer.id).where(Offer.window_id == window_id, Offer.status.in_(UNANSWERED))
    return session.scalars(statement.limit(MOST_OFFERS)).all()


def require_shown(window: OffersWindow) -> OffersWindow:
    """The window, if it has ever been open; raises NotFound for a plan or proposal, which is the seller's."""
    if window.opened_at is None:
        raise NotFound("window")
    return window
