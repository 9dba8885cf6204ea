"""What of a deal or an auction may be published, when, how exactly, and how well it is proved."""

from datetime import date

from auctions.rules import Outcome as AuctionOutcome
from marketplace.deals.rules import DealStatus
from transactions.rules.words import COURT_SUPERVISED, Channel, DatePrecision, ProofGrade, SaleOutcome

_ENDED_DEALS = {
    DealStatus.COMPLETED: SaleOutcome.SOLD,
    DealStatus.RESCINDED: SaleOutcome.REVERSED,
}


def may_publish_deal(status: DealStatus) -> bool:
    """Whether a deal stands in the record.

    It is a trade once the money is released and the title has moved; one that was paid and undone is kept as
    reversed. One that was not paid is kept as its auction's failure, or as nothing where it was agreed.
    """
    return status in _ENDED_DEALS


def outcome_of_deal(status: DealStatus) -> SaleOutcome:
    """As what a deal is published; raises KeyError for one that is not."""
    return _ENDED_DEALS[status]


# A cancelled auction counts as an attempt withdrawn.
_ENDED_WITHOUT_SALE = {
    AuctionOutcome.UNSOLD: SaleOutcome.UNSOLD,
    AuctionOutcome.CANCELLED: SaleOutcome.WITHDRAWN,
}


def outcome_of_auction(outcome: AuctionOutcome, *, unpaid: bool = False) -> SaleOutcome | None:
    """As what an ended auction is published by itself; None where it is not.

    A sold one is published as its deal; unless nobody to whom the hammer fell has paid.
    """
    if outcome is AuctionOutcome.SOLD and unpaid:
        return SaleOutcome.REAUCTIONED
    return _ENDED_WITHOUT_SALE.get(outcome)


# In these the bids were open while they were made, so the best one is no secret afterwards.
_OPEN_BIDS = frozenset({Channel.AUCTION_ENGLISH, Channel.AUCTION_ENGLISH_ROUNDS, Channel.AUCTION_SALE_OFF})


def published_top_bid(channel: Channel, top_bid_minor: int | None) -> int | None:
    """The best bid as far as it was open: a sealed bid that did not win stays sealed."""
    return top_bid_minor if channel in _OPEN_BIDS else None


_AGREED = frozenset({Channel.BROKERED_OFFER, Channel.OFFERS_WINDOW, Channel.AGREED_CONVERSION})


def published_date(channel: Channel, day: date) -> tuple[date, DatePrecision]:
    """The date as exact as it may be told: the month alone for a price agreed in private.

    Transfers are recorded publicly with names and day: with the day, a price could be joined to the names.
    """
    if channel in _AGREED:
        return day.replace(day=1), DatePrecision.MONTH
    return day, DatePrecision.DAY


def proof_of_settlement(rule_pack: str) -> ProofGrade:
    """The grade of a deal that this marketplace settled: a court's pack ends in the court's order."""
    return ProofGrade.A if rule_pack == "cn-court" else ProofGrade.B


def proof_of_report(channel: Channel, price_basis: str) -> ProofGrade:
    """The grade of a reported sale: C where a court or a securities filing can be asked, else D."""
    official = channel in COURT_SUPERVISED or "8-K" in price_basis
    return ProofGrade.C if official else ProofGrade.D


def whole_months(start: date, end: date) -> int:
    """Full months from start to end; 0 when end is not after start."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return max(0, months - (end.day < start.day))


def median_months(values: list[int]) -> int | None:
    """The lower median; None of nothing."""
    return sorted(values)[(len(values) - 1) // 2] if values else None
