"""Builders for auctions: a lot that is due to be auctioned, its bank, and bidders that may bid."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from builders import a_lot, an_actor, an_institution
from sqlalchemy.orm import Session

from auctions import queries, service
from auctions.models import Auction, JournalEntry, Registration
from auctions.rules import Action
from auctions.runner_up import service as runner_up
from auctions.runner_up.queries import offer_of
from marketplace import clock
from marketplace.access import Actor, InstitutionKind
from marketplace.listings.models import Lot
from marketplace.parties.models import Institution


@dataclass(frozen=True)
class Sale:
    """A scheduled auction with its cast."""

    auction: Auction
    lot: Lot
    bank: Actor
    operator: Actor


def a_sale(session: Session, hours: int | None = 24, **lot_changes: Any) -> Sale:
    """An English auction under the open pack that opens in an hour; start 100,000.00, raise 1,000.00 CNY."""
    bank_institution = an_institution(session, InstitutionKind.BANK)
    bank = an_actor(session, InstitutionKind.BANK, institution=bank_institution)
    changes: dict[str, Any] = {
        "rule_pack": "open",
        "reserve_minor": None,
        "deposit_minor": None,
        "published_at": clock.now() - timedelta(days=40),
    }
    lot = a_lot(session, bank_institution, **(changes | lot_changes))
    opens_at = clock.now() + timedelta(hours=1)
    closes_at = None if hours is None else opens_at + timedelta(hours=hours)
    auction = service.schedule(session, bank, lot.id, opens_at, closes_at)
    return Sale(auction, lot, bank, an_actor(session, InstitutionKind.OPERATOR))


def a_bidder(
    session: Session, sale: Sale, institution: Institution | None = None
) -> tuple[Actor, Registration]:
    """A verified buyer, registered, with its deposit held."""
    actor = an_actor(session, InstitutionKind.BUYER, institution=institution)
    registration = service.register(session, actor, sale.auction.id)
    service.set_deposit_held(session, registration.id, True)
    return actor, registration


def bid(
    session: Session,
    actor: Actor,
    sale: Sale,
    amount: str | None,
    *,
    action: Action = Action.BID,
    key: str | None = None,
) -> JournalEntry:
    return service.place(session, actor, sale.auction.id, action, amount, key or uuid.uuid4().hex)


def opening(sale: Sale) -> datetime:
    return sale.auction.opens_at


def tick(session: Session) -> None:
    """What the worker does about auctions, until nothing is due."""
    while service.open_due(session):
        pass
    while service.close_due(session):
        pass


def says_yes(session: Session, actor: Actor, auction_id: uuid.UUID) -> None:
    """The bidder who is asked in the winner's place accepts."""
    offer = offer_of(session, auction_id, actor.institution_id)
    assert offer is not None
    runner_up.accept(session, actor, offer.id)


def decisions(session: Session, sale: Sale) -> list[str]:
    return [entry.decision for entry, _ in queries.journal_of(session, sale.auction.id)]
