"""A sealed sale with its two custodians: the bank, and the operator of the marketplace."""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from builders import a_lot, an_actor, an_institution
from sqlalchemy.orm import Session

from auctions import service
from auctions.sealing.models import Custody, OpenedBid
from auctions.sealing.queries import custody_of, opened_bids
from auctions.stand_ins import StandIn, appoint_officer
from marketplace import clock
from marketplace.access import InstitutionKind
from marketplace.parties.models import Institution

from .builders_of_auctions import Sale, tick


@dataclass(frozen=True)
class SealedSale:
    """A scheduled sale by sealed bids; each custodian has two officers with a key each."""

    sale: Sale
    bank: tuple[StandIn, StandIn]
    operator: tuple[StandIn, StandIn]

    @property
    def auction_id(self) -> uuid.UUID:
        return self.sale.auction.id


def a_sealed_sale(session: Session, pricing: str = "first", **lot_changes: Any) -> SealedSale:
    """Sealed bids under the open pack, from in an hour, for a day; start 100,000.00 CNY."""
    bank, operator = (
        an_institution(session, kind) for kind in (InstitutionKind.BANK, InstitutionKind.OPERATOR)
    )
    officers = two_officers(session, bank), two_officers(session, operator)
    changes: dict[str, Any] = {
        "rule_pack": "open",
        "reserve_minor": None,
        "deposit_minor": None,
        "increment_minor": None,
        "auction_format": "sealed",
        "options": {"pricing": pricing},
        "published_at": clock.now() - timedelta(days=40),
    }
    lot, opens_at = a_lot(session, bank, **(changes | lot_changes)), clock.now() + timedelta(hours=1)
    seller = an_actor(session, InstitutionKind.BANK, institution=bank)
    auction = service.schedule(session, seller, lot.id, opens_at, opens_at + timedelta(days=1))
    operators = an_actor(session, InstitutionKind.OPERATOR, institution=operator)
    return SealedSale(Sale(auction, lot, seller, operators), *officers)


def two_officers(session: Session, institution: Institution) -> tuple[StandIn, StandIn]:
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
