"""What the seller and the operator see of a sale beyond what everybody sees: counts, never who is who."""

import uuid
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auctions.live.snapshot import Snapshot
from auctions.models import Auction, JournalEntry, Registration
from auctions.queries import ACCEPTED
from auctions.written.terms import read_terms
from marketplace.access import Actor, Verb, may


@dataclass(frozen=True, slots=True)
class Desk:
    """How the sale stands for whoever answers for it.

    Attributes:
        registered, admitted, deposits_held: how many bidders there are, may bid, and have paid.
        refused: how many acts were refused so far.
        reserve_met: whether the price has reached the reserve; None for the operator, where there is no
            reserve, and while nobody may see the price.
    """

    registered: int
    admitted: int
    deposits_held: int
    refused: int
    reserve_met: bool | None


def desk_for(session: Session, auction: Auction, actor: Actor | None, state: Snapshot) -> Desk | None:
    """The desk for a reader of the seller or the operator; None for anybody else."""
    if actor is None:
        return None
    sells = actor.institution_id == auction.institution_id
    if not (sells or may(actor, Verb.SEE_OPERATIONS)):
        return None
    registered, admitted, held = _registrations(session, auction.id)
    return Desk(
        registered=registered,
        admitted=admitted,
        deposits_held=held,
        refused=_refused(session, auction.id),
        reserve_met=_reserve_met(auction, state) if sells else None,
    )


def _registrations(session: Session, auction_id: uuid.UUID) -> tuple[int, int, int]:
    admitted = Registration.admitted & (Registration.barred == "")
    statement = select(
        func.count(),
        func.count().filter(admitted),
        func.count().filter(Registration.deposit_held),
    ).where(Registration.auction_id == auction_id)
    registered, may_bid, held = session.execute(statement).one()
    return registered, may_bid, held


def _refused(session: Session, auction_id: uuid.UUID) -> int:
    statement = select(func.count()).where(
        JournalEntry.auction_id == auction_id, JournalEntry.decision != ACCEPTED
    )
    return session.scalar(statement) or 0


def _reserve_met(auction: Auction, state: Snapshot) -> bool | None:
    reserve = read_terms(auction.terms).reserve_price
    if reserve is None or state.price is None:
        return None
    return state.price >= reserve
