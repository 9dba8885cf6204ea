"""Attempts that ended without a sale: auctions, windows for offers; and what an auction says of its bids."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auctions.combination.rules import Way
from auctions.models import Auction, Combination, JournalEntry
from auctions.rules import Action
from auctions.rules import Outcome as AuctionOutcome
from marketplace.deals.models import Offer
from marketplace.deals.windows.models import OffersWindow
from marketplace.money import parse_minor
from transactions.carrying.due import unpaid
from transactions.carrying.earlier import previous_of
from transactions.carrying.lots import channel_of, day_of, facts_of_lot
from transactions.carrying.rates import rate_facts
from transactions.carrying.sides import seller_facts
from transactions.rules import publishing
from transactions.rules.facts import SaleFacts
from transactions.rules.words import Channel, ProofGrade, SaleOutcome

# One side of a combination gave way although somebody had bid for it: that says nothing about its value.
_GAVE_WAY: dict[str, Any] = {
    "usable": False,
    "exclusion_reason": "The same rights were sold another way: together, or apart.",
}


def facts_of_auction(session: Session, auction: Auction, marketplace: str) -> SaleFacts:
    """What is published of an auction that ended without a sale, or whose winner did not pay.

    Raises:
        ValueError: for one that is still open, or whose sale stands.
    """
    outcome = publishing.outcome_of_auction(auction.outcome, unpaid=unpaid(session, auction))
    if outcome is None:
        raise ValueError(f"an auction that is {auction.outcome} is not published by itself")
    channel = channel_of(auction.auction_format)
    ended = day_of(auction.closed_at or auction.last_event_at or auction.opens_at)
    day, precision = publishing.published_date(channel, ended)
    return SaleFacts(
        source_marketplace=marketplace,
        source_kind="auction",
        source_id=str(auction.id),
        outcome=outcome,
        channel=channel,
        currency=auction.currency,
        sold_on=day,
        date_precision=precision,
        proof_grade=ProofGrade.B,
        evidence="Journal of the auction on this marketplace.",
        previous=previous_of(session, auction.lot_id),
        **(_GAVE_WAY if _gave_way(session, auction) else {}),
        **seller_facts(auction.lot.institution),
        **facts_of_lot(auction.lot, ended),
        **rate_facts(session, auction.currency, day),
        **facts_of_bidding(session, auction, channel, _best_bid(session, auction)),
    )


def _gave_way(session: Session, auction: Auction) -> bool:
    if auction.combination_id is None or auction.outcome is not AuctionOutcome.UNSOLD:
        return False
    combination = session.get_one(Combination, auction.combination_id)
    whole = combination.whole_lot_id == auction.lot_id
    return combination.way is (Way.APART if whole else Way.TOGETHER)


def _best_bid(session: Session, auction: Auction) -> int | None:
    # The price at which the hammer fell is an open bid too where the bids were open.
    return auction.price_minor if auction.outcome is AuctionOutcome.SOLD else best_open_bid(session, auction)


def facts_of_bidding(
    session: Session, auction: Auction, channel: Channel, best: int | None
) -> dict[str, Any]:
    """The auction's own terms: the lot may have changed since for a later attempt. Never the reserve."""
    accepted = (JournalEntry.auction_id == auction.id, JournalEntry.decision == "accepted")
    bidders = session.scalar(
        select(func.count(func.distinct(JournalEntry.registration_id))).where(
            *accepted, JournalEntry.action.in_([Action.BID, Action.PROXY, Action.TAKE])
        )
    )
    bids = session.scalar(
        select(func.count()).where(*accepted, JournalEntry.action.in_([Action.BID, Action.TAKE]))
    )
    return {
        "attempt": auction.attempt,
        "reference_price_minor": _term(auction, "reference_price"),
        "start_price_minor": _term(auction, "start_price"),
        "deposit_minor": _term(auction, "deposit"),
        "bidders": bidders,
        "bids": bids,
        "top_bid_minor": publishing.published_top_bid(channel, best),
    }


def _term(auction: Auction, name: str) -> int | None:
    text = auction.terms.get(name)
    return None if text is None else parse_minor(str(text), auction.currency)


def best_open_bid(session: Session, auction: Auction) -> int | None:
    """The highest bid that was shown; hidden maxima are other actions and are left alone."""
    return session.scalar(
        select(func.max(JournalEntry.amount_minor)).where(
            JournalEntry.auction_id == auction.id,
            JournalEntry.decision == "accepted",
            JournalEntry.action == Action.BID,
        )
    )


def facts_of_window(session: Session, window: OffersWindow, marketplace: str) -> SaleFacts:
    """What is published of a window for offers that ended without a deal: how many offered, and no amount."""
    ended = day_of(window.closed_at or window.proposed_at)
    day, precision = publishing.published_date(Channel.OFFERS_WINDOW, ended)
    return SaleFacts(
        source_marketplace=marketplace,
        source_kind="window",
        source_id=str(window.id),
        outcome=SaleOutcome.UNSOLD,
        channel=Channel.OFFERS_WINDOW,
        currency=window.currency,
        sold_on=day,
        date_precision=precision,
        proof_grade=ProofGrade.B,
        evidence="Offers left on this marketplace.",
        previous=previous_of(session, window.lot_id),
        reference_price_minor=window.lot.reference_price_minor,
        **facts_of_offers(session, window),
        **seller_facts(window.lot.institution),
        **facts_of_lot(window.lot, ended),
        **rate_facts(session, window.currency, day),
    )


def facts_of_offers(session: Session, window: OffersWindow) -> dict[str, Any]:
    """The window's floor, and how many offered how often."""
    offers, buyers = session.execute(
        select(func.count(), func.count(func.distinct(Offer.buyer_id))).where(Offer.window_id == window.id)
    ).one()
    return {"start_price_minor": window.floor_minor, "bids": offers, "bidders": buyers}
