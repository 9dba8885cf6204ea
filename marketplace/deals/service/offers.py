"""Offers: an agency offers for its client, the bank's officer accepts, a second person approves: a deal."""

import uuid
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from marketplace import audit, clock
from marketplace.access import Actor, Subject, Verb, require
from marketplace.deals import queries
from marketplace.deals.models import Deal, Offer
from marketplace.deals.rules import (
    OFFER_MOVES,
    DealReason,
    DealSource,
    MandateSide,
    OfferStatus,
    check_offer_open,
    check_offer_terms,
)
from marketplace.deals.service.agreed import agree
from marketplace.deals.service.offer_checks import (
    agency_of,
    buyer_of,
    check_lot,
    check_mandate,
    needs_confirmation,
)
from marketplace.deals.windows.queries import lock_window
from marketplace.deals.windows.rules import WindowReason
from marketplace.errors import Conflict, NotFound, Refused
from marketplace.listings.models import Lot
from marketplace.listings.queries import lock_lot
from marketplace.listings.rules import PUBLIC_STATUSES
from marketplace.money import Money
from marketplace.notices.rules import NoticeKind
from marketplace.notices.service import notify
from marketplace.rule_packs import load
from marketplace.status import check_move


def make(
    session: Session,
    actor: Actor,
    *,
    mandate_id: uuid.UUID,
    lot_id: uuid.UUID,
    price_minor: int,
    expires_at: datetime,
    buyer_id: uuid.UUID | None = None,
) -> Offer:
    """Offer a price for a lot, in minor units of its currency.

    Under a buy-side mandate the client buys. Under a sell-side mandate the agency names the buyer it found,
    and that buyer's approver must confirm: nobody is bound by an agency that is not theirs.

    Raises:
        Refused: the mandate is not in force or does not cover the lot, the lot is not for sale or sold in
            public only, the agency acts for both sides, the price, end or buyer will not do.
        NotFound, NotAllowed: as `access.require`; a lot that is not public is not found.
    """
    mandate = queries.lock_mandate(session, mandate_id)
    require(actor, Verb.MAKE_OFFER, Subject(owner_id=mandate.agency_id))
    lot = session.get(Lot, lot_id)
    if lot is None or lot.status not in PUBLIC_STATUSES:
        raise NotFound("lot")
    now = clock.now()
    check_mandate(session, mandate, lot, now)
    check_lot(lot)
    check_offer_terms(price_minor, expires_at, now=now)
    buyer = buyer_of(session, mandate, buyer_id)
    offer = Offer(
        lot_id=lot.id,
        mandate_id=mandate.id,
        buyer_id=buyer.id,
        price_minor=price_minor,
        currency=lot.currency,
        made_by_id=actor.person_id,
        made_at=now,
        expires_at=expires_at,
    )
    session.add(offer)
    session.flush()
    _record(session, actor, "deals.make_offer", offer)
    to_decide = lot.institution_id if mandate.side is MandateSide.BUY else buyer.id
    _tell(session, offer, to_decide, NoticeKind.OFFER_MADE)
    return offer


def confirm(session: Session, actor: Actor, offer_id: uuid.UUID) -> Offer:
    """The named buyer's approver binds the buyer to an offer that the seller's agency made for it.

    Raises:
        Conflict: the offer has ended, or is confirmed already.
        NotFound, NotAllowed: as `access.require`.
    """
    offer = queries.lock_offer(session, offer_id)
    require(actor, Verb.CONFIRM_OFFER, subject_of_offer(offer, owner_id=offer.buyer_id))
    check_offer_open(offer.status, OfferStatus.ACCEPTED, offer.expires_at, now=clock.now())
    if not needs_confirmation(offer):
        raise Conflict(DealReason.OFFER_CONFIRMED_ALREADY)
    offer.confirmed_by_id = actor.person_id
    _record(session, actor, "deals.confirm_offer", offer)
    _tell(session, offer, offer.lot.institution_id, NoticeKind.OFFER_MADE)
    return offer


def accept(session: Session, actor: Actor, offer_id: uuid.UUID) -> Offer:
    """The bank's officer wants the offer; a second person has to approve it.

    Raises:
        Refused: the buyer has not confirmed it.
        Conflict: it has ended or was answered, or the lot is not for sale by now.
        NotFound, NotAllowed: as `access.require`.
    """
    offer = queries.lock_offer(session, offer_id)
    require(actor, Verb.ANSWER_OFFER, subject_of_offer(offer))
    check_offer_open(offer.status, OfferStatus.ACCEPTED, offer.expires_at, now=clock.now())
    if needs_confirmation(offer):
        raise Refused(DealReason.BUYER_HAS_NOT_CONFIRMED)
    check_lot(offer.lot)
    offer.status, offer.accepted_by_id = OfferStatus.ACCEPTED, actor.person_id
    _record(session, actor, "deals.accept_offer", offer)
    return offer


