"""What must always hold of windows for offers: each question answers with what breaks it, so with nothing."""

from collections.abc import Callable

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from marketplace.deals.models import Offer
from marketplace.deals.rules import OfferStatus
from marketplace.deals.windows.models import OffersWindow
from marketplace.deals.windows.queries import UNANSWERED
from marketplace.deals.windows.rules import STANDING, WindowStatus
from marketplace.rule_packs import load

_APPROVED = (WindowStatus.PLANNED, WindowStatus.OPEN, WindowStatus.CLOSED)


def _windows(session: Session, statement: Select[OffersWindow]) -> list[str]:
    return [f"window {window.id} of lot {window.lot_id}" for window in session.scalars(statement)]


def without_four_eyes(session: Session) -> list[str]:
    alone = or_(
        OffersWindow.approved_by_id.is_(None), OffersWindow.approved_by_id == OffersWindow.proposed_by_id
    )
    return _windows(session, select(OffersWindow).where(OffersWindow.status.in_(_APPROVED), alone))


def two_for_a_lot(session: Session) -> list[str]:
    lots = (
        select(OffersWindow.lot_id)
        .where(OffersWindow.status.in_(STANDING))
        .group_by(OffersWindow.lot_id)
        .having(func.count() > 1)
    )
    return [f"lot {lot_id}" for lot_id in session.scalars(lots)]


def of_lots_sold_in_public(session: Session) -> list[str]:
    found = session.scalars(select(OffersWindow).execution_options(yield_per=200))
    return [
        f"window {window.id} of lot {window.lot_id}"
        for window in found
        if load(window.lot.rule_pack, window.lot.rule_pack_version).offers_window_days_most is None
    ]


def offers_outside_their_window(session: Session) -> list[str]:
    outside = or_(
        Offer.lot_id != OffersWindow.lot_id,
        Offer.made_at < OffersWindow.opened_at,
        Offer.made_at >= OffersWindow.closes_at,
        Offer.expires_at != OffersWindow.closes_at,
        Offer.price_minor < func.coalesce(OffersWindow.floor_minor, 1),
    )
    offers = select(Offer.id).join(OffersWindow, OffersWindow.id == Offer.window_id).where(outside)
    return [f"offer {offer_id}" for offer_id in session.scalars(offers)]


def offers_that_outlive_their_window(session: Session) -> list[str]:
    offers = (
        select(Offer.id)
        .join(OffersWindow, OffersWindow.id == Offer.window_id)
        .where(OffersWindow.status == WindowStatus.CLOSED, Offer.status.in_(UNANSWERED))
    )
    return [f"offer {offer_id}" for offer_id in session.scalars(offers)]


def offers_of_nobody(session: Session) -> list[str]:
    """Only in a window may an offer come without an agency."""
    offers = select(Offer.id).where(Offer.mandate_id.is_(None), Offer.window_id.is_(None))
    return [f"offer {offer_id}" for offer_id in session.scalars(offers)]


def two_agreed_in_one_window(session: Session) -> list[str]:
    windows = (
        select(Offer.window_id)
        .where(Offer.window_id.is_not(None), Offer.status == OfferStatus.APPROVED)
        .group_by(Offer.window_id)
        .having(func.count() > 1)
    )
    return [f"window {window_id}" for window_id in session.scalars(windows)]


CHECKS: tuple[tuple[str, Callable[[Session], list[str]]], ...] = (
    ("a window for offers is approved by a second person", without_four_eyes),
    ("a lot has at most one window for offers", two_for_a_lot),
    ("no offers are taken for a lot sold in public only", of_lots_sold_in_public),
    ("an offer lies within its window's time and floor", offers_outside_their_window),
    ("no offer outlives its window", offers_that_outlive_their_window),
    ("an offer without an agency is left in a window", offers_of_nobody),
    ("a window leads to one deal", two_agreed_in_one_window),
)
