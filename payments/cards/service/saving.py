"""Saving a card and removing it: rows first, the gateway after the commit."""

import uuid

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.access import Actor, Subject, Verb, require
from marketplace.errors import Conflict, MarketplaceError, Refused
from marketplace.status import check_move
from payments.cards import queries
from payments.cards.models import GatewayCustomer, SavedCard
from payments.cards.rules import CARD_MOVES, MOST_CARDS, CardReason, CardStatus
from payments.gateways import CardState, Phase
from payments.models import GatewayCall
from payments.queries import waiting_call
from payments.rules import CallVerb, Method, Reason
from payments.service import calls
from payments.service.acts import record


def card_subject(institution_id: uuid.UUID) -> Subject:
    """The cards of an institution, as the access rules see them."""
    return Subject(owner_id=institution_id)


def begin_saving(session: Session, actor: Actor, offered: frozenset[Method]) -> SavedCard:
    """The actor's institution wants to save a card; the gateway is asked for its page after the commit.

    Raises:
        Refused: cards are not taken here, or the institution keeps as many as it may.
        NotAllowed: as `access.require`.
    """
    require(actor, Verb.PAY_DEAL, card_subject(actor.institution_id))
    if Method.STRIPE not in offered:
        raise Refused(Reason.METHOD_NOT_OFFERED)
    kept = [
        card
        for card in queries.kept_cards(session, actor.institution_id)
        if card.status is not CardStatus.FAILED
    ]
    if len(kept) >= MOST_CARDS:
        raise Refused(CardReason.TOO_MANY_CARDS, most=MOST_CARDS)
    card = SavedCard(institution_id=actor.institution_id, asked_at=clock.now(), asked_by_id=actor.person_id)
    session.add(card)
    session.flush()
    calls.prepare_for_card(session, CallVerb.SAVE_CARD, card.id)
    record(session, "save_card", card.id, actor)
    return card


def remove(session: Session, actor: Actor, card_id: uuid.UUID) -> None:
    """Forget a card, here and at the gateway.

    Raises:
        Conflict: a deposit is held on it, or is to be, or its page is being prepared.
        NotFound, NotAllowed: as `access.require`.
    """
    card = queries.lock_card(session, card_id)
    require(actor, Verb.PAY_DEAL, card_subject(card.institution_id))
    if queries.card_in_use(session, card.id):
        raise Conflict(CardReason.CARD_IN_USE)
    if card.status is CardStatus.ASKED:
        raise Conflict(CardReason.CARD_NOT_SAVED)
    _move(session, card, CardStatus.REMOVED, actor)
    card.removed_at = clock.now()
    calls.prepare_for_card(session, CallVerb.FORGET_CARD, card.id, gateway_object=card.payment_method)


def answered(session: Session, call: GatewayCall, state: CardState) -> None:
    """The gateway says how the saving of a card stands."""
    card = queries.lock_card(session, _card_id(call))
    if card.status is not CardStatus.ASKED:
        return
    card.gateway_object, card.hosted_url = state.object_id, state.hosted_url
    _know_customer(session, card.institution_id, state.customer)
    if state.phase is Phase.HELD:
        _saved(session, card, state)
    elif state.phase is Phase.CANCELLED:
        _move(session, card, CardStatus.FAILED)


def refused(session: Session, call: GatewayCall, refusal: MarketplaceError) -> None:
    """The gateway has refused for good; of a card that is forgotten nothing is left to do."""
    card = queries.lock_card(session, _card_id(call))
    if card.status is CardStatus.ASKED and call.verb is CallVerb.SAVE_CARD:
        card.problem = str(refusal)[:300]
        _move(session, card, CardStatus.FAILED)


def heard_of(session: Session, card: SavedCard) -> None:
    """A notice about the card's page or set-up: ask how it stands."""
    if waiting_call(session, CallVerb.LOOK_UP_CARD, card.gateway_object) is None:
        calls.prepare_for_card(session, CallVerb.LOOK_UP_CARD, card.id, gateway_object=card.gateway_object)


def _card_id(call: GatewayCall) -> uuid.UUID:
    if call.card_id is None:
        raise AssertionError("the call is not about a card")
    return call.card_id


def _saved(session: Session, card: SavedCard, state: CardState) -> None:
    card.payment_method, card.hosted_url, card.problem = state.card, "", ""
    card.brand, card.last_four = state.brand[:40], state.last_four[-4:]
    card.expiry_month, card.expiry_year = state.expiry or (None, None)
    card.saved_at = clock.now()
    _move(session, card, CardStatus.SAVED)


def _know_customer(session: Session, institution_id: uuid.UUID, gateway_object: str) -> None:
    """The gateway's customer is kept once; of two made at the same moment the first stays."""
    if gateway_object and queries.customer_of(session, institution_id) is None:
        session.add(
            GatewayCustomer(
                institution_id=institution_id, gateway_object=gateway_object, known_since=clock.now()
            )
        )
        session.flush()


def _move(session: Session, card: SavedCard, new: CardStatus, actor: Actor | None = None) -> None:
    check_move(CARD_MOVES, card.status, new)
    old, card.status = card.status, new
    record(session, f"card_{new}", card.id, actor, old=old)
