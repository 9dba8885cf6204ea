"""What a gateway is asked for each kind of call: read before, asked outside a transaction, written after."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from marketplace.errors import MarketplaceError
from payments.cards import queries as card_queries
from payments.cards.models import SavedCard
from payments.cards.service import saving
from payments.connect import calling as connect
from payments.disputes import calling as disputes
from payments.gateways import Ask, CardAsk, Gateway, GatewayState
from payments.models import GatewayCall
from payments.rules import CallVerb
from payments.service import states
from payments.ways import Way


@dataclass(frozen=True, slots=True)
class Act:
    """The steps of a kind of call.

    Attributes:
        ask: what the gateway has to be told, read inside a transaction.
        make: the call itself, the only step that uses the network; raises GatewayRefused or
            GatewayUnreachable.
        answered: the effect of the answer.
        refused: the effect of a refusal that is final.
    """

    ask: Callable[[Session, GatewayCall], Any]
    make: Callable[[Any, GatewayCall, Any], Any]
    answered: Callable[[Session, GatewayCall, Any], None]
    refused: Callable[[Session, GatewayCall, MarketplaceError], None]


def key_of(call: GatewayCall) -> str:
    """The idempotency key: one per row, so one per thing that is to happen once."""
    return f"luochui-{call.id}"


def _about_money(session: Session, call: GatewayCall) -> Ask:
    if call.deposit is not None:
        row_id, lot = call.deposit.id, call.deposit.lot
        page = f"/money/registrations/{call.deposit.registration_id}/deposit"
    elif call.payment is not None:
        row_id, lot = call.payment.id, call.payment.deal.lot
        page = f"/money/deals/{call.payment.deal_id}/payment"
    else:
        raise AssertionError("a call about money is about a deposit or a payment")
    card = session.get_one(SavedCard, call.card_id) if call.card_id else None
    customer = card_queries.customer_of(session, card.institution_id) if card else None
    return Ask(
        key=key_of(call),
        minor=call.amount_minor,
        currency=call.currency,
        row_id=row_id,
        label=lot.title[:200],
        return_url=_back_to(page),
        customer=customer.gateway_object if customer else "",
        card=card.payment_method if card else "",
        way=(call.payment.way or Way.CARD) if call.payment else Way.CARD,
        group=f"deal-{call.payment.deal_id}" if call.payment else "",
    )


def _about_card(session: Session, call: GatewayCall) -> CardAsk:
    card = session.get_one(SavedCard, call.card_id)
    customer = card_queries.customer_of(session, card.institution_id)
    return CardAsk(
        key=key_of(call),
        row_id=card.id,
        holder_id=card.institution_id,
        holder_name=card.institution.name[:250],
        customer=customer.gateway_object if customer else "",
        return_url=_back_to("/money/cards"),
    )


def _back_to(page: str) -> str:
    return str(current_app.extensions["settings"].public_url) + page


Move = Callable[[Gateway, GatewayCall, Ask], GatewayState]

_MOVES: dict[CallVerb, Move] = {
    CallVerb.HOLD: lambda gateway, _, ask: gateway.hold(ask),
    CallVerb.RENEW: lambda gateway, _, ask: gateway.hold(ask),
    CallVerb.CHARGE: lambda gateway, _, ask: gateway.charge(ask),
    CallVerb.INCREMENT: lambda to, call, ask: to.increment(call.gateway_object, call.amount_minor, ask.key),
    CallVerb.CAPTURE: lambda to, call, ask: to.capture(call.gateway_object, call.amount_minor, ask.key),
    CallVerb.RELEASE: lambda to, call, ask: to.release(call.gateway_object, ask.key),
    CallVerb.REFUND: lambda to, call, ask: to.refund(call.gateway_object, call.amount_minor, ask.key),
    CallVerb.LOOK_UP: lambda to, call, _: to.look_up(call.gateway_object),
}


def _forgotten(session: Session, call: GatewayCall, answer: None) -> None:
    """The card was removed here when its holder asked; nothing is left to write."""


ACTS: dict[CallVerb, Act] = {
    verb: Act(_about_money, move, states.answered, states.refused) for verb, move in _MOVES.items()
} | {
    CallVerb.SAVE_CARD: Act(
        _about_card, lambda gateway, _, ask: gateway.save_card(ask), saving.answered, saving.refused
    ),
    CallVerb.LOOK_UP_CARD: Act(
        _about_card, lambda to, call, _: to.look_up_card(call.gateway_object), saving.answered, saving.refused
    ),
    CallVerb.FORGET_CARD: Act(
        _about_card,
        lambda to, call, ask: to.forget_card(call.gateway_object, ask.key),
        _forgotten,
        saving.refused,
    ),
    CallVerb.LOOK_UP_DISPUTE: Act(
        disputes.nothing_to_tell, disputes.make, disputes.answered, disputes.refused
    ),
    CallVerb.TRANSFER: Act(
        connect.ask_transfer, connect.make_transfer, connect.transferred, connect.not_transferred
    ),
    CallVerb.REVERSE: Act(
        connect.key_of_reversal, connect.make_reversal, connect.reversed_back, connect.not_reversed
    ),
    CallVerb.LOOK_UP_ACCOUNT: Act(
        disputes.nothing_to_tell, connect.make_look_up, connect.account_stands, connect.account_unknown
    ),
}
