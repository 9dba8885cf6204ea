"""Builders for the shared record: sales as facts, deals and auctions that are due to be carried across."""

import uuid
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from builders import a_lot, an_institution
from sqlalchemy.orm import Session

from auctions.models import Auction, JournalEntry, Registration
from auctions.rules import Action, Outcome
from marketplace import clock
from marketplace.access import InstitutionKind
from marketplace.deals.models import Deal
from marketplace.deals.rules import DealSource, DealStatus
from marketplace.listings.models import Lot
from marketplace.parties.models import Institution
from transactions.rules.facts import SaleFacts
from transactions.rules.words import AssetType, Channel, DatePrecision, ProofGrade, SaleOutcome

_SALE = SaleFacts(
    source_marketplace="elsewhere",
    source_kind="import",
    source_id="1",
    outcome=SaleOutcome.SOLD,
    asset_type=AssetType.INVENTION,
    title="A pump",
    channel=Channel.AUCTION_ENGLISH,
    currency="CNY",
    sold_on=date(2025, 6, 1),
    date_precision=DatePrecision.DAY,
    proof_grade=ProofGrade.B,
    number_of_rights=1,
    technology_field=1,
    technology_fields=(1,),
    remaining_life_months=140,
    price_minor=100_000_00,
)


def a_sale_of(source_id: object, **changes: Any) -> SaleFacts:
    """A sold invention of 2025 at 100,000.00 CNY."""
    return replace(_SALE, source_id=str(source_id), **changes)


def a_completed_deal(
    session: Session,
    *,
    auction: Auction | None = None,
    price_minor: int = 13_000_000,
    buyer: Institution | None = None,
    lot: Lot | None = None,
) -> Deal:
    """A deal whose money is released and whose title has moved; from an offer unless an auction is given."""
    if lot is None:
        lot = auction.lot if auction else a_lot(session, an_institution(session, InstitutionKind.BANK))
    buyer = buyer or an_institution(session, InstitutionKind.BUYER)
    deal = Deal(
        lot=lot,
        source=DealSource.AUCTION if auction else DealSource.OFFER,
        source_id=auction.id if auction else uuid.uuid4(),
        seller_id=lot.institution_id,
        buyer_id=buyer.id,
        price_minor=price_minor,
        currency=lot.currency,
        status=DealStatus.COMPLETED,
        agreed_at=clock.now() - timedelta(days=20),
        pay_by=clock.now(),
        completed_at=clock.now(),
    )
    session.add(deal)
    session.flush()
    return deal


def an_ended_auction(
    session: Session,
    *,
    outcome: Outcome = Outcome.UNSOLD,
    auction_format: str = "english",
    bids: tuple[int, ...] = (10_000_000, 11_000_000),
    maximum: int | None = 11_900_000,
    lot: Lot | None = None,
) -> Auction:
    """An auction in which each amount was bid by another institution, the last with a hidden maximum too."""
    lot = lot or a_lot(session, an_institution(session, InstitutionKind.BANK))
    auction = Auction(
        lot=lot,
        institution_id=lot.institution_id,
        auction_format=auction_format,
        rule_pack=lot.rule_pack,
        rule_pack_version=lot.rule_pack_version,
        currency=lot.currency,
        terms={
            "start_price": "100000.00",
            "reserve_price": "120000.00",
            "reference_price": "150000.00",
            "deposit": "10000.00",
        },
        outcome=outcome,
        opens_at=clock.now() - timedelta(days=2),
        opened_at=clock.now() - timedelta(days=2),
        closes_at=clock.now() - timedelta(days=1),
        closed_at=clock.now() - timedelta(days=1),
        scheduled_at=clock.now() - timedelta(days=9),
        bid_count=len(bids),
    )
    session.add(auction)
    session.flush()
    _journal(session, auction, bids, maximum)
    return auction


def _journal(session: Session, auction: Auction, bids: tuple[int, ...], maximum: int | None) -> None:
    sequence = 0
    for number, amount in enumerate(bids, start=1):
        bidder = Registration(
            auction_id=auction.id,
            institution_id=an_institution(session, InstitutionKind.BUYER).id,
            alias=f"B{number}",
            registered_at=clock.now(),
        )
        session.add(bidder)
        session.flush()
        acts = [(Action.BID, amount, "accepted"), (Action.BID, amount * 9, "refused:closed")]
        if maximum and number == len(bids):
            acts.append((Action.PROXY, maximum, "accepted"))
        for action, minor, decision in acts:
            sequence += 1
            session.add(
                JournalEntry(
                    auction_id=auction.id,
                    sequence=sequence,
                    at=clock.now(),
                    action=action,
                    registration_id=bidder.id,
                    amount_minor=minor,
                    decision=decision,
                    previous_hash="",
                    hash="",
                    receipt="",
                )
            )
    session.flush()
