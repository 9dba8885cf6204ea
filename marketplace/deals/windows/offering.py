"""Leaving a binding offer in an open window: by a buyer itself, or by an agency for its client."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from marketplace import audit, clock
from marketplace.access import Actor, InstitutionKind, Verb, require
from marketplace.deals import queries as deals
from marketplace.deals.models import Mandate, Offer
from marketplace.deals.rules import MandateSide, OfferStatus
from marketplace.deals.service.offer_checks import check_lot, check_mandate
from marketplace.deals.windows import queries
from marketplace.deals.windows.models import OffersWindow
from marketplace.deals.windows.rules import WindowReason, check_offer, is_open
from marketplace.errors import Conflict, NotFound, Refused
from marketplace.money import Money
from marketplace.notices.rules import NoticeKind
from marketplace.notices.service import notify
from marketplace.parties.models import Institution
from marketplace.parties.rules import InstitutionStatus


def leave(
    session: Session,
    actor: Actor,
    window_id: uuid.UUID,
    *,
    price_minor: int,
    mandate_id: uuid.UUID | None = None,
) -> Offer:
    """Leave an offer that binds until the window closes; a higher one replaces the buyer's own before it.

    Raises:
        Refused: below the floor or not above the own offer, the mandate is missing or will not do, the buyer
            is not verified, or it is the seller.
        Conflict: the window is not open, or the lot is not for sale.
        NotFound, NotAllowed: as `access.require`, or no such window.
    """
    require(actor, Verb.LEAVE_OFFER)
    window = queries.lock_window(session, window_id)
    now = clock.now()
    if not is_open(window.status, window.closes_at, now) or window.closes_at is None:
        raise Conflict(WindowReason.WINDOW_NOT_OPEN)
    check_lot(window.lot)
    mandate = _mandate(session, actor, window, mandate_id, now)
    buyer_id = mandate.client_id if mandate else actor.institution_id
    _check_buyer(session, window, buyer_id)
    own = queries.own_offer(session, window.id, buyer_id)
    check_offer(price_minor, floor_minor=window.floor_minor, own_minor=own.price_minor if own else None)
    if own is not None:
        _replace(session, own)
    offer = Offer(
        lot_id=window.lot_id,
        mandate_id=mandate.id if mandate else None,
        window_id=window.id,
        buyer_id=buyer_id,
        price_minor=price_minor,
        currency=window.currency,
        made_by_id=actor.person_id,
        made_at=now,
        expires_at=window.closes_at,
    )
    session.add(offer)
    session.flush()
    _tell(session, actor, offer, window)
    return offer


def _replace(session: Session, own: Offer) -> None:
    """A higher offer takes the place of the buyer's own, unless the seller's officer has taken that one."""
    if own.status is not OfferStatus.MADE:
        raise Conflict(WindowReason.OFFER_BINDS)
    own.status = OfferStatus.WITHDRAWN
    audit.record(session, "deals.replace_offer", own.id)


def _mandate(
    session: Session, actor: Actor, window: OffersWindow, mandate_id: uuid.UUID | None, now: datetime
) -> Mandate | None:
    if actor.kind is not InstitutionKind.AGENCY:
        return None
    if mandate_id is None:
        raise Refused(WindowReason.MANDATE_NEEDED, field="mandate_id")
    mandate = deals.lock_mandate(session, mandate_id)
    if mandate.agency_id != actor.institution_id:
        raise NotFound("mandate")
    if mandate.side is not MandateSide.BUY:
        raise Refused(WindowReason.MANDATE_NEEDED, field="mandate_id")
    check_mandate(session, mandate, window.lot, now)
    return mandate


def _check_buyer(session: Session, window: OffersWindow, buyer_id: uuid.UUID) -> None:
    buyer = session.get(Institution, buyer_id)
    if buyer is None or buyer.status is not InstitutionStatus.VERIFIED:
        raise Refused(WindowReason.BUYER_NOT_VERIFIED)
    if buyer_id == window.lot.institution_id:
        raise Refused(WindowReason.SELLER_MAY_NOT_OFFER)


def _tell(session: Session, actor: Actor, offer: Offer, window: OffersWindow) -> None:
    audit.record(
        session,
        "deals.leave_offer",
        offer.id,
        person_id=actor.person_id,
        institution_id=actor.institution_id,
        lot=str(offer.lot_id),
        price_minor=offer.price_minor,
    )
    notify(
        session,
        window.lot.institution_id,
        NoticeKind.OFFER_MADE,
        f"/portfolio/lots/{window.lot_id}/offers-window",
        title=window.lot.title,
        amount=Money(offer.price_minor, offer.currency),
        due_at=offer.expires_at,
    )
