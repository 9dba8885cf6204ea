"""Reads of saved cards, and of the holds on them that are due."""

import uuid
from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import Session

from auctions.models import Auction, Registration
from auctions.rules import Outcome
from marketplace.due import take_first
from marketplace.errors import NotFound
from payments.cards.models import GatewayCustomer, SavedCard
from payments.cards.rules import (
    MOST_CARDS,
    OUTLIVES_AUCTION,
    PLACED_BEFORE_OPENING,
    RENEWED_BEFORE_END,
    CardStatus,
    has_expired,
)
from payments.models import Deposit, GatewayCall
from payments.rules import OPEN_DEPOSITS, CallStatus, CallVerb, DepositStatus, Method

# The most rows of a list on a page.
LIMIT = 100


def customer_of(session: Session, institution_id: uuid.UUID) -> GatewayCustomer | None:
    statement = select(GatewayCustomer).where(GatewayCustomer.institution_id == institution_id)
    return session.scalars(statement).one_or_none()


def lock_card(session: Session, card_id: uuid.UUID) -> SavedCard:
    """The card, read anew and locked; raises NotFound."""
    statement = select(SavedCard).where(SavedCard.id == card_id).with_for_update(of=SavedCard)
    card = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if card is None:
        raise NotFound("card")
    return card


def card_of_object(session: Session, gateway_object: str) -> SavedCard | None:
    """The card that is saved on a page, or by a set-up, of the gateway."""
    return session.scalars(select(SavedCard).where(SavedCard.gateway_object == gateway_object)).one_or_none()


def kept_cards(session: Session, institution_id: uuid.UUID) -> list[SavedCard]:
    """What an institution has saved or is saving, and the last that failed, the newest first."""
    statement = (
        select(SavedCard)
        .where(SavedCard.institution_id == institution_id, SavedCard.status != CardStatus.REMOVED)
        .order_by(SavedCard.asked_at.desc(), SavedCard.id)
        .limit(LIMIT)
    )
    return list(session.scalars(statement))


def usable_cards(session: Session, institution_id: uuid.UUID, now: datetime) -> list[SavedCard]:
    """The cards on which something can be held now, the newest first."""
    statement = (
        select(SavedCard)
        .where(SavedCard.institution_id == institution_id, SavedCard.status == CardStatus.SAVED)
        .order_by(SavedCard.saved_at.desc(), SavedCard.id)
        .limit(MOST_CARDS)
    )
    return [card for card in session.scalars(statement) if not has_expired(card.expiry, now)]


def card_in_use(session: Session, card_id: uuid.UUID) -> bool:
    """Whether a deposit is to be held, or is held, on the card."""
    statement = select(Deposit.id).where(Deposit.card_id == card_id, Deposit.status.in_(OPEN_DEPOSITS))
    return session.scalars(statement.limit(1)).first() is not None


def hold_asked(session: Session, deposit_id: uuid.UUID) -> bool:
    """Whether the gateway is being asked to hold this deposit."""
    statement = select(Deposit.id).where(Deposit.id == deposit_id, _hold_asked())
    return session.scalars(statement).first() is not None


def _hold_asked() -> ColumnElement[bool]:
    return exists().where(
        GatewayCall.deposit_id == Deposit.id,
        GatewayCall.verb == CallVerb.HOLD,
        GatewayCall.status == CallStatus.PREPARED,
    )


def _unplaced() -> Select[Deposit]:
    """Deposits to be held on a card for which the gateway has not been asked yet."""
    return (
        select(Deposit)
        .join(Registration, Registration.id == Deposit.registration_id)
        .join(Auction, Auction.id == Registration.auction_id)
        .where(
            Deposit.status == DepositStatus.PENDING,
            Deposit.method == Method.STRIPE,
            Deposit.gateway_object == "",
            ~_hold_asked(),
        )
        .order_by(Deposit.required_at, Deposit.id)
    )


def hold_to_place(session: Session, now: datetime) -> Deposit | None:
    """A deposit of an auction that opens soon or is open, to be held on a card and not asked for yet."""
    statement = _unplaced().where(
        Auction.outcome == Outcome.OPEN, Auction.opens_at <= now + PLACED_BEFORE_OPENING
    )
    return take_first(session, statement, Deposit)


def hold_never_placed(session: Session) -> Deposit | None:
    """A deposit that was to be held on a card for an auction that has ended before."""
    return take_first(session, _unplaced().where(Auction.outcome != Outcome.OPEN), Deposit)


def _running_out(now: datetime) -> Select[Deposit]:
    """Holds on cards that run out soon, and before their auction has ended."""
    return (
        select(Deposit)
        .join(Registration, Registration.id == Deposit.registration_id)
        .join(Auction, Auction.id == Registration.auction_id)
        .where(
            Deposit.status == DepositStatus.HELD,
            Deposit.method == Method.STRIPE,
            Deposit.captured_minor == 0,
            Deposit.deal_id.is_(None),
            Deposit.hold_expires_at <= now + RENEWED_BEFORE_END,
            Auction.outcome == Outcome.OPEN,
            _needed_longer(now),
        )
        .order_by(Deposit.hold_expires_at, Deposit.id)
    )


def _needed_longer(now: datetime) -> ColumnElement[bool]:
    """Whether the auction's end, or the opening of its sealed bids, is still to come when the hold ends."""
    return or_(
        Auction.closes_at.is_(None),
        Auction.closes_at > Deposit.hold_expires_at,
        Auction.closes_at > now + RENEWED_BEFORE_END - OUTLIVES_AUCTION,
        Auction.awaits_opening,
    )


def hold_to_renew(session: Session, now: datetime) -> Deposit | None:
    """A hold that runs out before its auction has ended, whose bidder has not been warned yet."""
    return take_first(session, _running_out(now).where(Deposit.warned_at.is_(None)), Deposit)


def holds_running_out(session: Session, now: datetime) -> list[Deposit]:
    """For the operator: the holds that run out within a day, the next one first."""
    return list(session.scalars(_running_out(now).limit(LIMIT)))
