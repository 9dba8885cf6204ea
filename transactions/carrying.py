"""From a completed deal, or an auction that ended without one, to the facts that are published of it."""

from collections import Counter
from datetime import date, datetime
from statistics import median_low
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auctions.models import Auction, JournalEntry
from auctions.rules import Action
from marketplace.clock import LOCAL_ZONE
from marketplace.deals.models import Deal
from marketplace.deals.rules import SET_OFF, DealSource
from marketplace.listings.models import Lot
from marketplace.money import parse_minor
from marketplace.rights.rules import PATENTS
from transactions.rules import publishing
from transactions.rules.facts import SaleFacts
from transactions.rules.words import Channel, ProofGrade, SaleOutcome, asset_type_of

_CLASSES_LIMIT = 20
_COURT_PACK = "cn-court"


_CHANNELS = {
    DealSource.OFFER: Channel.BROKERED_OFFER,
    DealSource.TAKING: Channel.CREDITOR_TAKING,
    DealSource.CONVERSION: Channel.AGREED_CONVERSION,
}
_PRICE_BASES = {
    DealSource.OFFER: "agreed price",
    DealSource.TAKING: "reserve of the failed auction",
    DealSource.CONVERSION: "price agreed by creditor and pledgor",
}
_PAID: dict[str, Any] = {"evidence": "Paid in full through this marketplace; title transfer recorded."}
# The creditor is its own buyer: no market found this price, so it may not value anything else.
_TO_CREDITOR: dict[str, Any] = {
    "arms_length": False,
    "usable": False,
    "exclusion_reason": "The creditor itself took the right; its claim was set off against the price.",
    "evidence": "Set off against the creditor's claim on this marketplace; title transfer recorded.",
}


def channel_of(auction_format: str) -> Channel:
    """The channel of an auction format of this marketplace."""
    return Channel(f"auction_{auction_format}")


def facts_of_deal(session: Session, deal: Deal, marketplace: str) -> SaleFacts:
    """What is published of a completed deal."""
    auction = session.get(Auction, deal.source_id) if deal.source is DealSource.AUCTION else None
    channel = channel_of(auction.auction_format) if auction else _CHANNELS[deal.source]
    day, precision = publishing.published_date(channel, _day(deal.agreed_at))
    return SaleFacts(
        source_marketplace=marketplace,
        source_kind="deal",
        source_id=str(deal.id),
        outcome=SaleOutcome.SOLD,
        channel=channel,
        currency=deal.currency,
        sold_on=day,
        date_precision=precision,
        proof_grade=publishing.proof_of_settlement(deal.lot.rule_pack),
        price_minor=deal.price_minor,
        price_basis="hammer price" if auction else _PRICE_BASES[deal.source],
        seller_kind=deal.seller.kind.value,
        **(_TO_CREDITOR if deal.source in SET_OFF else _PAID),
        **facts_of_lot(deal.lot, _day(deal.agreed_at)),
        **(_of_auction(session, auction, channel, deal.price_minor) if auction else _of_offer(deal.lot)),
    )


def facts_of_auction(session: Session, auction: Auction, marketplace: str) -> SaleFacts:
    """What is published of an auction that ended without a sale.

    Raises:
        ValueError: for one that is still open or was sold.
    """
    outcome = publishing.outcome_of_auction(auction.outcome)
    if outcome is None:
        raise ValueError(f"an auction that is {auction.outcome} is not published by itself")
    channel = channel_of(auction.auction_format)
    ended = auction.closed_at or auction.last_event_at or auction.opens_at
    day, precision = publishing.published_date(channel, _day(ended))
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
        seller_kind=auction.lot.institution.kind.value,
        evidence="Journal of the auction on this marketplace.",
        **facts_of_lot(auction.lot, day),
        **_of_auction(session, auction, channel, _best_open_bid(session, auction)),
    )


def _day(moment: datetime) -> date:
    """The calendar day where the sale takes place."""
    return moment.astimezone(LOCAL_ZONE).date()


def facts_of_lot(lot: Lot, day: date) -> dict[str, Any]:
    """What is published of the lot itself: its rights, as they stand on that day."""
    fields = [right.technology_field for right in lot.rights if right.technology_field]
    lives = [publishing.whole_months(day, right.expires_on) for right in lot.rights if right.expires_on]
    filed = [right.filed_on for right in lot.rights if right.filed_on]
    classes = dict.fromkeys(right.classes[0] for right in lot.rights if right.classes)
    return {
        "title": lot.title,
        "asset_type": asset_type_of([right.right_type for right in lot.rights]),
        "number_of_rights": sum(right.registrations for right in lot.rights) or None,
        "technology_field": _most_common(fields),
        "technology_fields": tuple(sorted(set(fields))),
        "classes": tuple(classes)[:_CLASSES_LIMIT],
        "country": _country(lot),
        "filed_on": min(filed, default=None),
        "remaining_life_months": median_low(lives) if lives else None,
        "rule_pack": lot.rule_pack,
        "rule_pack_version": lot.rule_pack_version,
        "forced": lot.default_case_id is not None or lot.rule_pack == _COURT_PACK,
        "reference_price_basis": lot.reference_price_basis.value if lot.reference_price_basis else "",
    }


def _most_common(fields: list[int]) -> int | None:
    counts = Counter(fields)
    return min(counts, key=lambda field: (-counts[field], field), default=None)


def _country(lot: Lot) -> str:
    """Of a patent the office's code before its number; other registers write none: that of the seller."""
    right = lot.rights[0] if lot.rights else None
    code = right.number[:2] if right and right.right_type in PATENTS else ""
    return code if code.isascii() and code.isalpha() else lot.institution.country


def _of_offer(lot: Lot) -> dict[str, Any]:
    return {"reference_price_minor": lot.reference_price_minor}


def _of_auction(session: Session, auction: Auction, channel: Channel, best: int | None) -> dict[str, Any]:
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


def _best_open_bid(session: Session, auction: Auction) -> int | None:
    """The highest bid that was shown; hidden maxima are other actions and are left alone."""
    return session.scalar(
        select(func.max(JournalEntry.amount_minor)).where(
            JournalEntry.auction_id == auction.id,
            JournalEntry.decision == "accepted",
            JournalEntry.action == Action.BID,
        )
    )
