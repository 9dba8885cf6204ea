"""What a page says about a deposit on a card: which card, from when, until when, and what can be done."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from auctions.rules import Outcome
from marketplace import clock
from marketplace.access import Actor
from payments.cards import queries
from payments.cards.models import SavedCard
from payments.cards.rules import placed_at, renewed_at
from payments.models import Deposit
from payments.rules import DepositStatus, Method


@dataclass(frozen=True, slots=True)
class HoldView:
    """A deposit on a card, as its page shows it.

    Attributes:
        card: the saved card; None for one that is entered for this deposit alone.
        placed_at: from when on the amount is held.
        waits: whether that moment is still to come.
        renewed_at: from when on the hold is renewed; None while nothing is held, or it has no known end.
        stands: whether it is held and can be renewed or raised.
        renewing: whether its holder has to go on on the gateway's page.
    """

    card: SavedCard | None
    placed_at: datetime
    waits: bool
    renewed_at: datetime | None
    stands: bool
    renewing: bool


def hold_view(session: Session, deposit: Deposit) -> HoldView:
    auction = deposit.registration.auction
    held = deposit.status is DepositStatus.HELD and deposit.method is Method.STRIPE
    expires = deposit.hold_expires_at if held and not deposit.captured_minor else None
    moment = placed_at(auction.opens_at)
    return HoldView(
        card=session.get(SavedCard, deposit.card_id) if deposit.card_id else None,
        placed_at=moment,
        waits=clock.now() < moment,
        renewed_at=renewed_at(expires) if expires else None,
        stands=held and not deposit.captured_minor and auction.outcome is Outcome.OPEN,
        renewing=bool(deposit.renewal_object),
    )


def own_cards(session: Session, actor: Actor, deposit: Deposit) -> list[SavedCard]:
    """The cards the reader may have the deposit held on: the bidder's own, and nobody else's."""
    if actor.institution_id != deposit.institution_id:
        return []
    return queries.usable_cards(session, deposit.institution_id, clock.now())
