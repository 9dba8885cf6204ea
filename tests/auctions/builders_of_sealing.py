"""A sealed sale with its two custodians: the bank, and the operator of the marketplace."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import pytest
from builders import a_lot, an_actor, an_institution
from sqlalchemy.orm import Session

from auctions import invariants, service
from auctions.models import Auction
from auctions.scenarios.stand_ins import StandIn, appoint_officer
from auctions.sealing import ceremony
from auctions.sealing.models import Custody, OpenedBid
from auctions.sealing.queries import custody_of, opened_bids
from auctions.service.contributing import opening_file
from marketplace import clock
from marketplace.access import InstitutionKind
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.errors import Refused
from marketplace.parties.models import Institution

from .builders_of_auctions import Sale, a_bidder, bid, opening, tick


@dataclass(frozen=True)
class SealedSale:
    """A scheduled sale by sealed bids; each custodian has two officers with a key each."""

    sale: Sale
    bank: tuple[StandIn, ...]
    operator: tuple[StandIn, ...]
    auction_id: uuid.UUID
    lot_id: uuid.UUID
    closes_at: datetime


def a_sealed_sale(
    session: Session,
    pricing: str = "first",
    *,
    bank: Institution | None = None,
    opens_in: timedelta = timedelta(hours=1),
    **lot_changes: Any,
) -> SealedSale:
    """Sealed bids under the open pack, for a day; start 100,000.00 CNY. A `bank` that is given has no key."""
    operator = an_institution(session, InstitutionKind.OPERATOR)
    bankers: tuple[StandIn, ...] = ()
    if bank is None:
        bank = an_institution(session, InstitutionKind.BANK)
        bankers = two_officers(session, bank)
    officers = bankers, two_officers(session, operator)
    changes: dict[str, Any] = {
        "rule_pack": "open",
        "reserve_minor": None,
        "deposit_minor": None,
        "increment_minor": None,
        "auction_format": "sealed",
        "options": {"pricing": pricing},
        "published_at": clock.now() - timedelta(days=40),
    }
    lot = a_lot(session, bank, **(changes | lot_changes))
    opens_at = clock.now() + opens_in
    closes_at = opens_at + timedelta(days=1)
    seller = an_actor(session, InstitutionKind.BANK, institution=bank)
    auction = service.schedule(session, seller, lot.id, opens_at, closes_at)
    operators = an_actor(session, InstitutionKind.OPERATOR, institution=operator)
    return SealedSale(Sale(auction, lot, seller, operators), *officers, auction.id, lot.id, closes_at)


def two_officers(session: Session, institution: Institution) -> tuple[StandIn, ...]:
    return appoint_officer(session, institution), appoint_officer(session, institution)


def close(session: Session, sealed: SealedSale) -> Custody:
    """Let the worker see the end of bidding."""
    tick(session)
    return custody(session, sealed)


def custody(session: Session, sealed: SealedSale) -> Custody:
    found = custody_of(session, sealed.auction_id)
    assert found is not None
    return found


def opened(session: Session, sealed: SealedSale) -> dict[int, OpenedBid]:
    return opened_bids(session, sealed.auction_id)


def played(clock: FixedClock, pricing: str = "first") -> SealedSale:
    """650,000.00 at last from one bidder, 600,000.00 from the other; one bid refused as below the start."""
    with atomic() as session:
        sealed = a_sealed_sale(session, pricing)
        (carol, _), (dave, _) = a_bidder(session, sealed.sale), a_bidder(session, sealed.sale)
    clock.move_to(opening(sealed.sale))
    for who, amount in ((carol, "500000.00"), (dave, "600000.00"), (dave, "1.00"), (carol, "650000.00")):
        clock.advance(minutes=1)
        with atomic() as session:
            bid(session, who, sealed.sale, amount)
    return sealed


@contextmanager
def refused(reason: StrEnum, kind: type[Refused] = Refused) -> Iterator[None]:
    with pytest.raises(kind) as found:
        yield
    assert found.value.reason is reason


def contribution(session: Session, sealed: SealedSale, officer: StandIn) -> dict[str, Any]:
    file = opening_file(session, officer.actor, sealed.auction_id)
    return ceremony.contribute(file, officer.private_key)


def contribute(sealed: SealedSale, officer: StandIn) -> None:
    with atomic() as session:
        officer.contribute(session, sealed.auction_id)


def closed(sealed: SealedSale, clock: FixedClock) -> None:
    clock.advance(days=1)
    with atomic() as session:
        close(session, sealed)


def auction(session: Session, sealed: SealedSale) -> Auction:
    return session.get_one(Auction, sealed.auction_id, populate_existing=True)


def all_hold(session: Session) -> None:
    assert [problem for _, question in invariants.CHECKS for problem in question(session)] == []