def approve(session: Session, actor: Actor, offer_id: uuid.UUID) -> Deal:
    """A second person of the bank approves: the price is agreed and the lot reserved.

    Raises:
        Refused: the approver accepted it himself.
        Conflict: it has ended or is not accepted, or the lot has another deal.
        NotFound, NotAllowed: as `access.require`.
    """
    offer = _lock_to_agree(session, offer_id)
    require(actor, Verb.APPROVE_OFFER, subject_of_offer(offer))
    now = clock.now()
    check_offer_open(offer.status, OfferStatus.APPROVED, offer.expires_at, now=now)
    if actor.person_id == offer.accepted_by_id:
        raise Refused(DealReason.ACCEPTER_IS_APPROVER)
    pack = load(offer.lot.rule_pack, offer.lot.rule_pack_version)
    offer.status, offer.approved_by_id = OfferStatus.APPROVED, actor.person_id
    deal = agree(
        session,
        lot=offer.lot,
        source=DealSource.OFFER,
        source_id=offer.id,
        buyer_id=offer.buyer_id,
        price_minor=offer.price_minor,
        mandate_id=offer.mandate_id,
        pay_by=now + timedelta(days=pack.payment_days.value),
    )
    _record(session, actor, "deals.approve_offer", offer)
    for institution_id in sorted({offer.buyer_id, agency_of(offer), offer.lot.institution_id}):
        _tell(session, offer, institution_id, NoticeKind.OFFER_ACCEPTED)
    return deal


def _lock_to_agree(session: Session, offer_id: uuid.UUID) -> Offer:
    """Lot, window and offer, locked in the order in which a window's end locks them too."""
    known = queries.find_offer(session, offer_id)
    lock_lot(session, known.lot_id)
    if known.window_id is not None:
        lock_window(session, known.window_id)
    return queries.lock_offer(session, offer_id)


def refuse(session: Session, actor: Actor, offer_id: uuid.UUID) -> Offer:
    """The bank does not want the offer, accepted by its officer or not; raises as `accept`."""
    offer = queries.lock_offer(session, offer_id)
    verb = Verb.APPROVE_OFFER if offer.status is OfferStatus.ACCEPTED else Verb.ANSWER_OFFER
    require(actor, verb, subject_of_offer(offer))
    _close(session, actor, offer, OfferStatus.REFUSED)
    for institution_id in sorted({agency_of(offer), offer.lot.institution_id}):
        _tell(session, offer, institution_id, NoticeKind.OFFER_DECLINED)
    return offer


def withdraw(session: Session, actor: Actor, offer_id: uuid.UUID) -> Offer:
    """The agency takes back an offer that the bank has not accepted.

    Raises:
        Refused: it was left in a window, whose offers bind until its end.
        Conflict: it was answered or has ended.
        NotFound, NotAllowed: as `access.require`.
    """
    offer = queries.lock_offer(session, offer_id)
    require(actor, Verb.MAKE_OFFER, subject_of_offer(offer, owner_id=agency_of(offer)))
    if offer.window_id is not None:
        raise Refused(WindowReason.OFFER_BINDS)
    _close(session, actor, offer, OfferStatus.WITHDRAWN)
    return offer


def expire_offers(session: Session) -> bool:
    """End one offer whose time is over; True when there was one. For the worker."""
    offer = queries.next_expired_offer(session, clock.now())
    if offer is None:
        return False
    offer.status = OfferStatus.EXPIRED
    audit.record(session, "deals.expire_offer", offer.id)
    return True


def subject_of_offer(offer: Offer, *, owner_id: uuid.UUID | None = None) -> Subject:
    """An offer is the selling bank's to answer; agency and buyer are parties to it."""
    others = frozenset({agency_of(offer), offer.buyer_id, offer.lot.institution_id})
    return Subject(owner_id=owner_id or offer.lot.institution_id, parties=others)


def _close(session: Session, actor: Actor, offer: Offer, new: OfferStatus) -> None:
    check_move(OFFER_MOVES, offer.status, new)
    offer.status = new
    _record(session, actor, f"deals.offer_{new}", offer)


def _tell(session: Session, offer: Offer, institution_id: uuid.UUID, kind: NoticeKind) -> None:
    amount = Money(offer.price_minor, offer.currency)
    url, title = f"/offers/{offer.id}", offer.lot.title
    notify(session, institution_id, kind, url, title=title, amount=amount, due_at=offer.expires_at)


def _record(session: Session, actor: Actor, act: str, offer: Offer) -> None:
    audit.record(
        session,
        act,
        offer.id,
        person_id=actor.person_id,
        institution_id=actor.institution_id,
        lot=str(offer.lot_id),
        price_minor=offer.price_minor,
    )
