"""From a deal that has ended to the facts that are published of it."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from auctions.models import Auction
from marketplace.deals.models import Deal, Offer
from marketplace.deals.rules import SET_OFF, DealSource
from marketplace.deals.windows.models import OffersWindow
from payments.models import Settlement
from payments.rules import PayoutKind
from payments.waterfall import Step
from transactions.carrying.attempts import facts_of_bidding, facts_of_offers
from transactions.carrying.earlier import previous_of
from transactions.carrying.lots import channel_of, day_of, facts_of_lot
from transactions.carrying.rates import rate_facts
from transactions.carrying.sides import belong_together, seller_facts
from transactions.rules import publishing
from transactions.rules.facts import SaleFacts
from transactions.rules.words import Channel, PaymentTerms, SaleOutcome

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
_PAID: dict[str, Any] = {
    "evidence": "Paid in full through this marketplace; title transfer recorded.",
    "payment_terms": PaymentTerms.LUMP_SUM,
}
# The creditor is its own buyer: no market found this price, so it may not value anything else.
_TO_CREDITOR: dict[str, Any] = {
    "arms_length": False,
    "usable": False,
    "exclusion_reason": "The creditor itself took the right; its claim was set off against the price.",
    "evidence": "Set off against the creditor's claim on this marketplace; title transfer recorded.",
    "payment_terms": PaymentTerms.SET_OFF,
}
_UNDONE: dict[str, Any] = {
    "usable": False,
    "exclusion_reason": "The sale was undone before its price was distributed.",
    "evidence": "Paid in full through this marketplace; the price went back to the buyer.",
    "payment_terms": PaymentTerms.LUMP_SUM,
}
_RELATED: dict[str, Any] = {
    "related_party": True,
    "arms_length": False,
    "usable": False,
    "exclusion_reason": "Seller and buyer belong together.",
}


def facts_of_deal(session: Session, deal: Deal, marketplace: str) -> SaleFacts:
    """What is published of a deal that is completed, or was undone after it had been paid."""
    window = _window_of(session, deal)
    auction = session.get(Auction, deal.source_id) if deal.source is DealSource.AUCTION else None
    channel = _channel(deal, auction, window)
    agreed = day_of(deal.agreed_at)
    day, precision = publishing.published_date(channel, agreed)
    return SaleFacts(
        source_marketplace=marketplace,
        source_kind="deal",
        source_id=str(deal.id),
        outcome=publishing.outcome_of_deal(deal.status),
        channel=channel,
        currency=deal.currency,
        sold_on=day,
        date_precision=precision,
        proof_grade=publishing.proof_of_settlement(deal.lot.rule_pack),
        price_minor=deal.price_minor,
        buyer_premium_minor=_premium(session, deal),
        price_basis="hammer price" if auction else _PRICE_BASES[deal.source],
        previous=previous_of(session, deal.lot_id),
        **_standing(session, deal),
        **seller_facts(deal.seller),
        **facts_of_lot(deal.lot, agreed),
        **rate_facts(session, deal.currency, day),
        **_offered(session, deal, auction, window),
    )


def _window_of(session: Session, deal: Deal) -> OffersWindow | None:
    if deal.source is not DealSource.OFFER:
        return None
    statement = select(OffersWindow).join(Offer, Offer.window_id == OffersWindow.id)
    return session.scalars(statement.where(Offer.id == deal.source_id)).first()


def _channel(deal: Deal, auction: Auction | None, window: OffersWindow | None) -> Channel:
    if auction is not None:
        return channel_of(auction.auction_format)
    return Channel.OFFERS_WINDOW if window is not None else _CHANNELS[deal.source]


def _standing(session: Session, deal: Deal) -> dict[str, Any]:
    """Whether the price may serve as a comparable, and what proves it."""
    if deal.source in SET_OFF:
        return _TO_CREDITOR
    undone = publishing.outcome_of_deal(deal.status) is SaleOutcome.REVERSED
    related = _RELATED if belong_together(session, deal.seller, deal.buyer) else {}
    return (_PAID | related) if not undone else (related | _UNDONE)


def _premium(session: Session, deal: Deal) -> int | None:
    """What the buyer paid on top as commission; None where the deal was never settled here."""
    settlement = session.scalars(
        select(Settlement).where(Settlement.deal_id == deal.id, Settlement.kind == PayoutKind.SETTLEMENT)
    ).one_or_none()
    if settlement is None:
        return None
    return sum(int(line["paid"]) for line in settlement.lines if line["step"] == Step.BUYER_COMMISSION)


def _offered(
    session: Session, deal: Deal, auction: Auction | None, window: OffersWindow | None
) -> dict[str, Any]:
    if auction is not None:
        channel = channel_of(auction.auction_format)
        return facts_of_bidding(session, auction, channel, deal.price_minor)
    reference = {"reference_price_minor": deal.lot.reference_price_minor}
    return reference | (facts_of_offers(session, window) if window is not None else {})
